"""How people sign in, and what they find in forms and mails."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tests.site import Site

NEW_PASSWORD = "ein ganz neues Passwort"


def sign_in(
    browser: FlaskClient, email: str, password: str = PASSWORD, **more: str
) -> TestResponse:
    return browser.post("/konto/anmelden", data={"email": email, "password": password} | more)


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/konto/").status_code == 200


def mails(site: Site) -> list[EmailMessage]:
    """Return the mails that the worker has put into the folder, the oldest first."""
    site.work()
    folder = site.app.extensions["settings"].mail_folder
    files = sorted(folder.glob("*.eml"), key=lambda file: int(file.name.split("-")[1]))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"http://localhost(/\S+)", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def fields_of(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page's last form."""
    form = page.text.rpartition("<form")[2]
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    pairs = {}
    for tag in found:
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        assert name
        pairs[unescape(name.group(1))] = unescape(value.group(1)) if value else ""
    return pairs
