"""What is wrong with a sheet is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import (
    LONGEST_ANSWER,
    AskedChoice,
    AskedQuestion,
    Questionnaire,
)
from participation.surveys.sheets import Fault, FaultKind, InvalidSheet, Sheet, faults_of


@st.composite
def questions(draw, number: int) -> AskedQuestion:
    kind = draw(st.sampled_from(QuestionKind))
    count = draw(st.integers(min_value=2, max_value=6))
    least = draw(st.integers(min_value=1, max_value=count))
    is_multiple = kind is QuestionKind.MULTIPLE
    return AskedQuestion(
        id=number,
        code=f"F{number}",
        kind=kind,
        text="Frage?",
        required=draw(st.booleans()),
        min_choices=least if is_multiple else None,
        max_choices=draw(st.integers(min_value=least, max_value=count)) if is_multiple else None,
        choices=()
        if kind is QuestionKind.TEXT
        else tuple(AskedChoice(place, str(place), f"Antwort {place}") for place in range(count)),
    )


@st.composite
def questionnaires(draw) -> Questionnaire:
    count = draw(st.integers(min_value=1, max_value=6))
    return Questionnaire(
        version_id=1, questions=tuple(draw(questions(number)) for number in range(1, count + 1))
    )


@st.composite
def valid_sheets(draw) -> tuple[Questionnaire, Sheet]:
    questionnaire = draw(questionnaires())
    choices: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    for question in questionnaire.questions:
        if not question.required and draw(st.booleans()):
            continue
        if question.is_ticked:
            codes = [choice.code for choice in question.choices]
            ticked = draw(
                st.lists(
                    st.sampled_from(codes),
                    unique=True,
                    min_size=question.least,
                    max_size=question.most,
                )
            )
            choices[question.code] = tuple(ticked)
        else:
            texts[question.code] = draw(
                st.text(min_size=1, max_size=40).filter(lambda text: text.strip())
            )
    return questionnaire, Sheet(choices=choices, texts=texts)


@given(valid_sheets())
def test_a_valid_sheet_of_any_survey_has_no_fault(given_sheet):
    questionnaire, sheet = given_sheet
    faults = faults_of(questionnaire, sheet)
    if sheet.choices or sheet.texts:
        assert faults == []
    else:
        assert faults == [Fault("", FaultKind.NOTHING_AT_ALL)]


@given(valid_sheets(), st.data())
def test_one_spoilt_answer_is_named_and_no_other(given_sheet, data):
    questionnaire, sheet = given_sheet
    ticked = [question for question in questionnaire.questions if question.is_ticked]
    if not ticked:
        return
    question = data.draw(st.sampled_from(ticked))
    spoilt = Sheet(choices={**sheet.choices, question.code: ("no such choice",)}, texts=sheet.texts)
    assert faults_of(questionnaire, spoilt) == [Fault(question.code, FaultKind.UNKNOWN_CHOICE)]


@given(valid_sheets())
def test_a_required_question_left_out_is_named(given_sheet):
    questionnaire, sheet = given_sheet
    for question in questionnaire.questions:
        if not question.required:
            continue
        without = Sheet(
            choices={code: v for code, v in sheet.choices.items() if code != question.code},
            texts={code: v for code, v in sheet.texts.items() if code != question.code},
        )
        assert Fault(question.code, FaultKind.UNANSWERED) in faults_of(questionnaire, without)


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
