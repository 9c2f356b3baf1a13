"""Official answers: drafted, signed by two, published, and never changed after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Account, Role
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.jobs.models import Job
from participation.journal.models import JournalEntry
from participation.notifications.models import OutboxMessage
from participation.revisions import operations, queries
from participation.revisions.freezing import ANSWER_MESSAGE
from participation.revisions.models import (
    Announcement,
    AnsweredFinding,
    AnswerState,
    Disposition,
    OfficialAnswer,
)
from participation.strategy.queries import get_element
from tests.conftest import NOON


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def strategy(make, town):
    return make.adopted_strategy(town)


@pytest.fixture
def finding(make, session, town, strategy):
    measure = get_element(session, strategy.id, "M-01")
    idea = make.idea(make.idea_call(town, elements=(measure,)), elements=(measure,))
    return make.finding(strategy, elements=(measure,), contributions=(idea,))


@pytest.fixture
def people(make, town):
    return make.two_people(town)


def state_of(answer: OfficialAnswer) -> AnswerState:
    return answer.state


def test_an_answer_is_published_when_lead_and_second_person_have_signed(
    make, session, finding, people
):
    answer = make.answer(finding)
    assert state_of(answer) is AnswerState.DRAFT
    make.signed(answer, people[:1])
    assert state_of(answer) is AnswerState.SIGNED_BY_LEAD
    assert queries.published_answers(session, [finding.id]) == {}
    make.signed(answer, people[1:])
    assert state_of(answer) is AnswerState.PUBLISHED
    assert queries.published_answers(session, [finding.id]) == {finding.id: answer}
    assert [one.answer_id for one in session.scalars(sa.select(Announcement))] == [answer.id]
    assert session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == "announce")) == 1


def test_one_answer_serves_many_findings_and_a_finding_has_one_answer(
    make, session, strategy, finding
):
    other = make.finding(
        strategy, elements=finding.elements, contributions=[finding.evidence[0].contribution]
    )
    answer = make.answer(finding, other, finding)
    assert [one.code for one in answer.findings] == ["E-1", "E-2"]
    with pytest.raises(Conflict, match="E-2"):
        make.answer(other)


def test_an_answer_needs_reasons_and_findings(make, session, finding):
    with pytest.raises(Refused) as refusal:
        make.answer(finding, reasons="  \n ")
    assert refusal.value.field == "reasons"
    with pytest.raises(Refused) as refusal:
        make.answer()
    assert refusal.value.field == "findings"


def test_nobody_signs_twice_whatever_their_roles_are(make, session, town, finding):
    both = make.member(Role.STRATEGIST, Role.ADMINISTRATOR, municipality=town)
    answer = make.signed(make.answer(finding), [both])
    with pytest.raises(Forbidden):
        make.signed(answer, [both])
    assert state_of(answer) is AnswerState.SIGNED_BY_LEAD


def test_the_table_refuses_one_person_as_both(make, session, finding, people):
    answer = make.signed(make.answer(finding), people[:1])
    answer.second_id, answer.second_signed_at = people[0].id, NOON
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_second_person_cannot_sign_first(make, session, finding, people):
    with pytest.raises(Forbidden):
        make.signed(make.answer(finding), people[1:])


def test_the_analyst_drafts_and_signs_nothing(make, session, town, finding):
    analyst = make.member(Role.ANALYST, municipality=town)
    answer = make.answer(finding, actor=analyst)
    with pytest.raises(Forbidden):
        make.signed(answer, [analyst])


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_who_does_not_work_on_the_strategy_drafts_no_answer(make, session, town, finding, role):
    with pytest.raises(Forbidden):
        make.answer(finding, actor=make.member(role, municipality=town))


def test_a_member_of_another_municipality_signs_nothing_here(make, session, finding, people):
    elsewhere = make.municipality("rohrbeck", "Rohrbeck")
    stranger = make.member(Role.ADMINISTRATOR, municipality=elsewhere)
    answer = make.signed(make.answer(finding), people[:1])
    with pytest.raises(Forbidden):
        make.signed(answer, [stranger])


def test_wording_an_answer_differently_takes_the_signatures_back(make, session, finding, people):
    answer = make.signed(make.answer(finding), people[:1])
    operations.amend_answer(
        session,
        answer=answer,
        findings=[finding],
        disposition=Disposition.DEFERRED,
        reasons="Erst 2028.",
        with_adoption=False,
        actor=None,
        at=NOON + timedelta(minutes=5),
    )
    assert state_of(answer) is AnswerState.DRAFT
    with pytest.raises(Forbidden):
        make.signed(answer, people[1:])


def test_nobody_signs_words_that_they_have_not_read(make, session, finding, people):
    answer = make.answer(finding)
    read = answer.drafted_at
    operations.amend_answer(
        session,
        answer=answer,
        findings=[finding],
        disposition=Disposition.NOT_ADOPTED,
        reasons="Doch nicht.",
        with_adoption=False,
        actor=None,
        at=NOON + timedelta(minutes=5),
    )
    with pytest.raises(Conflict):
        operations.sign_answer(session, answer=answer, actor=people[0], at=NOON, read=read)
    assert state_of(answer) is AnswerState.DRAFT


def test_the_second_person_is_asked_by_mail_and_the_lead_is_not(make, session, finding, people):
    make.signed(make.answer(finding), people[:1])
    addresses = session.scalars(
        sa.select(OutboxMessage.address).where(
            OutboxMessage.template == "revisions/second_signature"
        )
    ).all()
    assert addresses == [people[1].email]


def test_an_answer_that_waits_for_an_adoption_is_signed_and_not_published(
    make, session, finding, people
):
    answer = make.signed(make.answer(finding, with_adoption=True), people)
    assert state_of(answer) is AnswerState.SIGNED
    assert queries.published_answers(session, [finding.id]) == {}
    assert session.scalar(sa.select(sa.func.count(Announcement.id))) == 0
    with pytest.raises(Conflict):
        make.signed(answer, people[1:])


def test_only_a_draft_can_be_discarded_and_its_findings_are_open_again(
    make, session, strategy, finding, people
):
    answer = make.answer(finding)
    operations.discard_answer(session, answer=answer, actor=None, at=NOON)
    assert queries.open_findings(session, strategy.id) == [(finding, None)]
    signed = make.signed(make.answer(finding), people[:1])
    with pytest.raises(Conflict):
        operations.discard_answer(session, answer=signed, actor=None, at=NOON)


def test_a_published_answer_is_changed_by_no_operation(make, session, finding, people):
    answer = make.signed(make.answer(finding), people)
    with pytest.raises(Conflict):
        operations.amend_answer(
            session,
            answer=answer,
            findings=[finding],
            disposition=Disposition.ADOPTED,
            reasons="Anders.",
            with_adoption=False,
            actor=None,
            at=NOON,
        )
    with pytest.raises(Conflict):
        operations.correct_finding(
            session,
            finding=finding,
            sentence="Anders.",
            elements=finding.elements,
            keep=finding.evidence,
            actor=None,
            at=NOON,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE official_answer SET reasons = 'Anders.'",
        "UPDATE official_answer SET disposition = 'adopted'",
        "UPDATE official_answer SET published_at = NULL",
        "DELETE FROM official_answer",
        "DELETE FROM answered_finding",
        "UPDATE finding SET sentence = 'Anders.'",
        "DELETE FROM finding",
    ],
)
def test_the_database_keeps_a_published_answer_and_its_findings(
    statement, make, session, finding, people
):
    make.signed(make.answer(finding), people)
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match=ANSWER_MESSAGE):
        session.execute(sa.text(statement))


def test_the_database_adds_no_finding_to_a_published_answer(
    make, session, strategy, finding, people
):
    answer = make.signed(make.answer(finding), people)
    other = make.finding(
        strategy, elements=finding.elements, contributions=[finding.evidence[0].contribution]
    )
    session.commit()
    session.add(AnsweredFinding(finding_id=other.id, answer_id=answer.id))
    with pytest.raises(sa.exc.DBAPIError, match=ANSWER_MESSAGE):
        session.flush()


def test_a_draft_and_its_findings_stay_free_in_the_database(make, session, finding):
    answer = make.answer(finding)
    session.execute(sa.update(OfficialAnswer).values(reasons="Anders."))
    finding.sentence = "Ein anderer Satz."
    session.flush()
    session.delete(answer)
    session.flush()
    assert session.scalar(sa.select(sa.func.count(OfficialAnswer.id))) == 0


def test_erasing_an_account_forgets_who_signed_and_keeps_what_was_said(
    make, session, finding, people
):
    answer = make.signed(make.answer(finding), people)
    session.commit()
    for person in people:
        session.execute(sa.delete(Account).where(Account.id == person.id))
    session.commit()
    assert answer.signed_by_id is None
    assert answer.second_id is None
    assert answer.reasons.startswith("Drei offene Tage")


@pytest.mark.parametrize(
    "values",
    [
        {"reasons": ""},
        {"published_at": NOON},
        {"second_signed_at": NOON},
    ],
)
def test_the_table_refuses_answers_without_reasons_or_signatures(values, make, session, finding):
    make.answer(finding)
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(OfficialAnswer).values(**values))


def test_every_step_of_an_answer_stands_in_the_journal(make, session, finding, people):
    make.signed(make.answer(finding), people)
    actions = session.scalars(
        sa.select(JournalEntry.action)
        .where(JournalEntry.action.startswith("answer."))
        .order_by(JournalEntry.number)
    ).all()
    assert actions == [
        "answer.drafted",
        "answer.signed",
        "answer.countersigned",
        "answer.published",
    ]
