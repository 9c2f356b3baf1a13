"""Answers that arrive at the same moment are stored once."""

from __future__ import annotations

import threading
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.engagements.models import Audience, ParticipationMark
from participation.surveys.answers import SurveyRemark, SurveyResponse
from participation.surveys.models import Survey
from participation.surveys.operations import AlreadyTookPart
from tests.code_racers import race
from tests.conftest import NOON
from tests.counts import count
from tests.factories import Make


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


@pytest.mark.postgres
def test_a_code_raced_by_two_processes_on_postgresql_is_spent_once(postgres_database_url):
    engine = sa.create_engine(postgres_database_url)
    with Session(engine) as session:
        make = Make(session, at=NOON)
        survey = make.survey(make.municipality(), audience=Audience.CODE, title="Auswahl")
        codes = make.invitations(survey, 5)
        session.commit()
    got = race(postgres_database_url, "/beteiligung/auswahl/teilnehmen", codes)
    # One of both gets a receipt each time; the other is told that somebody answered already.
    assert got == [[200, 409]] * len(codes)
    with Session(engine) as session:
        for model in (SurveyResponse, ParticipationMark):
            assert count(session, model) == len(codes)
        assert session.scalars(sa.select(Survey.participants)).one() == len(codes)
    engine.dispose()


def _race(engine: Engine, *, same_submission: bool) -> list[str]:
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
