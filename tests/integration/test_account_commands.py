"""Setting up towns and letting people in from the command line; checking the journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import (
    REQUIRED_TEXTS,
    Account,
    DutyText,
    Municipality,
    MunicipalityText,
    Role,
)
from participation.journal import triggers
from participation.notifications.models import OutboxMessage
from tests.command_line import CommandLine
from tests.factories import Make


@pytest.fixture
def command(
    database_url: str,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[CommandLine]:
    command = CommandLine(monkeypatch, capsys, database_url, tmp_path / "var", session)
    yield command
    command.close()


def create(command: CommandLine, *more: str) -> None:
    ran = command("municipality", "create", "--slug", "lindenow", "--name", "Lindenow", *more)
    assert ran.code == 0, ran


def test_a_town_is_set_up_with_texts_to_complete(command: CommandLine, session: Session):
    create(command, "--kind", "town", "--demo")
    town = session.scalars(sa.select(Municipality)).one()
    assert (town.slug, town.name, town.is_demo) == ("lindenow", "Lindenow", True)
    texts = session.scalars(sa.select(MunicipalityText)).all()
    assert {text.kind for text in texts} == set(REQUIRED_TEXTS)
    assert not any(text.completed for text in texts)
    assert "Stadt Lindenow" in next(t.source for t in texts if t.kind is DutyText.IMPRINT)
    listed = command("municipality", "list")
    assert "lindenow  Lindenow  (missing texts: imprint, privacy" in listed.out


def test_a_second_town_of_that_name_is_refused(command: CommandLine):
    create(command)
    ran = command("municipality", "create", "--slug", "lindenow", "--name", "Lindenow")
    assert "already" in ran.refusal


def test_an_invitation_is_mailed_and_its_link_printed(command: CommandLine, session: Session):
    create(command)
    ran = command("invite", "Neu@example.org", "--role", "analyst", "--municipality", "lindenow")
    assert ran.code == 0, ran
    message = session.scalars(sa.select(OutboxMessage)).one()
    assert message.address == "neu@example.org"
    link = ran.out.splitlines()[-1]
    assert link == f"http://localhost/konto/einladung/{message.payload['token']}"


def test_with_several_towns_the_link_leads_into_the_right_one(command: CommandLine):
    create(command)
    command("municipality", "create", "--slug", "anderswo", "--name", "Anderswo")
    ran = command("invite", "neu@example.org", "--role", "analyst", "--municipality", "anderswo")
    assert "http://localhost/anderswo/konto/einladung/" in ran.out


@pytest.mark.parametrize("address", ["", "nobody", "a@b\nc@d.org", "a b@example.org"])
def test_an_invitation_needs_an_address(command: CommandLine, address: str):
    create(command)
    ran = command("invite", address, "--role", "analyst", "--municipality", "lindenow")
    assert "address" in ran.refusal


def test_an_unknown_town_role_or_person_is_named(command: CommandLine):
    ran = command("invite", "a@example.org", "--role", "analyst", "--municipality", "nowhere")
    assert "municipality" in ran.refusal
    ran = command("invite", "a@example.org", "--role", "king", "--municipality", "nowhere")
    assert ran.code == 2
    assert "no account" in command("account", "suspend", "a@example.org").refusal


def test_somebody_is_suspended_and_let_in_again(command: CommandLine, session: Session, make: Make):
    person = make.member(Role.ANALYST, municipality=make.municipality(), email="a@example.org")
    suspended = sa.select(Account.suspended_at).where(Account.id == person.id)
    assert command("account", "suspend", "a@example.org").code == 0
    assert session.scalar(suspended) is not None
    assert command("account", "readmit", "a@example.org").code == 0
    assert session.scalar(suspended) is None


def test_a_lost_phone_is_forgotten(command: CommandLine, session: Session, make: Make):
    person = make.account(email="a@example.org")
    person.totp_salt, person.totp_since, person.totp_step = "x", make.at, 1
    assert command("account", "reset-second-factor", "a@example.org").code == 0
    since = sa.select(Account.totp_since).where(Account.id == person.id)
    assert session.scalar(since) is None


def test_a_whole_journal_is_confirmed_with_what_to_keep(command: CommandLine):
    assert command("check-journal").out == "The journal is empty.\n"
    create(command)
    ran = command("check-journal")
    assert ran.code == 0
    known = ran.out.splitlines()[-1]
    assert known.startswith("5:")
    command("invite", "a@example.org", "--role", "analyst", "--municipality", "lindenow")
    assert command("check-journal", "--known", known).code == 0
    for wrong in ("5:x", "99:x", "x", "-1:x"):
        assert "not the one" in command("check-journal", "--known", wrong).refusal


def test_a_broken_journal_is_named_by_its_first_broken_number(
    command: CommandLine, session: Session
):
    create(command)
    session.commit()
    for statement in triggers.DROPS[session.get_bind().dialect.name]:
        session.execute(sa.text(statement))
    session.execute(sa.text("UPDATE journal_entry SET action = 'x' WHERE number IN (3, 4)"))
    assert command("check-journal").refusal.startswith("the journal is broken at number 3")


def test_a_journal_whose_end_was_cut_off_is_found_with_what_was_kept(
    command: CommandLine, session: Session
):
    create(command)
    known = command("check-journal").out.splitlines()[-1]
    session.commit()
    for statement in triggers.DROPS[session.get_bind().dialect.name]:
        session.execute(sa.text(statement))
    session.execute(sa.text("DELETE FROM journal_entry WHERE number = 5"))
    assert command("check-journal").code == 0
    assert "not the one" in command("check-journal", "--known", known).refusal
