"""A survey is answered whole or not at all, and once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution, ContributionStatus, Receipt
from participation.engagements.models import Audience, ModerationMode, ParticipationMark
from participation.engagements.operations import CannotTakePart
from participation.foundation.errors import Refused
from participation.foundation.orm import metadata
from participation.surveys import queries
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.building import QuestionDraft
from participation.surveys.models import Choice, Question, QuestionKind, Survey
from participation.surveys.operations import AlreadyTookPart
from participation.surveys.rows import RemarkRows
from participation.surveys.sheets import FaultKind, InvalidSheet
from tests.counts import count
from tests.factories_engagements import KEY


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_sheet_is_stored_with_every_tick_and_nothing_about_who_sent_it(make, session, survey):
    submitted = make.response(survey, make.sheet(F1="2", F2=["1", "3"], F3="4"))
    assert submitted.is_new
    response = session.scalars(sa.select(SurveyResponse)).one()
    assert response.day.isoformat() == "2026-05-07"
    assert {column.name for column in SurveyResponse.__table__.columns} == {
        "id", "survey_id", "version_id", "channel", "day", "receipt_hash",
        "participant_group_id",
    }  # fmt: skip
    assert {column.name for column in Answer.__table__.columns} == {
        "response_id", "question_id", "choice_id", "amount",
    }  # fmt: skip
    ticked = session.execute(
        sa.select(Question.code, Choice.code)
        .select_from(Answer)
        .join(Question, Question.id == Answer.question_id)
        .join(Choice, Choice.id == Answer.choice_id)
        .order_by(Question.position, Choice.position)
    ).all()
    assert [tuple(row) for row in ticked] == [("F1", "2"), ("F2", "1"), ("F2", "3"), ("F3", "4")]
    assert queries.find_response(session, KEY, submitted.code) is response
    session.refresh(survey)
    assert survey.participants == 1


def test_a_sheet_that_breaks_off_in_the_middle_leaves_nothing(make, session, survey, monkeypatch):
    session.commit()

    def break_off(*_arguments: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(RemarkRows, "insert", break_off)
    with pytest.raises(RuntimeError, match="power"):
        make.response(survey, make.sheet(F1="2", F2=["1", "3"]))
    session.rollback()
    for model in (SurveyResponse, Answer, SurveyRemark, ParticipationMark):
        assert count(session, model) == 0


def test_what_is_written_becomes_a_contribution_that_nothing_joins_to_the_response(
    make, session, town
):
    element = make.measure(make.strategy(town), title="Bürgerservice ohne Termin")
    questions = make.questions()
    written = QuestionDraft(QuestionKind.TEXT, "Was fehlt im Bürgerbüro?", elements=(element,))
    survey = make.survey(town, elements=(element,), questions=[*questions[:3], written])
    submitted = make.response(survey, make.sheet(F1="1", texts={"F4": "  Mehr Bänke  "}))
    remark = session.scalars(sa.select(SurveyRemark)).one()
    assert remark.text == "Mehr Bänke"
    assert remark.status is ContributionStatus.PENDING
    assert remark.author_id is None
    assert remark.received_at.isoformat() == "2026-05-06T22:00:00+00:00"  # The day began.
    assert [one.code for one in remark.elements] == [element.code]
    response = queries.find_response(session, KEY, submitted.code)
    assert response is not None
    hashes = set(session.scalars(sa.select(Receipt.code_hash)))
    assert response.receipt_hash not in hashes
    assert queries.remarks_of(session, KEY, submitted.code, response) == [remark]
    assert queries.remarks_of(session, KEY, "0" * 20, response) == []


def test_a_submission_leaves_no_trace_of_its_moment_or_content_elsewhere(make, session, survey):
    session.commit()

    def stored() -> dict[str, list[str]]:
        return {
            name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for name, table in metadata.tables.items()
        }

    before = stored()
    moment = make.at + timedelta(hours=3, minutes=21, seconds=43)
    sheet = make.sheet(F1="1", texts={"F4": "Kanarienvogel"})
    submitted = make.response(survey, sheet, mark="a mark", at=moment)
    session.commit()
    after = stored()
    new = {name: set(after[name]) - set(before[name]) for name in after}
    assert {name for name, rows in new.items() if rows} == {
        "survey_response", "answer", "contribution", "survey_remark", "receipt",
        "participation_mark", "engagement",
    }  # fmt: skip
    for name, rows in new.items():
        assert ("Kanarienvogel" in repr(rows)) == (name == "contribution")
        for trace in (submitted.code, "21, 43", "13:21", "15:21"):
            assert trace not in repr(rows), name


def test_remarks_appear_at_once_where_they_are_read_afterwards(make, session, town):
    survey = make.survey(town, moderation_mode=ModerationMode.AFTER)
    make.response(survey, make.sheet(F1="1", texts={"F4": "Mehr Bänke"}))
    remark = session.scalars(sa.select(SurveyRemark)).one()
    assert remark.status is ContributionStatus.PUBLISHED
    assert remark.published_at == remark.received_at


@pytest.mark.parametrize(
    ("choices", "texts", "code", "kind"),
    [
        ({}, {}, "F1", FaultKind.UNANSWERED),
        ({"F1": ["1", "2"]}, {}, "F1", FaultKind.ONE_ONLY),
        ({"F1": "9"}, {}, "F1", FaultKind.UNKNOWN_CHOICE),
        ({"F1": "1", "F2": ["1", "2", "3"]}, {}, "F2", FaultKind.TOO_MANY),
        ({"F1": "1", "F3": "6"}, {}, "F3", FaultKind.UNKNOWN_CHOICE),
        ({"F1": "1", "F9": "1"}, {}, "F9", FaultKind.NOT_ASKED),
        ({"F1": "1"}, {"F4": "a" * 1001}, "F4", FaultKind.TOO_LONG),
        ({"F1": "1"}, {"F1": "text where a tick belongs"}, "F1", FaultKind.NOT_ASKED),
        ({"F1": "1", "F4": "1"}, {}, "F4", FaultKind.UNKNOWN_CHOICE),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused_with_the_question_and_nothing_is_stored(
    make, session, survey, choices, texts, code, kind
):
    with pytest.raises(InvalidSheet) as refused:
        make.response(survey, make.sheet(texts, **choices))
    assert [(fault.code, fault.kind) for fault in refused.value.faults] == [(code, kind)]
    assert refused.value.field == code
    assert count(session, SurveyResponse) == 0
    assert count(session, Contribution) == 0
    assert count(session, ParticipationMark) == 0


def test_all_faults_of_a_sheet_are_named_at_once(make, survey):
    with pytest.raises(InvalidSheet) as refused:
        make.response(survey, make.sheet(F2=["1", "2", "3"], F3="7"))
    assert [fault.code for fault in refused.value.faults] == ["F1", "F2", "F3"]


def test_an_empty_sheet_is_refused_also_where_no_question_is_required(make, town):
    survey = make.survey(
        town, questions=[QuestionDraft(QuestionKind.SINGLE, "Ja?", choices=("ja", "nein"))]
    )
    with pytest.raises(InvalidSheet) as refused:
        make.response(survey, make.sheet())
    assert refused.value.faults[0].kind is FaultKind.NOTHING_AT_ALL


def test_a_sheet_about_one_element_answers_only_what_is_asked_about_it(make, session, town):
    strategy = make.strategy(town)
    about, other = make.measure(strategy), make.measure(strategy)
    survey = make.survey(
        town,
        elements=(about, other),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Vorher?", choices=("a", "b"), required=True),
            QuestionDraft(QuestionKind.SINGLE, "M?", choices=("a", "b"), elements=(about,)),
            QuestionDraft(QuestionKind.SCALE, "N?", elements=(about,), required=True),
        ],
    )
    assert make.response(survey, make.sheet(F3="2"), about=about.code).is_new
    with pytest.raises(InvalidSheet) as refused:
        make.response(survey, make.sheet(F1="1"), about=about.code)
    assert {fault.code for fault in refused.value.faults} == {"F1", "F3"}
    # Where no question names the element, the whole survey is asked.
    with pytest.raises(InvalidSheet):
        make.response(survey, make.sheet(F3="2"), about=other.code)


def test_the_same_submission_again_gives_the_same_code_and_stores_nothing(make, session, survey):
    same = {"submission": uuid.uuid4().hex, "mark": "one browser"}
    sheet = make.sheet(F1="1", texts={"F4": "Mehr Bänke"})
    first = make.response(survey, sheet, **same)
    again = make.response(survey, make.sheet(F1="2"), **same)
    assert again.code == first.code
    assert (first.is_new, again.is_new) == (True, False)
    assert count(session, SurveyResponse) == count(session, SurveyRemark) == 1


def test_a_retry_after_closing_still_gets_its_receipt(make, survey):
    same = {"submission": uuid.uuid4().hex}
    first = make.response(survey, **same)
    later = survey.closes_at + timedelta(days=1)
    assert make.response(survey, at=later, **same).code == first.code
    with pytest.raises(CannotTakePart):
        make.response(survey, at=later)


def test_a_submission_key_of_another_survey_is_refused(make, town, survey):
    other = make.survey(town)
    same = {"submission": uuid.uuid4().hex}
    make.response(survey, **same)
    with pytest.raises(Refused, match="another survey"):
        make.response(other, **same)


def test_one_browser_answers_once_unless_somebody_says_to_be_a_second_person(make, session, survey):
    make.response(survey, mark="this browser")
    session.commit()
    with pytest.raises(AlreadyTookPart):
        make.response(survey, mark="this browser")
    session.rollback()
    assert count(session, SurveyResponse) == 1
    make.response(survey, mark="this browser, the second person")
    assert count(session, SurveyResponse) == 2


def test_an_account_is_needed_where_the_audience_says_so(make, town):
    survey = make.survey(town, audience=Audience.ACCOUNT)
    with pytest.raises(CannotTakePart):
        make.response(survey)
    assert make.response(survey, account=make.account()).is_new


def test_a_sheet_of_twelve_answers_takes_at_most_twelve_statements(make, session, town):
    survey = make.survey(
        town,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, f"Frage {number}?", choices=("ja", "nein", "egal"))
            for number in range(12)
        ],
    )
    session.commit()
    sheet = make.sheet(**{f"F{number}": "2" for number in range(1, 13)})
    with statements(session) as seen:
        survey = session.get_one(Survey, survey.id)
        seen.clear()
        make.response(survey, sheet)
    assert count(session, Answer) == 12
    assert len(seen) <= 12, seen
