"""Municipalities, people, roles, and what opens an account."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.accounts import credentials, operations, queries
from participation.accounts.models import (
    REQUIRED_TEXTS,
    Account,
    DutyText,
    Invitation,
    Municipality,
    MunicipalityKind,
    Role,
)
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.foundation.tokens import keyed_hash
from participation.journal.models import JournalEntry
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.factories import PASSWORD, PASSWORDS, Make

KEY = b"a key for tests only"


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.number)))


def mails(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.mark.parametrize(
    "slug", ["", "Lindenow", "-x", "x-", "a b", "ä", "konto", "api", "static", "verwaltung", "../x"]
)
def test_a_short_name_that_cannot_stand_in_an_address_is_refused(session: Session, slug: str):
    with pytest.raises(Refused):
        operations.create_municipality(
            session, slug=slug, name="X", kind=MunicipalityKind.TOWN, texts={}, at=NOON
        )


def test_a_short_name_is_given_once(session: Session, make: Make):
    make.municipality()
    with pytest.raises(Refused, match="already"):
        make.municipality()


def test_duty_texts_begin_as_drafts_that_do_not_count(session: Session, make: Make):
    town = make.municipality(complete=False)
    assert queries.missing_duty_texts(session, town.id) == list(REQUIRED_TEXTS)


@pytest.mark.parametrize("source", ["", "  ", "Telefon: [Nummer …]"])
def test_a_duty_text_with_gaps_is_not_complete(session: Session, make: Make, source: str):
    town = make.municipality(complete=False)
    with pytest.raises(Refused):
        operations.put_duty_text(
            session,
            municipality=town,
            kind=DutyText.IMPRINT,
            source=source,
            completed=True,
            actor=None,
            at=NOON,
        )


def test_a_duty_text_is_cleaned_when_it_is_written(session: Session, make: Make):
    text = operations.put_duty_text(
        session,
        municipality=make.municipality(complete=False),
        kind=DutyText.IMPRINT,
        source="<script>alert(1)</script> [x](javascript:alert(1)) **wichtig**",
        completed=True,
        actor=None,
        at=NOON,
    )
    assert "<script" not in text.html
    assert 'href="javascript' not in text.html
    assert "<strong>wichtig</strong>" in text.html


@pytest.mark.parametrize("colour", ["#ffffff", "#ffcc00", "#777777", "red", "#12345", "#1234567"])
def test_a_colour_on_which_white_cannot_be_read_is_refused(
    session: Session, make: Make, colour: str
):
    with pytest.raises(Refused):
        operations.paint_municipality(
            session, municipality=make.municipality(), colour=colour, actor=make.account(), at=NOON
        )


def test_an_address_is_one_account_however_it_is_written(session: Session, make: Make):
    operations.create_account(
        session,
        email=" Mara@Example.org",
        display_name="Mara",
        password=PASSWORD,
        passwords=PASSWORDS,
        at=NOON,
    )
    assert queries.find_account(session, "mara@EXAMPLE.org ") is not None
    with pytest.raises(Refused) as caught:
        operations.create_account(
            session,
            email="MARA@example.org",
            display_name="Mara",
            password=PASSWORD,
            passwords=PASSWORDS,
            at=NOON,
        )
    assert caught.value.field == "email"


def test_the_database_refuses_an_address_with_capitals(session: Session):
    session.add(
        Account(email="Mara@example.org", display_name="M", password_hash="x", created_at=NOON)
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize("password", ["", "kurz", "neunzeich", "x" * 201])
def test_a_password_has_ten_to_two_hundred_characters(password: str):
    with pytest.raises(Refused) as caught:
        credentials.hash_password(PASSWORDS, password)
    assert caught.value.field == "password"


def test_no_password_stands_in_the_database(session: Session, make: Make):
    account = make.account()
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORDS.fits(PASSWORD, account.password_hash)
    assert not PASSWORDS.fits(PASSWORD + "x", account.password_hash)
    assert not PASSWORDS.fits(PASSWORD, None)
    assert not PASSWORDS.fits(PASSWORD, "no hash")


def test_a_role_is_given_once_and_the_journal_says_so_once(session: Session, make: Make):
    town, person = make.municipality(), make.account()
    before = len(actions(session))
    for _round in range(2):
        operations.grant_role(
            session,
            account=person,
            municipality=town,
            role=Role.MODERATOR,
            actor=None,
            at=NOON,
        )
    assert actions(session)[before:] == ["role.granted"]
    assert queries.roles_of(session, person.id, town.id) == {Role.MODERATOR}


def test_a_role_holds_in_its_municipality_only(session: Session, make: Make):
    town, other = make.municipality(), make.municipality("anderswo", "Anderswo")
    person = make.member(Role.MODERATOR, municipality=town)
    assert queries.roles_of(session, person.id, other.id) == frozenset()


def test_the_last_administrator_stays(session: Session, make: Make):
    town = make.municipality()
    first = make.member(Role.ADMINISTRATOR, municipality=town)
    with pytest.raises(Conflict):
        operations.revoke_role(
            session,
            account=first,
            municipality=town,
            role=Role.ADMINISTRATOR,
            actor=first,
            at=NOON,
        )
    second = make.member(Role.ADMINISTRATOR, municipality=town)
    operations.revoke_role(
        session, account=first, municipality=town, role=Role.ADMINISTRATOR, actor=second, at=NOON
    )
    assert queries.roles_of(session, first.id, town.id) == frozenset()


def test_two_administrators_cannot_remove_each_other_at_once(engine: Engine):
    with Session(engine) as session:
        make = Make(session, at=NOON)
        town = make.municipality()
        people = [make.member(Role.ADMINISTRATOR, municipality=town) for _number in range(2)]
        town_id, ids = town.id, [person.id for person in people]
        session.commit()
    barrier, outcomes = threading.Barrier(2), []

    def remove(account_id: int) -> None:
        with Session(engine) as session:
            barrier.wait()
            try:
                account = session.get_one(Account, account_id)
                operations.revoke_role(
                    session,
                    account=account,
                    municipality=session.get_one(Municipality, town_id),
                    role=Role.ADMINISTRATOR,
                    actor=account,
                    at=NOON,
                )
                session.commit()
                outcomes.append("removed")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=remove, args=(account_id,)) for account_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "removed"]


def test_an_invitation_is_for_its_address_and_for_once(session: Session, make: Make):
    town = make.municipality()
    token = operations.invite(
        session,
        municipality=town,
        email="Neu@example.org",
        role=Role.STRATEGIST,
        key=KEY,
        actor=None,
        at=NOON,
    )
    found = queries.find_invitation(session, keyed_hash(KEY, "invitation", token), NOON)
    assert found is not None
    with pytest.raises(Forbidden):
        operations.accept_invitation(session, invitation=found, account=make.account(), at=NOON)
    person = make.account(email="neu@example.org")
    operations.accept_invitation(session, invitation=found, account=person, at=NOON)
    assert queries.roles_of(session, person.id, town.id) == {Role.STRATEGIST}
    assert queries.find_invitation(session, found.token_hash, NOON) is None
    with pytest.raises(Conflict):
        operations.accept_invitation(session, invitation=found, account=person, at=NOON)


def test_a_second_invitation_to_a_role_takes_the_place_of_the_first(session: Session, make: Make):
    values: dict[str, Any] = {"municipality": make.municipality(), "key": KEY, "actor": None}
    first, _other, second = (
        operations.invite(session, email=email, role=role, at=NOON, **values)
        for email, role in (
            ("neu@example.org", Role.ANALYST),
            ("neu@example.org", Role.STRATEGIST),
            ("Neu@example.org ", Role.ANALYST),
        )
    )
    assert queries.find_invitation(session, keyed_hash(KEY, "invitation", first), NOON) is None
    assert queries.find_invitation(session, keyed_hash(KEY, "invitation", second), NOON)
    open_ones = queries.open_invitations(session, values["municipality"].id, NOON)
    assert [one.role for one in open_ones] == [Role.ANALYST, Role.STRATEGIST]
    assert first not in {mail.payload["token"] for mail in mails(session)}


def test_the_token_of_an_invitation_stands_in_its_mail_only(session: Session, make: Make):
    token = operations.invite(
        session,
        municipality=make.municipality(),
        email="neu@example.org",
        role=Role.STRATEGIST,
        key=KEY,
        actor=None,
        at=NOON,
    )
    invitation = session.scalars(sa.select(Invitation)).one()
    assert token not in invitation.token_hash
    assert mails(session)[0].payload["token"] == token
    journal = session.scalars(sa.select(JournalEntry)).all()
    assert not any(token in str(entry.facts) + entry.subject for entry in journal)
    assert not any("neu@example.org" in str(entry.facts) + entry.subject for entry in journal)


def test_an_invitation_that_ran_out_or_was_taken_back_leads_nowhere(session: Session, make: Make):
    town, boss = make.municipality(), make.account()
    values: dict[str, Any] = {
        "municipality": town,
        "role": Role.ANALYST,
        "key": KEY,
        "actor": boss,
        "at": NOON,
    }
    old = operations.invite(session, email="a@example.org", **values)
    hash_of_old = keyed_hash(KEY, "invitation", old)
    later = NOON + operations.INVITATION_LIFETIME
    assert queries.find_invitation(session, hash_of_old, later - timedelta(seconds=1))
    assert queries.find_invitation(session, hash_of_old, later) is None
    found = queries.find_invitation(session, hash_of_old, NOON)
    assert found is not None
    operations.withdraw_invitation(session, invitation=found, actor=boss, at=NOON)
    assert queries.find_invitation(session, hash_of_old, NOON) is None
    assert mails(session) == []
