"""What opens an account: sessions, links sent by mail, the second factor."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import credentials, queries, second_factor, sessions
from participation.accounts.models import (
    Account,
    PasswordReset,
    SignUp,
)
from participation.foundation.errors import Conflict, Refused
from participation.journal.models import JournalEntry
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.factories import PASSWORD, PASSWORDS, Make

KEY = b"a key for tests only"


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.number)))


def mails(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_session_ends_with_its_time_with_sign_out_and_with_suspension(
    session: Session, make: Make
):
    person = make.account()

    def begin() -> str:
        token = sessions.begin_session(session, account=person, key=KEY, at=NOON)
        return sessions.session_hash(KEY, token)

    first, second, third = begin(), begin(), begin()
    assert queries.find_session(session, first, NOON) is not None
    assert queries.find_session(session, first, NOON + sessions.SESSION_LIFETIME) is None
    sessions.end_session(session, token_hash=first)
    assert queries.find_session(session, first, NOON) is None
    sessions.end_all_sessions(session, account=person, except_token_hash=second)
    assert queries.find_session(session, third, NOON) is None
    assert queries.find_session(session, second, NOON) is not None
    sessions.suspend(session, account=person, actor=None, at=NOON)
    assert queries.find_session(session, second, NOON) is None
    after = begin()
    assert queries.find_session(session, after, NOON) is None
    sessions.readmit(session, account=person, actor=None, at=NOON)
    assert queries.find_session(session, after, NOON) is not None
    assert actions(session)[-2:] == ["account.suspended", "account.readmitted"]


def test_a_reset_is_good_for_once_and_ends_every_session(session: Session, make: Make):
    person = make.account()
    token = sessions.begin_session(session, account=person, key=KEY, at=NOON)
    credentials.offer_reset(session, account=person, municipality_id=None, key=KEY, at=NOON)
    reset = session.scalars(sa.select(PasswordReset)).one()
    assert mails(session)[0].payload["token"] not in reset.token_hash
    credentials.reset_password(
        session,
        reset=reset,
        password_hash=PASSWORDS.hash("ein ganz neues Passwort"),
        municipality_id=None,
        at=NOON,
    )
    assert PASSWORDS.fits("ein ganz neues Passwort", person.password_hash)
    assert queries.find_session(session, sessions.session_hash(KEY, token), NOON) is None
    assert [mail.template for mail in mails(session)] == [
        "accounts/reset",
        "accounts/password_changed",
    ]
    with pytest.raises(Conflict):
        credentials.reset_password(
            session, reset=reset, password_hash="x", municipality_id=None, at=NOON
        )


def test_a_new_password_closes_the_links_that_were_asked_for_before(session: Session, make: Make):
    person = make.account()
    for _round in range(2):
        credentials.offer_reset(session, account=person, municipality_id=None, key=KEY, at=NOON)
    hashes = session.scalars(sa.select(PasswordReset.token_hash)).all()
    assert all(queries.find_reset(session, one, NOON) for one in hashes)
    credentials.change_password(
        session,
        account=person,
        password_hash=PASSWORDS.hash("ein ganz neues Passwort"),
        municipality_id=None,
        at=NOON,
    )
    assert len(hashes) == 2
    assert not any(queries.find_reset(session, one, NOON) for one in hashes)
    credentials.offer_reset(session, account=person, municipality_id=None, key=KEY, at=NOON)
    newest = session.scalars(sa.select(PasswordReset).order_by(PasswordReset.id.desc())).first()
    assert newest is not None
    assert queries.find_reset(session, newest.token_hash, NOON) is not None


def test_nobody_is_flooded_with_resets(session: Session, make: Make):
    person = make.account()
    for _round in range(10):
        credentials.offer_reset(session, account=person, municipality_id=None, key=KEY, at=NOON)
    assert len(mails(session)) == 3


def test_who_is_suspended_gets_no_reset(session: Session, make: Make):
    person = make.account()
    sessions.suspend(session, account=person, actor=None, at=NOON)
    credentials.offer_reset(session, account=person, municipality_id=None, key=KEY, at=NOON)
    assert mails(session) == []


def test_signing_up_stores_no_account_before_the_address_is_confirmed(session: Session):
    for _round in range(10):
        credentials.offer_sign_up(
            session,
            email="neu@example.org",
            municipality_id=None,
            next_path=None,
            key=KEY,
            at=NOON,
        )
    assert queries.find_account(session, "neu@example.org") is None
    assert len(mails(session)) == 3
    sign_up = session.scalars(sa.select(SignUp)).first()
    assert sign_up is not None
    account = credentials.complete_sign_up(
        session,
        sign_up=sign_up,
        display_name="Neu",
        password_hash=PASSWORDS.hash(PASSWORD),
        at=NOON,
    )
    assert account.email == "neu@example.org"
    assert session.scalars(sa.select(SignUp)).all() == []


def test_who_signs_up_again_is_told_by_mail_that_there_is_an_account(session: Session, make: Make):
    person = make.account()
    for _round in range(3):
        credentials.offer_sign_up(
            session,
            email=person.email,
            municipality_id=None,
            next_path=None,
            key=KEY,
            at=NOON,
        )
    assert [mail.template for mail in mails(session)] == ["accounts/sign_up_again"]
    assert session.scalars(sa.select(SignUp)).all() == []


def code_of(account: Account, salt: str, after: int = 0) -> str:
    secret = second_factor.secret_of(KEY, account.id, salt)
    return pyotp.TOTP(secret).at(NOON + timedelta(seconds=after))


def test_a_code_is_good_once_and_for_a_moment(session: Session, make: Make):
    person, salt = make.account(), second_factor.new_salt()
    with pytest.raises(Refused):
        second_factor.set_up(session, account=person, salt=salt, code="000000", key=KEY, at=NOON)
    first = code_of(person, salt)
    second_factor.set_up(session, account=person, salt=salt, code=first, key=KEY, at=NOON)

    def spend(code: str, after: int) -> bool:
        at = NOON + timedelta(seconds=after)
        return second_factor.spend_code(person, code=code, key=KEY, at=at)

    assert not spend(first, 5), "the code of the set-up was used"
    assert not spend(code_of(person, salt, 30), 120), "too old"
    assert not spend("", 60)
    assert not spend("12345a", 60)
    third = code_of(person, salt, 60)
    assert spend(f" {third[:3]} {third[3:]}", 60)
    assert not spend(third, 65)
    assert not spend(code_of(person, salt, 30), 65), "older than the last one that was used"
    second_factor.turn_off(session, account=person, actor=None, at=NOON)
    assert not spend(code_of(person, salt, 90), 90)
    session.flush()
    assert actions(session)[-2:] == ["account.second_factor_on", "account.second_factor_off"]


def test_the_secret_of_the_second_factor_stands_nowhere(session: Session, make: Make):
    person, salt = make.account(), second_factor.new_salt()
    second_factor.set_up(
        session, account=person, salt=salt, code=code_of(person, salt), key=KEY, at=NOON
    )
    session.flush()
    row = session.execute(sa.select(Account.__table__).where(Account.id == person.id)).one()
    assert second_factor.secret_of(KEY, person.id, salt) not in str(row)
    assert second_factor.secret_of(b"another key", person.id, salt) != second_factor.secret_of(
        KEY, person.id, salt
    )
