"""What is wrong with a sheet is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.surveys.conditions import asked_of
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import (
    LONGEST_ANSWER,
    AskedChoice,
    AskedQuestion,
    Questionnaire,
)
from participation.surveys.sheets import Fault, FaultKind, InvalidSheet, Sheet, faults_of
from tests.questionnaires import Filled, questionnaires, valid_answers
from tests.sheets_judged import ways_to_spoil


@st.composite
def surveys_and_sheets(draw) -> tuple[Questionnaire, Filled]:
    questionnaire = draw(questionnaires())
    return questionnaire, draw(valid_answers(questionnaire))


@settings(deadline=None)
@given(surveys_and_sheets())
def test_a_valid_sheet_of_any_survey_has_no_fault(survey_and_sheet):
    questionnaire, filled = survey_and_sheet
    faults = faults_of(questionnaire, filled.sheet())
    if filled.sheet().answered() & filled.asked.keys():
        assert faults == []
    else:
        assert faults == [Fault("", FaultKind.NOTHING_AT_ALL)]


@settings(deadline=None)
@given(surveys_and_sheets())
def test_what_is_asked_follows_from_the_answers_before_and_from_nothing_hidden(survey_and_sheet):
    questionnaire, filled = survey_and_sheet
    asked = asked_of(questionnaire, filled.sheet())
    answered = {question.code for question in questionnaire.answered}
    assert asked & answered == filled.asked.keys()
    # What is hidden can be left out or dropped: it changes nothing.
    assert asked_of(questionnaire, filled.sheet().only(asked)) == asked


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(surveys_and_sheets(), st.data())
def test_one_spoilt_answer_is_named_and_all_others_only_for_what_follows_from_it(
    survey_and_sheet, data
):
    questionnaire, filled = survey_and_sheet
    name, code, sheet = data.draw(st.sampled_from(list(ways_to_spoil(filled))))
    faults = faults_of(questionnaire, sheet)
    assert code in {fault.code for fault in faults} - {""}, name
    # Another question can only be wrong because the spoilt answer hid it or let it be asked.
    asked = asked_of(questionnaire, sheet) & {one.code for one in questionnaire.answered}
    if asked == filled.asked.keys():
        assert {fault.code for fault in faults} == {code}, name


@settings(deadline=None)
@given(surveys_and_sheets())
def test_pages_are_looked_at_apart(survey_and_sheet):
    questionnaire, filled = survey_and_sheet
    nothing = Sheet()
    for page in questionnaire.pages:
        of_page = {row.code for one in page.questions for row in (one, *one.rows)}
        assert faults_of(questionnaire, filled.sheet(), pages=[page.number]) == []
        missing = faults_of(questionnaire, nothing, pages=[page.number])
        assert {fault.code for fault in missing} <= of_page
        assert {fault.kind for fault in missing} <= {FaultKind.UNANSWERED}


def test_too_few_and_too_many_answers_name_the_limit():
    question = AskedQuestion(
        id=1,
        code="F1",
        kind=QuestionKind.MULTIPLE,
        text="Welche?",
        min_choices=2,
        max_choices=3,
        choices=tuple(AskedChoice(place, str(place), "x") for place in range(5)),
    )
    asked = Questionnaire(version_id=1, questions=(question,))
    assert faults_of(asked, Sheet({"F1": ("0",)})) == [Fault("F1", FaultKind.TOO_FEW, 2)]
    four = Sheet({"F1": ("0", "1", "2", "3")})
    assert faults_of(asked, four) == [Fault("F1", FaultKind.TOO_MANY, 3)]
    # The same tick sent twice is one tick.
    assert faults_of(asked, Sheet({"F1": ("0", "1", "1")})) == []


def test_a_text_is_measured_without_the_blanks_around_it():
    question = AskedQuestion(id=1, code="F1", kind=QuestionKind.TEXT, text="Was?", required=True)
    asked = Questionnaire(version_id=1, questions=(question,))
    assert faults_of(asked, Sheet(texts={"F1": "a" * LONGEST_ANSWER + "  "})) == []
    assert faults_of(asked, Sheet(texts={"F1": "   "}))[0].kind is FaultKind.UNANSWERED


def test_a_refusal_says_everything_that_is_wrong_and_names_the_first_field():
    refusal = InvalidSheet([Fault("F2", FaultKind.UNANSWERED), Fault("F3", FaultKind.ONE_ONLY)])
    assert refusal.field == "F2"
    assert str(refusal) == "F2: unanswered; F3: one_only"


@pytest.mark.parametrize(("about", "codes"), [("M-01", ["F1"]), ("M-02", ["F1", "F2"])])
def test_a_part_is_what_names_the_element_or_else_the_whole(about, codes):
    first = AskedQuestion(
        id=1, code="F1", kind=QuestionKind.TEXT, text="Was?", elements=(("M-01", 7),)
    )
    asked = Questionnaire(1, (first, replace(first, code="F2", elements=())))
    assert [question.code for question in asked.about(about).questions] == codes
    assert asked.names_elements
