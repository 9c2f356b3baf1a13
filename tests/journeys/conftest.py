"""A town that really runs: the server and the worker as processes, a database, a mail server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality, Role
from participation.foundation.orm import tune_engine
from tests.command_line import CommandLine
from tests.factories import PASSWORD, Make
from tests.journeys.hands import hands as hands  # noqa: PLC0414 - a fixture of all journeys.
from tests.servers.smtp import Mailbox, free_port

_START_SECONDS = 60
_MAIL_SECONDS = 40


class Served:
    """One installation of the platform with one municipality, served on loopback."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.mailbox = mailbox
        self.database_url = f"sqlite:///{folder / 'participation.sqlite'}"
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = {
            "PARTICIPATION_DATA_FOLDER": str(folder / "var"),
            "PARTICIPATION_DATABASE_URL": self.database_url,
            "PARTICIPATION_SECRET_KEY": "a key for tests only",
            "PARTICIPATION_BASE_ADDRESS": self.address,
            "PARTICIPATION_SMTP_URL": mailbox.url,
            "PARTICIPATION_ARGON2_MEMORY": "8",
            "PARTICIPATION_ARGON2_TIME": "1",
            "PARTICIPATION_SECOND_FACTOR": "waived",
        }

    def start(self) -> None:
        """Serve the site and do the background work."""
        command = [sys.executable, "-m", "participation", "serve", "--with-worker"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port", self.address.rpartition(":")[2]],
                env=os.environ | self.settings,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server and its worker."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)
        self._process = None

    def log(self) -> str:
        """Return what the server has said; a healthy one says nothing about errors."""
        return self._log.read_text() if self._log.exists() else ""

    @contextmanager
    def arranging(self) -> Iterator[tuple[Make, Municipality]]:
        """Give the factories and the municipality, and store what was made with them."""
        engine = sa.create_engine(self.database_url)
        tune_engine(engine)
        with Session(engine) as session:
            yield (
                Make(session, at=datetime.now(UTC)),
                session.scalars(sa.select(Municipality)).one(),
            )
            session.commit()
        engine.dispose()

    def count(self, *conditions: sa.ColumnElement[bool], of: type[Any]) -> int:
        """Return how many rows there are."""
        with self.arranging() as (make, _):
            found = sa.select(sa.func.count()).select_from(of).where(*conditions)
            return make.session.scalar(found) or 0

    def sign_in(self, page: Page, *roles: Role, name: str) -> None:
        """Sign somebody in who has had these roles for a while."""
        email = f"{uuid.uuid4().hex}@lindenow.example"
        with self.arranging() as (make, municipality):
            make.member(*roles, municipality=municipality, name=name, email=email)
        page.goto(self.address + "/konto/anmelden")
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("link", name="Beteiligungen").first).to_be_visible()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/impressum", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


class Town(Served):
    """A town that its operator sets up from nothing, and whose people join it by mail."""

    def __init__(self, folder: Path, mailbox: Mailbox, command: CommandLine) -> None:
        super().__init__(folder, mailbox)
        self._command = command

    def run(self, *arguments: str) -> str:
        """Run a command as the operator would and return what it printed."""
        ran = self._command(*arguments)
        assert ran.code == 0, ran.out + ran.err
        return ran.out

    def mail_to(self, address: str, about: str) -> EmailMessage:
        """Wait for a mail to an address whose subject has the words, and return it."""
        deadline = time.monotonic() + _MAIL_SECONDS
        while time.monotonic() < deadline:
            for message in self.mailbox.to(address):
                if about in message["Subject"]:
                    return message
            time.sleep(0.2)
        subjects = [message["Subject"] for message in self.mailbox.to(address)]
        raise AssertionError(f"no mail about “{about}” to {address}, only {subjects}")

    def link_in(self, message: EmailMessage) -> str:
        """Return the first address in a mail, which must lead to this site."""
        text = message.get_content()
        found = re.search(r"http://\S+", text)
        assert found, text
        assert found.group().startswith(self.address), text
        return found.group()

    def join(self, page: Page, email: str, name: str, *roles: str) -> None:
        """Invite somebody to roles; in their browser they take them up and set up their phone."""
        for number, role in enumerate(roles):
            self.run("invite", email, "--role", role, "--municipality", "lindenow")
            mail = self.mail_to(email, "")
            page.goto(self.link_in(mail))
            self.mailbox.clear()
            if number == 0:
                page.get_by_label("Ihr Name").fill(name)
                page.get_by_label("Passwort", exact=True).fill(PASSWORD)
                page.get_by_role("button", name="Konto anlegen").click()
            else:
                page.get_by_role("button", name="Rolle übernehmen").click()
            if page.get_by_role("heading", name="Zweiter Faktor").count():
                secret = page.locator(".bt-receipt").inner_text().replace(" ", "")
                page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
                page.get_by_role("button", name="Einrichten").click()


@pytest.fixture
def town(
    tmp_path: Path,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Town]:
    """Lindenow, set up by the operator, served, and shut down afterwards."""
    url = f"sqlite:///{tmp_path / 'participation.sqlite'}"
    command = CommandLine(monkeypatch, capsys, url, tmp_path / "var")
    town = Town(tmp_path, mailbox, command)
    for name, value in town.settings.items():
        monkeypatch.setenv(name, value)
    town.run("migrate")
    town.run("municipality", "create", "--slug", "lindenow", "--name", "Lindenow", "--kind", "town")
    town.start()
    yield town
    town.stop()
    command.close()
    assert "Traceback" not in town.log(), town.log()


@pytest.fixture(scope="session")
def lindenow_served(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, smtp_server: Mailbox
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("lindenow")
    shutil.copy(sqlite_template, folder / "participation.sqlite")
    lindenow = Served(folder, smtp_server)
    engine = sa.create_engine(lindenow.database_url)
    tune_engine(engine)
    with Session(engine) as session:
        Make(session, at=datetime.now(UTC)).municipality()
        session.commit()
    engine.dispose()
    lindenow.start()
    yield lindenow
    lindenow.stop()


@pytest.fixture
def lindenow(lindenow_served: Served, mailbox: Mailbox) -> Iterator[Served]:
    """Lindenow on an ordinary day. Journeys go through it one after the other, and each brings
    what it looks at: to set a town up and to start it takes longer than to go through it."""
    yield lindenow_served
    assert "Traceback" not in lindenow_served.log(), lindenow_served.log()
