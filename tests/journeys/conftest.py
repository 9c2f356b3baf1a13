"""A town that really runs: the server and the worker as processes, a database, a mail server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import Page

if TYPE_CHECKING:
    # Imported before pytest loads it as a plugin, its asserts could not be explained.
    from tests.servers.smtp import Mailbox

PASSWORD = "ein langes Passwort für alle"
_START_SECONDS = 60
_MAIL_SECONDS = 40


class Town:
    """One installation of the platform with one municipality, served on loopback."""

    def __init__(self, folder: Path, mailbox: Mailbox, port: int, database_url: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.mailbox = mailbox
        self._port = port
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | {
            "PARTICIPATION_DATA_FOLDER": str(folder / "var"),
            "PARTICIPATION_DATABASE_URL": database_url,
            "PARTICIPATION_BASE_ADDRESS": self.address,
            "PARTICIPATION_SMTP_URL": mailbox.url,
            "PARTICIPATION_ARGON2_MEMORY": "8",
            "PARTICIPATION_ARGON2_TIME": "1",
            "PARTICIPATION_SECOND_FACTOR": "waived",
        }

    def run(self, *arguments: str, refused: bool = False) -> str:
        """Run a command as the operator would and return what it printed."""
        finished = subprocess.run(
            [sys.executable, "-m", "participation", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (finished.returncode != 0) is refused, finished.stdout + finished.stderr
        return finished.stdout if not refused else finished.stderr

    def start(self) -> None:
        """Serve the site and do the background work."""
        command = [sys.executable, "-m", "participation", "serve", "--with-worker"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self._port)],
                env=self._environment,
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

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/impressum", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


@pytest.fixture
def town(tmp_path: Path, mailbox: Mailbox, free_port_number: int) -> Iterator[Town]:
    """Lindenow, set up by the operator, served, and shut down afterwards."""
    database = tmp_path / "participation.sqlite"
    town = Town(tmp_path, mailbox, free_port_number, f"sqlite:///{database}")
    town.run("migrate")
    town.run("municipality", "create", "--slug", "lindenow", "--name", "Lindenow", "--kind", "town")
    town.start()
    yield town
    town.stop()
    assert "Traceback" not in town.log(), town.log()


@pytest.fixture
def free_port_number() -> int:
    """A port on loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
