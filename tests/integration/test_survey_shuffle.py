"""Nobody can tell from the database which response belongs to which participation mark.

The attacker reads everything in the running database, also what no column shows, and knows who
took part in which order: from the marks, which the server's key can compute for an account.
"""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution
from participation.engagements.codes import code_hash
from participation.engagements.invitations import guest_with_code
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience
from participation.foundation.orm import tune_engine
from participation.surveys import queries, shuffling
from participation.surveys.answers import Answer, SurveyRemark
from participation.surveys.building import QuestionDraft
from participation.surveys.models import Choice, Question, QuestionKind, Survey
from participation.surveys.operations import withdraw_response
from tests.conftest import NOON
from tests.factories import Make
from tests.factories_engagements import KEY

PEOPLE = 60

# Who answered what: the answer of person i is bit i of this secret.
SECRET = random.Random(11).getrandbits(PEOPLE)
TABLES = {
    "mark": ("participation_mark", "mark"),
    "response": ("survey_response", "id"),
    "remark": ("contribution", "id"),
    "receipt": ("receipt", "code_hash"),
}


def answer_of(person: int) -> str:
    return "1" if SECRET >> person & 1 else "2"


@pytest.fixture
def survey(make: Make, session: Session) -> Survey:
    """A survey that people answered one after the other, each in a transaction of its own."""
    survey = make.survey(
        make.municipality(),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Ja?", choices=("ja", "nein"), required=True),
            QuestionDraft(QuestionKind.TEXT, "Warum?"),
        ],
    )
    session.commit()
    for person in range(PEOPLE):
        answer(make, survey, person)
    return survey


def answer(make: Make, survey: Survey, person: int) -> None:
    make.response(
        survey,
        make.sheet(F1=answer_of(person), texts={"F2": f"Person {person} findet das."}),
        mark=mark_of(person),
    )
    make.session.commit()


def mark_of(person: int) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"mark {person}").hex * 2


def shuffle(session: Session, engine: Engine) -> None:
    shuffling.rewrite(session, shuffling.all_surveys(session))
    session.commit()
    shuffling.lay_out(engine)


def links_by_transaction(session: Session) -> int:
    """Return for how many people one transaction names one mark and one response."""
    rows = session.execute(
        sa.text(
            "SELECT (SELECT min(m.mark) FROM participation_mark m WHERE m.xmin = r.xmin),"
            " (SELECT count(*) FROM participation_mark m WHERE m.xmin = r.xmin), r.id"
            " FROM survey_response r"
        )
    )
    return sum(count == 1 for _, count, _ in rows)


def links_by_code(session: Session) -> int:
    """Return for how many codes the database says in which transaction they were used."""
    rows = session.execute(
        sa.text(
            "SELECT count(*) FROM invitation_code c JOIN survey_response r"
            " ON c.xmin::text = r.xmin::text OR c.xmax::text = r.xmin::text"
        )
    )
    return int(rows.scalar_one())


def in_stored_order(session: Session, name: str) -> list[str]:
    """Return the keys of a table in the order in which the database stores its rows."""
    table, key = TABLES[name]
    condition = " WHERE kind = 'survey_remark'" if table == "contribution" else ""
    order = " ORDER BY ctid" if session.get_bind().dialect.name == "postgresql" else ""
    return [
        str(row[0])
        for row in session.execute(sa.text(f"SELECT {key} FROM {table}{condition}{order}"))
    ]


def answers_by_response(session: Session) -> dict[str, str]:
    rows = session.execute(
        sa.select(Answer.response_id, Choice.code)
        .join(Choice, Choice.id == Answer.choice_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Question.code == "F1")
    )
    return {response_id.hex: code for response_id, code in rows}


def people_exposed_by_order(session: Session) -> int:
    """Pair the n-th mark with the n-th response; return how many answers this tells rightly."""
    answers = answers_by_response(session)
    people = {mark_of(person): person for person in range(PEOPLE)}
    pairs = zip(in_stored_order(session, "mark"), in_stored_order(session, "response"), strict=True)
    return sum(
        answers[response.replace("-", "")] == answer_of(people[mark]) for mark, response in pairs
    )


def exact_pairs_by_order(session: Session) -> int:
    """Pair the n-th response with the n-th remark, whose text says who wrote it."""
    answers = answers_by_response(session)
    texts = {
        remark_id.hex: text
        for remark_id, text in session.execute(
            sa.select(Contribution.id, Contribution.text).where(
                Contribution.id.in_(sa.select(SurveyRemark.__table__.c.id))
            )
        )
    }
    right = 0
    for response, remark in zip(
        in_stored_order(session, "response"), in_stored_order(session, "remark"), strict=True
    ):
        person = int(texts[remark.replace("-", "")].split()[1])
        right += answers[response.replace("-", "")] == answer_of(person)
    return right


def everything(session: Session) -> dict[str, list[str]]:
    return {
        model.__tablename__: sorted(map(repr, session.execute(sa.select(model.__table__)).all()))
        for model in shuffling.SHUFFLED
    }


def test_after_the_shuffle_nobody_can_be_linked(survey, session, engine):
    if engine.dialect.name == "postgresql":
        # Before it, everybody can: this test would notice if the shuffle did nothing.
        assert links_by_transaction(session) == PEOPLE
        assert people_exposed_by_order(session) == PEOPLE
        assert exact_pairs_by_order(session) == PEOPLE
    before = everything(session)
    shuffle(session, engine)
    assert everything(session) == before
    if engine.dialect.name == "postgresql":
        assert links_by_transaction(session) == 0
        for name, (table, _) in TABLES.items():
            transactions = session.scalar(
                sa.text(f"SELECT count(DISTINCT xmin::text) FROM {table}")
            )
            assert transactions == 1, name
    # Guessing a coin sixty times is right 30 times; 49 times, once in a million.
    assert people_exposed_by_order(session) < 49
    assert exact_pairs_by_order(session) < 49
    for name in TABLES:
        keys = in_stored_order(session, name)
        assert keys == sorted(keys), name


