"""Fixtures of building a survey: a town with measures and a survey nobody has answered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from participation.surveys import building
from participation.surveys.drafts import QuestionDraft, TermDraft
from participation.surveys.models import ConditionMode, Operator, Survey
from tests.survey_edits import YES_NO, K, ticked


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def measures(make, town):
    strategy = make.strategy(town)
    return [
        make.measure(strategy, title=title)
        for title in ("Bürgerservice ohne Termin", "Mängelmelder", "Stadtkalender")
    ]


@pytest.fixture
def survey(make, town, measures) -> Survey:
    survey: Survey = make.survey(town, elements=tuple(measures), questions=[], published=False)
    survey.published_at = make.at - timedelta(days=2)
    return survey


@pytest.fixture
def wired(session, survey) -> Survey:
    """F1 single, F2 number, F3 matrix, F4 asked because of them, F5 text."""
    for draft in (
        QuestionDraft(K.SINGLE, "Nutzen Sie es?", choices=YES_NO, no_answer="k. A."),
        QuestionDraft(K.NUMBER, "Wie oft?"),
        QuestionDraft(K.MATRIX, "Wie gut?", rows=("Bus", "Bahn"), choices=("gut", "schlecht")),
        QuestionDraft(
            K.TEXT,
            "Was stört Sie?",
            mode=ConditionMode.ANY,
            terms=(
                ticked("F1", "2"),
                TermDraft("F2", Operator.AT_MOST, number=Decimal(3)),
                TermDraft("F3_2", Operator.NOT_TICKED, choice="1"),
            ),
        ),
        QuestionDraft(K.TEXT, "Noch etwas?"),
    ):
        building.add_question(session, survey=survey, draft=draft)
    return survey
