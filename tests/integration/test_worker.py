"""The worker as a process: killed in the middle, beside another, with and without a mail server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality, Role
from participation.accounts.operations import invite
from participation.foundation.orm import tune_engine
from participation.jobs.models import Job, JobState
from participation.notifications.models import OutboxMessage
from tests.factories import Make
from tests.servers.smtp import Mailbox, free_port

KEY = "a key for tests only"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.timeout(400)


class SlowMailServer:
    """Takes mails, but does not say so while it is `holding`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.holding = False
        self.asked = 0
        self.accepted: list[Any] = []

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:
        self.asked += 1
        content = envelope.original_content or b""
        self.accepted.append(message_from_bytes(content, policy=policy.default))
        while self.holding:
            await asyncio.sleep(0.05)
        return "250 Message accepted"


@pytest.fixture
def slow_server() -> Iterator[SlowMailServer]:
    server = SlowMailServer()
    controller: Any = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    server.holding = False
    controller.stop()


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    yield from opened(database_url)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    yield from opened(sqlite_url)


def opened(url: str) -> Iterator[Engine]:
    engine = sa.create_engine(url)
    tune_engine(engine)
    yield engine
    engine.dispose()


class Workers:
    """Starts workers on one database and ends those that are left."""

    def __init__(self, url: str, folder: Path, smtp_url: str) -> None:
        self.folder = folder / "var"
        self._log = folder / "worker.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment = os.environ | {
            "PARTICIPATION_DATABASE_URL": url,
            "PARTICIPATION_DATA_FOLDER": str(self.folder),
            "PARTICIPATION_SECRET_KEY": KEY,
            "PARTICIPATION_SMTP_URL": smtp_url,
            "PARTICIPATION_BASE_ADDRESS": "https://mitmachen.example.de",
        }

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "participation", *(command or ("worker",))],
                env=self._environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self._processes.append(process)
        return process

    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert "Traceback" not in self._log.read_text(), self._log.read_text()


@contextmanager
def workers(url: str, folder: Path, smtp_url: str = "") -> Iterator[Workers]:
    started = Workers(url, folder, smtp_url)
    try:
        yield started
    finally:
        started.stop()