def test_what_came_in_after_a_shuffle_is_mixed_with_the_rest_by_the_next(
    survey, session, engine, make
):
    shuffle(session, engine)
    for person in range(5):
        make.response(survey, mark=f"later {person}")
        session.commit()
    shuffle(session, engine)
    for name in ("mark", "response"):
        keys = in_stored_order(session, name)
        assert keys == sorted(keys)
        assert len(keys) == PEOPLE + 5


def test_a_shuffle_while_people_answer_loses_nobody(survey, session, engine, make):
    """A response that arrives in between stays, and is shuffled with the next night's."""
    with Session(engine) as other:
        shuffling.rewrite(session, [survey.id])
        if engine.dialect.name == "postgresql":
            late = Make(other, at=NOON)
            late.response(other.get_one(Survey, survey.id), mark="late")
            other.commit()
    session.commit()
    shuffling.lay_out(engine)
    expected = PEOPLE + (engine.dialect.name == "postgresql")
    assert len(in_stored_order(session, "response")) == expected


def test_what_was_taken_back_leaves_no_trace_in_the_file(sqlite_url):
    engine = sa.create_engine(sqlite_url)
    tune_engine(engine)
    with Session(engine) as session:
        make = Make(session, at=NOON)
        survey = make.survey(make.municipality())
        submitted = make.response(survey, make.sheet(F1="1", texts={"F4": "Das Kanarienwort"}))
        session.commit()
        assert traces(sqlite_url)
        response = queries.find_response(session, KEY, submitted.code)
        assert response is not None
        withdraw_response(
            session, response=response, code=submitted.code, key=KEY, is_released=False, at=NOON
        )
        session.commit()
        shuffle(session, engine)
    engine.dispose()
    assert not traces(sqlite_url)


def traces(url: str) -> list[str]:
    """Return the endings of the database's files that hold what was written."""
    name = sa.make_url(url).database or ""
    files = {ending: Path(name + ending) for ending in ("", "-wal")}
    return [
        ending
        for ending, file in files.items()
        if file.exists() and b"Kanarienwort" in file.read_bytes()
    ]


def test_only_surveys_that_may_have_got_responses_are_shuffled(make, session):
    town = make.municipality()
    running = make.survey(town)
    make.survey(town, published=False)
    make.survey(town, opens_at=make.at - timedelta(days=40), closes_at=make.at - timedelta(days=30))
    just_closed = make.survey(
        town, opens_at=make.at - timedelta(days=4), closes_at=make.at - timedelta(days=3)
    )
    make.survey(town, opens_at=make.at + timedelta(days=1))
    assert shuffling.surveys_to_shuffle(session, at=make.at) == [running.id, just_closed.id]


@pytest.fixture
def invited(make: Make, session: Session) -> tuple[Survey, tuple[str, ...]]:
    """A survey that invited people answered, in the order of their codes as they were made."""
    survey = make.survey(
        make.municipality(),
        audience=Audience.CODE,
        questions=[QuestionDraft(QuestionKind.SINGLE, "Ja?", choices=("ja", "nein"))],
    )
    typed = make.invitations(survey, PEOPLE)
    session.commit()
    for person, code in enumerate(typed):
        guest = guest_with_code(session, key=KEY, engagement_id=survey.id, typed=code).guest
        assert guest is not None
        make.response(
            survey, make.sheet(F1=answer_of(person)), mark=mark_of_code(survey, code), guest=guest
        )
        session.commit()
    return survey, typed


def mark_of_code(survey: Survey, code: str) -> str:
    """What anybody with the server's key can compute from a letter."""
    who = f"code:{code_hash(KEY, survey.id, code)}"
    return participation_mark(KEY, survey.id, "response", who)


def exposed_by_code(session: Session, survey: Survey, typed: tuple[str, ...]) -> int:
    """Pair the n-th mark with the n-th response; return how many letters this tells about."""
    answers = answers_by_response(session)
    people = {mark_of_code(survey, code): person for person, code in enumerate(typed)}
    pairs = zip(in_stored_order(session, "mark"), in_stored_order(session, "response"), strict=True)
    return sum(
        answers[response.replace("-", "")] == answer_of(people[mark]) for mark, response in pairs
    )


def test_after_the_shuffle_nobody_links_a_code_and_a_response(invited, session, engine):
    """Not even whoever kept the letters, reads the whole database and has the server's key."""
    survey, typed = invited
    if engine.dialect.name == "postgresql":
        # Looking a code up leaves nothing on its row, not even before the shuffle.
        assert links_by_code(session) == 0
        assert links_by_transaction(session) == PEOPLE
        assert exposed_by_code(session, survey, typed) == PEOPLE
    shuffle(session, engine)
    if engine.dialect.name == "postgresql":
        assert links_by_code(session) == 0
        assert links_by_transaction(session) == 0
    assert exposed_by_code(session, survey, typed) < 49
    # Where codes are kept says nothing about the order in which they were used or made.
    order = " ORDER BY ctid" if engine.dialect.name == "postgresql" else ""
    stored = session.scalars(sa.text(f"SELECT code_hash FROM invitation_code{order}")).all()
    assert stored == sorted(stored)
