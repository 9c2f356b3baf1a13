"""Surveys are built, answered whole or not at all, and taken back."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionStatus,
    Receipt,
)
from participation.engagements.models import Audience, ModerationMode, ParticipationMark
from participation.engagements.operations import (
    CannotTakePart,
    NothingToTakePartIn,
    publish_engagement,
)
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.orm import metadata, tune_engine
from participation.surveys import building, operations, queries
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.building import QuestionDraft, QuestionFault
from participation.surveys.models import (
    Choice,
    ChoiceText,
    ConditionMode,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
)
from participation.surveys.operations import AlreadyTookPart
from participation.surveys.rows import RemarkRows
from participation.surveys.sheets import FaultKind, InvalidSheet, Sheet
from tests.factories_engagements import KEY


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def survey(make, town) -> Survey:
    return make.survey(town)


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


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


# Answering -------------------------------------------------------------------------------------


def test_a_sheet_is_stored_with_every_tick_and_nothing_about_who_sent_it(make, session, survey):
    submitted = make.response(survey, make.sheet(F1="2", F2=["1", "3"], F3="4"))
    assert submitted.is_new
    response = session.scalars(sa.select(SurveyResponse)).one()
    assert response.day.isoformat() == "2026-05-07"
    assert {column.name for column in SurveyResponse.__table__.columns} == {
        "id", "survey_id", "version_id", "channel", "day", "receipt_hash",
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


@pytest.mark.postgres
def test_the_same_submission_raced_on_postgresql_is_stored_once(postgres_database_url):
    engine = sa.create_engine(postgres_database_url)
    codes = _race(engine, same_submission=True)
    with Session(engine) as session:
        assert count(session, SurveyResponse) == 1
        assert count(session, SurveyRemark) == 1
    assert len(codes) == 12
    assert len(set(codes)) == 1
    engine.dispose()


@pytest.mark.postgres
def test_one_mark_raced_on_postgresql_lets_one_response_in(postgres_database_url):
    engine = sa.create_engine(postgres_database_url)
    codes = _race(engine, same_submission=False)
    with Session(engine) as session:
        assert count(session, SurveyResponse) == 1
        assert count(session, ParticipationMark) == 1
        assert session.scalars(sa.select(Survey.participants)).one() == 1
    assert len(codes) == 1
    engine.dispose()


def _race(engine: Engine, *, same_submission: bool) -> list[str]:
    from tests.conftest import NOON  # noqa: PLC0415
    from tests.factories import Make  # noqa: PLC0415

    with Session(engine) as session:
        make = Make(session, at=NOON)
        survey_id = make.survey(make.municipality()).id
        session.commit()
    start = threading.Barrier(12)
    codes: list[str] = []
    submission = uuid.uuid4().hex

    def send() -> None:
        with Session(engine) as session:
            make = Make(session, at=NOON)
            survey = session.get_one(Survey, survey_id)
            start.wait()
            try:
                submitted = make.response(
                    survey,
                    make.sheet(F1="1", texts={"F4": "Mehr Bänke"}),
                    submission=submission if same_submission else uuid.uuid4().hex,
                    mark="one browser",
                )
            except AlreadyTookPart:
                return
            session.commit()
            codes.append(submitted.code)

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


# Taking back -----------------------------------------------------------------------------------


def test_a_response_is_taken_back_with_its_answers_and_all_that_was_written(make, session, survey):
    make.response(survey, make.sheet(F1="2", texts={"F4": "Ein anderer"}))
    submitted = make.response(survey, make.sheet(F1="1", F3="3", texts={"F4": "Mehr Bänke"}))
    response = queries.find_response(session, KEY, submitted.code)
    assert response is not None
    operations.withdraw_response(
        session, response=response, code=submitted.code, key=KEY, is_released=False, at=make.at
    )
    assert count(session, SurveyResponse) == 1
    assert count(session, Answer) == 1
    texts = sorted(session.scalars(sa.select(SurveyRemark.text)))
    assert texts == ["", "Ein anderer"]


def test_a_response_in_the_final_release_cannot_be_taken_back(make, session, survey):
    submitted = make.response(survey)
    response = queries.find_response(session, KEY, submitted.code)
    assert response is not None
    with pytest.raises(Conflict):
        operations.withdraw_response(
            session, response=response, code=submitted.code, key=KEY, is_released=True, at=make.at
        )
    assert count(session, SurveyResponse) == 1


# Building --------------------------------------------------------------------------------------


def test_questions_are_added_reworded_moved_and_deleted_until_somebody_answers(
    make, session, survey
):
    assert [one.code for one in queries.questionnaire_of(session, survey.id).questions] == [
        "F1", "F2", "F3", "F4",
    ]  # fmt: skip
    building.move_question(session, survey=survey, code="F4", by=-1)
    building.delete_question(session, survey=survey, code="F2")
    added = building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(QuestionKind.SINGLE, "Neu?", choices=("ja", "nein")),
    )
    assert added.code == "F5"  # A code is not given twice.
    asked = queries.questionnaire_of(session, survey.id).questions
    assert [one.code for one in asked] == ["F1", "F4", "F3", "F5"]
    make.response(survey)
    for change in (
        lambda: building.move_question(session, survey=survey, code="F4", by=1),
        lambda: building.delete_question(session, survey=survey, code="F4"),
        lambda: make.question(survey, QuestionDraft(QuestionKind.TEXT, "Noch etwas?")),
        lambda: building.change_question(
            session, survey=survey, code="F4", draft=QuestionDraft(QuestionKind.TEXT, "Anders?")
        ),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_choice_of_the_same_words_keeps_its_code_and_a_new_one_gets_a_new_code(
    make, session, survey
):
    building.change_question(
        session,
        survey=survey,
        code="F2",
        draft=QuestionDraft(
            QuestionKind.MULTIPLE, "Welche?", choices=("Stadtkalender", "Neues", "Termine")
        ),
    )
    asked = queries.questionnaire_of(session, survey.id).find("F2")
    assert asked is not None
    assert [(one.code, one.text) for one in asked.choices] == [
        ("3", "Stadtkalender"), ("4", "Neues"), ("1", "Termine"),
    ]  # fmt: skip


def test_a_question_can_become_a_scale_and_its_points_are_its_codes(make, session, survey):
    building.change_question(
        session, survey=survey, code="F1", draft=QuestionDraft(QuestionKind.SCALE, "Wie?", points=3)
    )
    asked = queries.questionnaire_of(session, survey.id).find("F1")
    assert asked is not None
    assert [one.code for one in asked.choices] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft(QuestionKind.TEXT, "  "), "text"),
        (QuestionDraft(QuestionKind.TEXT, "a" * 301), "text"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("nur eine",)), "choices"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("a", "A")), "choices"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("a", "b" * 201)), "choices"),
        (QuestionDraft(QuestionKind.SCALE, "Wie?", points=12), "points"),
        (
            QuestionDraft(QuestionKind.MULTIPLE, "W?", choices=("a", "b"), max_choices=3),
            "max_choices",
        ),
        (
            QuestionDraft(
                QuestionKind.MULTIPLE, "W?", choices=("a", "b"), min_choices=2, max_choices=1
            ),
            "max_choices",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_field(make, survey, draft, field):
    with pytest.raises(QuestionFault) as refused:
        make.question(survey, draft)
    assert refused.value.field == field


def test_a_question_is_about_elements_of_its_survey_only(make, town):
    strategy = make.strategy(town)
    inside, outside = make.measure(strategy), make.measure(strategy)
    survey = make.survey(town, elements=(inside,))
    with pytest.raises(QuestionFault):
        make.question(survey, QuestionDraft(QuestionKind.TEXT, "?", elements=(outside,)))


def test_a_survey_without_a_question_is_not_published(make, session, town):
    survey = make.survey(town, published=False, questions=[])
    with pytest.raises(NothingToTakePartIn):
        publish_engagement(session, engagement=survey, actor=None, at=make.at)
    make.question(survey, QuestionDraft(QuestionKind.TEXT, "Was fehlt?"))
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at


def test_a_question_that_is_not_there_cannot_be_deleted(session, survey):
    with pytest.raises(NotFound):
        building.delete_question(session, survey=survey, code="F99")


def test_texts_of_another_language_are_shown_and_german_stands_in_for_missing_ones(
    make, session, survey
):
    question = session.scalars(sa.select(Question).where(Question.code == "F1")).one()
    question.texts.append(QuestionText(language="en", text="How would you like to do it?"))
    question.choices[0].texts.append(ChoiceText(language="en", text="online, please"))
    session.flush()
    asked = queries.questionnaire_of(session, survey.id, language="en")
    assert asked.questions[0].text == "How would you like to do it?"
    assert [one.text for one in asked.questions[0].choices][:2] == [
        "online, please",
        "vor Ort ohne Termin",
    ]
    assert asked.questions[1].text == "Welche Angebote nutzen Sie?"


# Taking over -----------------------------------------------------------------------------------


def test_many_sheets_are_taken_in_whole_or_not_at_all(make, session, survey):
    good = [Sheet({"F1": ("1",)}, {"F4": f"Satz {number}"}) for number in range(1200)]
    taken = make.responses(survey, good)
    assert taken.responses == len(taken.remarks) == count(session, SurveyResponse) == 1200
    session.refresh(survey)
    assert survey.participants == count(session, ParticipationMark) == 1200
    session.commit()
    with pytest.raises(InvalidSheet):
        make.responses(survey, [*good, Sheet({"F1": ("99",)})])
    session.rollback()
    assert count(session, SurveyResponse) == 1200


# Constraints, each violated on purpose ---------------------------------------------------------


def _response_values(session: Session, survey: Survey) -> dict[str, Any]:
    version = queries.current_version(session, survey.id)
    return {
        "id": uuid.uuid4(),
        "survey_id": survey.id,
        "version_id": version.id,
        "channel": Channel.ONLINE,
        "day": survey.opens_at.date(),
        "receipt_hash": uuid.uuid4().hex,
    }


def _refused(session: Session, statement: sa.Executable) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(statement)


def test_the_database_refuses_an_answer_with_a_choice_of_another_question(make, session, survey):
    make.response(survey)
    response = session.scalars(sa.select(SurveyResponse)).one()
    first, second = session.scalars(
        sa.select(Question).where(Question.code.in_(("F1", "F2"))).order_by(Question.code)
    )
    foreign = second.choices[0].id
    _refused(
        session,
        sa.insert(Answer).values(response_id=response.id, question_id=first.id, choice_id=foreign),
    )


def test_the_database_refuses_the_same_tick_twice_and_a_tick_without_response(
    make, session, survey
):
    make.response(survey)
    tick = session.scalars(sa.select(Answer)).one()
    values = {"question_id": tick.question_id, "choice_id": tick.choice_id}
    _refused(session, sa.insert(Answer).values(response_id=tick.response_id, **values))
    _refused(session, sa.insert(Answer).values(response_id=uuid.uuid4(), **values))


def test_the_database_refuses_two_responses_with_one_receipt(session, survey):
    values = _response_values(session, survey)
    session.execute(sa.insert(SurveyResponse).values(values))
    _refused(session, sa.insert(SurveyResponse).values(values | {"id": uuid.uuid4()}))


def test_the_database_refuses_a_channel_that_there_is_not(make, session, survey):
    make.response(survey)
    _refused(session, sa.text("UPDATE survey_response SET channel = 'telepathy'"))


@pytest.mark.parametrize(
    "values",
    [
        {"code": "F1"},
        {"code": ""},
        {"kind": "telepathy"},
        {"min_choices": 1},
        {"kind": "multiple", "min_choices": 3, "max_choices": 2},
        {"kind": "multiple", "max_choices": 0},
    ],
)
def test_the_database_refuses_a_question_that_cannot_be(session, survey, values):
    version = queries.current_version(session, survey.id)
    plain = {
        "version_id": version.id,
        "code": "F77",
        "series": "77",
        "kind": QuestionKind.SINGLE,
        "page": 1,
        "position": 1,
        "required": False,
        "sensitive": False,
        "shuffled": False,
        "points": 0,
        "decimals": 0,
        "condition_mode": "all",
    }
    statement = sa.insert(Question)
    with session.begin_nested() as savepoint:
        session.execute(statement.values(plain | {"condition_mode": ConditionMode.ALL}))
        savepoint.rollback()
    everything = plain | {"kind": "single"} | values
    _refused(session, sa.text(_as_sql(everything)).bindparams(**everything))


def _as_sql(values: dict[str, Any]) -> str:
    """Return an insert that no type of ours checks before the database does."""
    names = ", ".join(values)
    return f"INSERT INTO question ({names}) VALUES ({', '.join(f':{name}' for name in values)})"


def test_no_table_of_what_was_said_keeps_the_order_of_arrival_on_sqlite(sqlite_url):
    """A row number would be one more serial number."""
    from participation.surveys.shuffling import SHUFFLED  # noqa: PLC0415

    engine = sa.create_engine(sqlite_url)
    tune_engine(engine)
    with engine.connect() as connection:
        for model in SHUFFLED:
            with pytest.raises(sa.exc.OperationalError, match="rowid"):
                connection.exec_driver_sql(f"SELECT rowid FROM {model.__tablename__}")
    engine.dispose()