def wait_until(happened: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def invite_people(engine: Engine, count: int) -> None:
    with Session(engine) as session:
        town = session.scalars(sa.select(Municipality)).first()
        town = town or Make(session, at=LONG_AGO).municipality()
        for number in range(count):
            invite(
                session,
                municipality=town,
                email=f"person{number}@example.org",
                role=Role.MODERATOR,
                key=KEY.encode(),
                actor=None,
                at=LONG_AGO,
            )
        session.commit()


def sent(engine: Engine) -> int:
    with Session(engine) as session:
        found = sa.select(sa.func.count()).where(OutboxMessage.sent_at.is_not(None))
        return session.scalar(found) or 0


def is_leased(engine: Engine) -> bool:
    with Session(engine) as session:
        return session.scalar(sa.select(Job.id).where(Job.state == JobState.RUNNING)) is not None


def let_the_lease_end(engine: Engine) -> None:
    """Instead of waiting a minute."""
    with Session(engine) as session:
        running = Job.state == JobState.RUNNING
        session.execute(sa.update(Job).where(running).values(leased_until=LONG_AGO))
        session.commit()


def test_a_mail_whose_worker_was_killed_is_sent_by_the_next(
    database_url: str, database: Engine, slow_server: SlowMailServer, tmp_path: Path
):
    invite_people(database, 1)
    slow_server.holding = True
    with workers(database_url, tmp_path, f"smtp://127.0.0.1:{slow_server.port}") as started:
        victim = started.start()
        wait_until(lambda: slow_server.asked == 1, "the worker sends")
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert is_leased(database)
        assert sent(database) == 0
        slow_server.holding = False
        let_the_lease_end(database)
        started.start()
        wait_until(lambda: sent(database) == 1, "the next worker sends")
        time.sleep(2)
    # The server had the mail when the worker died, so it comes twice; whoever reads it sees it
    # once, because both say that they are the same.
    assert slow_server.asked == 2
    assert len({mail["Message-ID"] for mail in slow_server.accepted}) == 1
    assert len({mail.get_content() for mail in slow_server.accepted}) == 1
    assert not is_leased(database)


def test_killing_a_worker_among_its_mails_loses_none(
    database_url: str, database: Engine, mailbox: Mailbox, tmp_path: Path
):
    invite_people(database, 15)
    with workers(database_url, tmp_path, mailbox.url) as started:
        victim = started.start()
        wait_until(lambda: sent(database) > 2, "some mails are sent")
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        let_the_lease_end(database)
        started.start()
        wait_until(lambda: sent(database) == 15, "the next worker sends the rest")
    addresses = Counter(mail["To"] for mail in mailbox.messages)
    assert len(addresses) == 15
    # At most the mail that was on its way comes again, and says that it is the same.
    assert len(mailbox.messages) <= 15 + 1
    assert len({mail["Message-ID"] for mail in mailbox.messages}) == 15


def test_two_workers_send_each_mail_once(
    database_url: str, database: Engine, mailbox: Mailbox, tmp_path: Path
):
    invite_people(database, 30)
    with workers(database_url, tmp_path, mailbox.url) as started:
        for _number in range(2):
            started.start()
        wait_until(lambda: sent(database) == 30, "all mails are sent")
    addresses = Counter(mail["To"] for mail in mailbox.messages)
    assert len(addresses) == 30
    assert set(addresses.values()) == {1}
    with Session(database) as session:
        attempts = session.scalars(sa.select(Job.attempts).where(Job.kind == "send_mail")).all()
    assert set(attempts) == {1}


def test_a_mail_that_a_server_refuses_for_now_is_tried_again(
    sqlite_url: str, sqlite: Engine, mailbox: Mailbox, tmp_path: Path
):
    invite_people(sqlite, 1)
    mailbox.refusing = True

    def attempt() -> Any:
        with Session(sqlite) as session:
            return session.execute(
                sa.select(Job.attempts, Job.failure).where(Job.kind == "send_mail")
            ).one()

    with workers(sqlite_url, tmp_path, mailbox.url) as started:
        started.start()
        wait_until(lambda: attempt().failure is not None, "the server refuses")
        assert attempt() == (1, "SMTPDataError")
        mailbox.refusing = False
        with Session(sqlite) as session:
            session.execute(sa.update(Job).values(due_at=LONG_AGO))
            session.commit()
        wait_until(lambda: sent(sqlite) == 1, "the worker tries again")
    assert len(mailbox.messages) == 1


def test_without_a_mail_server_mails_are_kept_as_files(
    sqlite_url: str, sqlite: Engine, tmp_path: Path
):
    invite_people(sqlite, 2)
    with workers(sqlite_url, tmp_path) as started:
        started.start()
        wait_until(lambda: sent(sqlite) == 2, "the mails are written")
        folder = started.folder / "mail"
    files = sorted(folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    mail = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert mail["To"] == "person0@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert "https://mitmachen.example.de/konto/einladung/" in mail.get_content()


def test_a_worker_ends_when_it_is_asked_to(sqlite_url: str, tmp_path: Path):
    with workers(sqlite_url, tmp_path) as started:
        process = started.start()
        time.sleep(3)
        process.terminate()
        assert process.wait(timeout=20) in {0, -signal.SIGTERM}


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of the worker processes that a server has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server.pid and b"worker" in words:
                found.append(int(folder.name))
    return found


def test_a_site_whose_worker_dies_says_so_and_begins_another(
    sqlite_url: str, sqlite: Engine, tmp_path: Path
):
    with workers(sqlite_url, tmp_path) as started:
        server = started.start("serve", "--with-worker", "--port", str(free_port()))
        wait_until(lambda: bool(workers_of(server)), "the first worker begins")
        first = workers_of(server)
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: workers_of(server) not in ([], first), "another worker begins")
        invite_people(sqlite, 1)
        wait_until(lambda: sent(sqlite) == 1, "the other worker sends the mail")
        assert started.log().count("the worker has ended; another one begins in 1 s") == 1
        second = workers_of(server)
        # As Ctrl+C does, which reaches everything that the terminal has begun.
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=30)
    assert not Path(f"/proc/{second[0]}").exists()
    assert started.log().count("the worker has ended") == 1


def test_the_worker_ends_with_its_site_and_not_before(sqlite_url: str, tmp_path: Path):
    with workers(sqlite_url, tmp_path) as started:
        port = free_port()
        server = started.start("serve", "--with-worker", "--port", str(port))
        wait_until(lambda: answers(port), "the site is served")
        (worker,) = workers_of(server)
        server.terminate()
        server.wait(timeout=60)
    assert not Path(f"/proc/{worker}").exists()
    assert "the worker has ended" not in started.log()


def answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
