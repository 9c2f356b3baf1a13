"""The tables of surveys refuse what cannot be: each constraint, violated on purpose."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from participation.contributions.models import Channel
from participation.foundation.orm import tune_engine
from participation.surveys import queries
from participation.surveys.answers import Answer, SurveyResponse
from participation.surveys.models import ConditionMode, Question, QuestionKind, Survey


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
