"""No answer of any kind tells whose it is: ranks, numbers, days and places are shuffled too."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.surveys import shuffling
from participation.surveys.counts import count_answers
from participation.surveys.models import QuestionKind, Survey
from participation.surveys.queries import questionnaire_of
from participation.surveys.questionnaire import AskedChoice, AskedQuestion, Questionnaire
from participation.surveys.sheets import Place, Sheet
from tests.factories import Make
from tests.questionnaires import store

PEOPLE = 30
FIRST = date(2000, 1, 1)
# The table, and what of a row says who wrote it: everybody answers with their own number.
TABLES = {
    "number_answer": "CAST(value AS INTEGER)",
    "date_answer": "value",
    "place_answer": "north",
    "answer": "amount",
}


def mark_of(person: int) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"mark {person}").hex * 2


@pytest.fixture
def answered(make: Make, session: Session) -> None:
    """Everybody answers with their number, each in a transaction of their own."""
    kinds = (QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE)
    asked = [
        AskedQuestion(0, f"F{number}", kind, "Was?") for number, kind in enumerate(kinds, start=1)
    ]
    choices = (AskedChoice(0, "1", "a"), AskedChoice(0, "2", "b"))
    asked.append(AskedQuestion(0, "F4", QuestionKind.POINTS, "?", points=1000, choices=choices))
    survey, _ = store(make, make.municipality(), Questionnaire(1, tuple(asked)))
    session.commit()
    for person in range(1, PEOPLE + 1):
        sheet = Sheet(
            numbers={"F1": Decimal(person)},
            dates={"F2": FIRST + timedelta(days=person)},
            places={"F3": Place(person, 0)},
            amounts={"F4": {"1": person, "2": 1000 - person}},
        )
        make.response(survey, sheet, mark=mark_of(person))
        session.commit()


def stored_order(session: Session, table: str) -> list[int]:
    """Return who wrote the rows of a table, in the order in which they are stored."""
    column = TABLES[table]
    condition = " WHERE amount < 500" if table == "answer" else ""
    order = " ORDER BY ctid" if session.get_bind().dialect.name == "postgresql" else ""
    rows = session.execute(sa.text(f"SELECT {column} FROM {table}{condition}{order}"))
    if table == "date_answer":
        days = [row[0] if isinstance(row[0], date) else date.fromisoformat(row[0]) for row in rows]
        return [(day - FIRST).days for day in days]
    return [int(row[0]) for row in rows]


def people_exposed(session: Session, table: str) -> int:
    """Pair the n-th mark with the n-th row; return how many pairs are right."""
    order = " ORDER BY ctid" if session.get_bind().dialect.name == "postgresql" else ""
    marks = session.execute(sa.text(f"SELECT mark FROM participation_mark{order}")).scalars()
    people = {mark_of(person): person for person in range(1, PEOPLE + 1)}
    pairs = zip(marks, stored_order(session, table), strict=True)
    return sum(people[mark] == person for mark, person in pairs)


@pytest.mark.usefixtures("answered")
def test_every_answer_is_counted_as_exactly_after_the_shuffle(session: Session, engine: Engine):
    questionnaire = questionnaire_of(session, session.scalars(sa.select(Survey.id)).one())
    people = range(1, PEOPLE + 1)
    for _ in range(2):
        counted = count_answers(session, questionnaire)
        numbers, days, places, points = (counted[one.id] for one in questionnaire.questions)
        assert numbers.numbers == {Decimal(person): 1 for person in people}
        assert days.dates == {FIRST + timedelta(days=person): 1 for person in people}
        assert places.places == {(person, 0): 1 for person in people}
        assert points.amounts == {
            "1": dict.fromkeys(people, 1),
            "2": {1000 - person: 1 for person in people},
        }
        assert {one.people for one in counted.values()} == {PEOPLE}
        session.commit()
        shuffling.rewrite(session, shuffling.all_surveys(session))
        session.commit()
        shuffling.lay_out(engine)


@pytest.mark.usefixtures("answered")
def test_after_the_shuffle_no_answer_of_any_kind_is_linked(session: Session, engine: Engine):
    is_postgresql = engine.dialect.name == "postgresql"
    before = {table: sorted(stored_order(session, table)) for table in TABLES}
    for table in TABLES:
        assert len(before[table]) == PEOPLE
        if is_postgresql:
            # Before it everybody can be: this test would notice if the shuffle did nothing.
            assert people_exposed(session, table) == PEOPLE
    shuffling.rewrite(session, shuffling.all_surveys(session))
    session.commit()
    shuffling.lay_out(engine)
    for table in TABLES:
        assert sorted(stored_order(session, table)) == before[table]
        # Of thirty guesses one is right by luck; nine are, once in a million.
        assert people_exposed(session, table) < 9, table
        if is_postgresql:
            transactions = sa.text(f"SELECT count(DISTINCT xmin::text) FROM {table}")
            assert session.scalar(transactions) == 1, table
