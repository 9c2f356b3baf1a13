"""A mail server on loopback that keeps what it is sent."""

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Everything that was delivered, oldest first.

    `refusing` makes the server say no for now; `answers` is what it says to single addresses.
    """

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.messages: list[EmailMessage] = []
        self.refusing = False
        self.answers: dict[str, str] = {}

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["X-Envelope-To"] == address]

    def clear(self) -> None:
        self.messages.clear()
        self.refusing = False
        self.answers.clear()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusing:
            return "451 4.3.0 Please try again later"
        content = envelope.original_content or b""
        message = email.message_from_bytes(content, policy=email.policy.SMTPUTF8)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 Message accepted"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    port = free_port()
    mailbox = Mailbox(port)
    controller: Any = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(smtp_server: Mailbox) -> Iterator[Mailbox]:
    """An empty mailbox; `mailbox.url` is what PARTICIPATION_SMTP_URL takes."""
    smtp_server.clear()
    yield smtp_server
    smtp_server.clear()
