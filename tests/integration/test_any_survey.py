"""Any sheet of any survey with logic is stored and counted exactly, or refused and named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.contributions.models import Channel, Contribution
from participation.foundation.clock import local_date
from participation.strategy.models import Element
from participation.surveys import operations, queries
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SurveyRemark,
    SurveyResponse,
)
from participation.surveys.conditions import asked_of
from participation.surveys.counts import QuestionCounts, count_answers
from participation.surveys.models import Survey
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.sheets import InvalidSheet
from tests.factories import Make
from tests.factories_engagements import KEY
from tests.questionnaires import (
    Filled,
    questionnaires,
    store,
    valid_answers,
)
from tests.sheets_judged import expected_counts, expected_remarks, ways_to_spoil

TABLES = (SurveyResponse, Answer, NumberAnswer, DateAnswer, PlaceAnswer, SurveyRemark, Contribution)


@pytest.fixture
def town(make: Make, session: Session) -> Municipality:
    town = make.municipality()
    session.commit()
    return town


@pytest.fixture
def measures(make: Make, session: Session, town: Municipality) -> list[Element]:
    strategy = make.strategy(town)
    found = [make.measure(strategy, goals=(make.goal(strategy).code,)) for _ in range(3)]
    session.commit()
    return found


def surveys_about(measures: list[Element]) -> Any:
    """Any survey, perhaps with blocks over measures, and questions or choices about them."""
    return questionnaires([(measure.code, measure.id) for measure in measures])


def tried(session: Session, test: Any, examples: int = 20) -> Any:
    """Run a property with fewer examples on PostgreSQL, which is slower."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return settings(
        max_examples=max(examples * 2 // 5, 4) if is_postgresql else examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )(given(st.data())(test))()


def is_something(filled: Filled) -> bool:
    return bool(filled.sheet().answered() & filled.asked.keys())


def stored(session: Session) -> dict[str, int]:
    return {
        table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table.__table__))
        or 0
        for table in TABLES
    }


def counted_by_code(questionnaire: Questionnaire, counted: dict[int, QuestionCounts]) -> Any:
    found = {}
    for question in questionnaire.answered:
        counts = counted.get(question.id, QuestionCounts())
        values = dict(vars(counts))
        values["firsts"] = {code: number for code, number in counts.firsts.items() if number}
        found[question.code] = values
    return found


def written(session: Session, survey: Survey) -> list[str]:
    texts = sa.select(Contribution.text).where(Contribution.engagement_id == survey.id)
    return sorted(session.scalars(texts))


def about(session: Session, survey: Survey) -> list[tuple[str, tuple[str, ...]]]:
    """Return what was written with the elements that it is about."""
    remarks = session.scalars(
        sa.select(SurveyRemark).where(SurveyRemark.engagement_id == survey.id)
    )
    return sorted((one.text, tuple(element.code for element in one.elements)) for one in remarks)


def expected_subjects(
    asked: Questionnaire, sheets: list[Filled], measures: list[Element]
) -> list[tuple[str, tuple[str, ...]]]:
    """A remark is about what its question is about; of all, where no question says anything."""
    parts = [part for question in asked.questions for part in (question, *question.rows)]
    is_said = any(one.elements or any(c.element for c in one.choices) for one in parts)
    everything = () if is_said else tuple(measure.code for measure in measures)
    return sorted(
        (text.strip(), tuple(code for code, _ in filled.asked[code].elements) or everything)
        for filled in sheets
        for code, text in filled.texts.items()
        if code in filled.asked
    )


