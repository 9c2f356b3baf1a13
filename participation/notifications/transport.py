"""How a mail leaves: through a mail server, or into a folder where none is set."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit


class Transport(Protocol):
    """Takes a whole message and does not return before it is handed over."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over; raises OSError or SMTPException."""


class MailFolder:
    """Keeps mails as `.eml` files, named by their Message-ID, so that twice is once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message beside its final name, then move it there in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        unfinished = self._folder / f".{name}.part"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")


class MailServer:
    """Sends through SMTP. `smtps://` is encrypted from the start, `smtp://` when offered."""

    def __init__(self, url: str, *, timeout: float = 20) -> None:
        self._parts = urlsplit(url)
        self._timeout = timeout

    def send(self, message: EmailMessage) -> None:
        """Send one message to the one address that it names."""
        host = self._parts.hostname or "localhost"
        with self._connect(host) as server:
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
            server.send_message(message)

    def _connect(self, host: str) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._parts.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, self._parts.port or 465, timeout=self._timeout, context=context
            )
        server = smtplib.SMTP(host, self._parts.port or 587, timeout=self._timeout)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif self._parts.username:
            server.close()
            raise smtplib.SMTPException("the mail server would take the password unencrypted")
        return server
