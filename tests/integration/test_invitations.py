"""Codes of letters: stored as hashes, the same again for a reminder, good for one response."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from participation.engagements import codes
from participation.engagements.guests import Guest
from participation.engagements.invitations import (
    batches_of,
    guest_with_code,
    lets_in,
    make_codes,
    withdraw_letters,
)
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience, InvitationCode, LetterBatch
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import Obstacle
from participation.foundation.errors import Conflict, Refused
from participation.journal.models import JournalEntry
from participation.surveys.operations import AlreadyTookPart
from tests.conftest import NOON
from tests.factories_engagements import KEY

ERIKA = ("Erika Noack", "Hauptstraße 1", "15344 Lindenow")
MATO = ("Mato Krüger", "Am Markt 2", "15344 Lindenow")
LIST_KEY = codes.new_list_key()


@pytest.fixture
def survey(make):
    return make.survey(make.municipality(), audience=Audience.CODE)


def letters(session, survey, *addresses, submission="one", **more):
    values: dict[str, Any] = {
        "list_key": LIST_KEY,
        "is_reminder": False,
        "group": "",
        "at": NOON,
    } | more
    return make_codes(
        session,
        engagement=survey,
        letters=addresses,
        submission=submission,
        key=KEY,
        actor=None,
        **values,
    )


def guest(session, survey, code):
    return guest_with_code(session, key=KEY, engagement_id=survey.id, typed=code).guest


def answer(make, survey, code, **more):
    found = guest(make.session, survey, code)
    mark = participation_mark(KEY, survey.id, "response", f"code:{found.who}")
    return make.response(survey, mark=mark, guest=found, **more)


def test_only_hashes_of_codes_are_stored(survey, session):
    made = letters(session, survey, ERIKA, MATO)
    assert made.new == len(set(made.codes)) == 2
    stored = session.scalars(sa.select(InvitationCode.code_hash)).all()
    everything = repr(session.execute(sa.select(LetterBatch.__table__)).all()) + repr(stored)
    for secret in (*made.codes, LIST_KEY, "Noack", "Markt"):
        assert secret not in everything
    assert set(stored) == {codes.code_hash(KEY, survey.id, code) for code in made.codes}
    (entry,) = session.scalars(sa.select(JournalEntry).filter_by(action="letters.made"))
    assert entry.facts["letters"] == 2
    assert "Noack" not in repr(entry.facts)


def test_a_reminder_brings_everybody_the_code_of_the_first_letter(survey, session, make):
    first = letters(session, survey, ERIKA, MATO)
    answer(make, survey, first.codes[0])
    shouted = ("ERIKA  NOACK", "Hauptstraße 1", "15344 Lindenow")
    second = letters(session, survey, MATO, shouted, submission="two", is_reminder=True)
    assert second.codes == (first.codes[1], first.codes[0])
    assert second.new == 0
    # Who has answered got the same letter as everybody else, and it is of no use.
    with pytest.raises(AlreadyTookPart):
        answer(make, survey, second.codes[1])


def test_a_reminder_needs_the_key_of_a_list(survey, session, make):
    letters(session, survey, ERIKA)
    with pytest.raises(Refused) as refusal:
        letters(session, survey, ERIKA, list_key=codes.new_list_key(), is_reminder=True)
    assert refusal.value.field == "list_key"
    other = make.survey(survey.municipality, audience=Audience.CODE)
    with pytest.raises(Refused):
        letters(session, other, ERIKA, submission="two", is_reminder=True)


def test_two_people_of_one_name_at_one_address_have_a_code_each(survey, session):
    made = letters(session, survey, ERIKA, ERIKA)
    assert len(set(made.codes)) == 2
    assert letters(session, survey, ERIKA, ERIKA).codes == made.codes


def test_the_same_form_twice_is_one_batch(survey, session):
    first = letters(session, survey, ERIKA)
    again = letters(session, survey, ERIKA)
    assert (again.codes, again.new) == (first.codes, 0)
    assert session.scalar(sa.select(sa.func.count()).select_from(LetterBatch)) == 1
    assert len(session.scalars(sa.select(JournalEntry).filter_by(action="letters.made")).all()) == 1


def test_letters_are_made_for_invited_people_before_the_end(make, session, survey):
    open_to_all = make.survey(survey.municipality)
    with pytest.raises(Conflict):
        letters(session, open_to_all, ERIKA)
    with pytest.raises(Conflict):
        letters(session, survey, ERIKA, at=survey.closes_at)
    with pytest.raises(Refused):
        letters(session, survey)


def test_a_code_is_good_for_one_response(survey, session, make):
    (code,) = make.invitations(survey, 1)
    answer(make, survey, codes.as_written(code).lower())
    with pytest.raises(AlreadyTookPart):
        answer(make, survey, code)
    session.rollback()


def test_the_same_submission_again_is_the_same_response(survey, make):
    (code,) = make.invitations(survey, 1)
    first = answer(make, survey, code, submission="0" * 32)
    again = answer(make, survey, code, submission="0" * 32)
    assert (again.code, again.is_new) == (first.code, False)


def test_a_code_opens_no_other_engagement(survey, session, make):
    other = make.survey(survey.municipality, audience=Audience.CODE)
    (code,) = make.invitations(survey, 1)
    assert guest(session, survey, code) is not None
    found = guest_with_code(session, key=KEY, engagement_id=other.id, typed=code)
    assert (found.guest, found.is_guess) == (None, True)
    with pytest.raises(CannotTakePart):
        make.response(other, guest=guest(session, survey, code))


def test_a_slip_of_the_pen_is_told_from_a_guess(survey, session, make):
    (code,) = make.invitations(survey, 1)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    found = guest_with_code(session, key=KEY, engagement_id=survey.id, typed=wrong)
    assert (found.guest, found.is_guess) == (None, False)


@pytest.mark.parametrize(
    ("audience", "obstacle"),
    [(Audience.CODE, Obstacle.CODE_NEEDED), (Audience.MAIL, Obstacle.MAIL_NEEDED)],
)
def test_without_a_guest_nobody_takes_part(make, session, audience, obstacle):
    town = make.municipality()
    survey, call = make.survey(town, audience=audience), make.idea_call(town, audience=audience)
    other = Audience.MAIL if audience is Audience.CODE else Audience.CODE
    for wrong in (None, Guest(survey.id, other, "x"), Guest(survey.id + 99, audience, "x")):
        for attempt in (make.response, make.submitted_idea):
            with pytest.raises(CannotTakePart) as refusal:
                attempt(survey if attempt == make.response else call, guest=wrong)
            assert refusal.value.obstacle is obstacle
    make.response(survey, guest=Guest(survey.id, audience, "x"))
    make.submitted_idea(call, guest=Guest(call.id, audience, "x"))


def test_a_form_opened_before_closing_is_taken_with_its_code(survey, session, make):
    (code,) = make.invitations(survey, 1)
    late = survey.closes_at + timedelta(minutes=10)
    answer(make, survey, code, at=late, form_opened_at=survey.closes_at - timedelta(minutes=1))


# Withdrawn letters -----------------------------------------------------------------------------


def withdraw(session, survey, *, at=NOON, place=0):
    batch = batches_of(session, survey.id)[place]
    withdraw_letters(session, batch=batch, actor=None, at=at)
    return batch


def test_the_codes_of_withdrawn_letters_and_of_their_reminders_let_nobody_in(survey, session):
    other_key = codes.new_list_key()
    first = letters(session, survey, ERIKA)
    kept = letters(session, survey, MATO, submission="other", list_key=other_key)
    reminder = letters(session, survey, ERIKA, MATO, submission="two", is_reminder=True)
    batch = withdraw(session, survey)
    assert batch.is_reminder
    for code in {*first.codes, *reminder.codes}:
        assert guest(session, survey, code) is None
    assert guest(session, survey, kept.codes[0]) is not None
    assert [one.withdrawn_at for one in batches_of(session, survey.id)] == [NOON, None, NOON]
    (entry,) = session.scalars(sa.select(JournalEntry).filter_by(action="letters.withdrawn"))
    assert (entry.subject, entry.facts) == (f"engagement:{survey.id}", {"letters": 3})


def test_what_was_answered_with_a_code_before_it_was_withdrawn_stays(survey, session, make):
    made = letters(session, survey, ERIKA, MATO)
    answer(make, survey, made.codes[0])
    came_in = guest(session, survey, made.codes[1])
    assert lets_in(session, came_in)
    withdraw(session, survey)
    session.refresh(survey)
    assert survey.participants == 1
    assert not lets_in(session, came_in)


def test_withdrawn_letters_are_not_made_again(survey, session):
    letters(session, survey, ERIKA)
    withdraw(session, survey)
    with pytest.raises(Conflict):
        letters(session, survey, ERIKA)
    with pytest.raises(Refused) as refusal:
        letters(session, survey, ERIKA, submission="two", is_reminder=True)
    assert refusal.value.field == "list_key"
    assert session.scalars(sa.select(InvitationCode.code_hash)).all() == []


def test_letters_are_withdrawn_once_and_before_the_end(survey, session):
    letters(session, survey, ERIKA)
    with pytest.raises(Conflict):
        withdraw(session, survey, at=survey.closes_at)
    withdraw(session, survey)
    with pytest.raises(Conflict):
        withdraw(session, survey)
    entries = session.scalars(sa.select(JournalEntry).filter_by(action="letters.withdrawn")).all()
    assert len(entries) == 1