def test_any_sheet_of_any_survey_is_stored_and_counted_exactly(session, make, town, measures):
    def check(data: Any) -> None:
        try:
            asked = data.draw(surveys_about(measures))
            survey, questionnaire = store(make, town, asked, elements=tuple(measures))
            drawn = data.draw(st.lists(valid_answers(questionnaire), min_size=1, max_size=4))
            sheets = [filled for filled in drawn if is_something(filled)]
            for filled in sheets:
                assert asked_of(questionnaire, filled.sheet()) >= filled.asked.keys()
                make.response(survey, filled.sheet())
            counted = counted_by_code(questionnaire, count_answers(session, questionnaire))
            assert counted == expected_counts(questionnaire, sheets)
            assert written(session, survey) == expected_remarks(sheets)
            assert about(session, survey) == expected_subjects(asked, sheets, measures)
            assert queries.response_count(session, survey.id) == len(sheets)
        finally:
            session.rollback()

    tried(session, check)


def test_many_sheets_taken_in_are_counted_like_those_that_are_sent(session, make, town):
    def check(data: Any) -> None:
        try:
            survey, questionnaire = store(make, town, data.draw(questionnaires()))
            sheets = data.draw(st.lists(valid_answers(questionnaire), min_size=1, max_size=4))
            operations.take_in(
                session,
                survey=survey,
                sheets=[filled.sheet() for filled in sheets],
                channel=Channel.PAPER,
                day=local_date(make.at),
            )
            counted = counted_by_code(questionnaire, count_answers(session, questionnaire))
            assert counted == expected_counts(questionnaire, sheets)
            assert written(session, survey) == expected_remarks(sheets)
        finally:
            session.rollback()

    tried(session, check)


def test_any_spoilt_sheet_is_refused_with_the_question_named_and_nothing_stored(
    session, make, town, measures
):
    def check(data: Any) -> None:
        try:
            asked = data.draw(surveys_about(measures))
            survey, questionnaire = store(make, town, asked, elements=tuple(measures))
            filled = data.draw(valid_answers(questionnaire))
            before = stored(session)
            for name, code, sheet in ways_to_spoil(filled):
                with pytest.raises(InvalidSheet) as refused:
                    make.response(survey, sheet)
                assert code in {fault.code for fault in refused.value.faults}, name
                assert refused.value.field
            assert stored(session) == before
        finally:
            session.rollback()

    # Each of them is spoilt in some thirty ways.
    tried(session, check, examples=10)


def test_any_response_is_taken_back_without_a_trace(session, make, town):
    def check(data: Any) -> None:
        try:
            survey, questionnaire = store(make, town, data.draw(questionnaires()))
            filled = data.draw(valid_answers(questionnaire).filter(is_something))
            before = stored(session)
            submitted = make.response(survey, filled.sheet())
            response = queries.find_response(session, KEY, submitted.code)
            assert response is not None
            operations.withdraw_response(
                session,
                response=response,
                code=submitted.code,
                key=KEY,
                is_released=False,
                at=make.at,
            )
            kept = stored(session)
            # That something was written stays known; what it was does not.
            for table in ("survey_remark", "contribution"):
                kept[table] = before[table]
            assert kept == before
            assert not any(written(session, survey))
        finally:
            session.rollback()

    tried(session, check)


def test_a_form_made_from_another_edition_is_refused_and_a_retry_is_not(session, make, town):
    survey = make.survey(town)
    edition = queries.questionnaire_of(session, survey.id).edition
    same = {"submission": "1" * 32, "edition": edition}
    submitted = make.response(survey, **same)
    survey.versions[-1].questions[0].texts[0].text = "Etwas ganz anderes?"
    session.flush()
    assert queries.questionnaire_of(session, survey.id).edition != edition
    with pytest.raises(operations.SurveyChanged):
        make.response(survey, edition=edition)
    # What was stored before stays stored.
    assert make.response(survey, **same) == replace(submitted, is_new=False)
    assert queries.response_count(session, survey.id) == 1


def test_the_edition_is_the_same_in_every_language(session, make, town):
    survey = make.survey(town)
    assert (
        queries.questionnaire_of(session, survey.id, language="en").edition
        == queries.questionnaire_of(session, survey.id).edition
    )
