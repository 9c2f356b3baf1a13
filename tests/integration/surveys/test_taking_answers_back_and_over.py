"""Answers are taken back with all that was written, and taken over from elsewhere."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.engagements.models import ParticipationMark
from participation.foundation.errors import Conflict
from participation.surveys import operations, queries
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.sheets import InvalidSheet, Sheet
from tests.counts import count
from tests.factories_engagements import KEY

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
