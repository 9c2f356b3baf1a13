"""Paper: the printed form asks what the form on the screen asks, and its keys lead to choices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.surveys.models import ChoiceRole, ConditionMode, Operator, QuestionKind
from participation.surveys.paper import boxes_of, printed_questions
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import FaultKind
from participation.surveys.slips import faults_of_slip, likeness_of, read_slip
from participation.surveys.typed import field_name, names_of
from tests.questionnaires import questionnaires, valid_answers

KEY = b"a key for tests only"
Kind = QuestionKind


def choices(number: int, *, no_answer: bool = False, first: int = 1) -> tuple[AskedChoice, ...]:
    found = [AskedChoice(n, str(n), f"Antwort {n}") for n in range(first, first + number)]
    if no_answer:
        found.append(AskedChoice(99, "none", "weiß nicht", role=ChoiceRole.NO_ANSWER))
    return tuple(found)


def asking(*questions: AskedQuestion) -> Questionnaire:
    return Questionnaire(1, questions)


@given(questionnaires())
def test_the_printed_form_asks_the_same_questions_as_the_form_on_one_page(questionnaire):
    printed = printed_questions(questionnaire)
    on_paper = [one for question in printed for one in question.answered]
    assert on_paper == list(questionnaire.answered)
    # What is filled in on the screen, field by field, can be filled in on paper.
    fields = [name for question in questionnaire.questions for name in names_of(question)]
    assert fields == [name for question in printed for name in names_of(question.question)]
    for question in printed:
        for row, boxes in question.rows or ((question.question, question.boxes),):
            assert [box.choice for box in boxes] == list(row.choices)
            assert len({box.key for box in boxes}) == len(boxes)


@settings(deadline=None)
@given(st.data())
def test_whatever_is_on_a_slip_is_read_as_it_was_meant(data):
    questionnaire = data.draw(questionnaires())
    sheet = data.draw(valid_answers(questionnaire)).sheet()
    slip = read_slip(questionnaire, typed_as_keys(questionnaire, sheet))
    assert not slip.wrong
    kept = sheet.answered() & {question.code for question in questionnaire.answered}
    assert {code: set(slip.sheet.choices.get(code, ())) for code in sheet.choices} == {
        code: set(ticked) for code, ticked in sheet.choices.items()
    }
    for name in ("numbers", "dates"):
        read, meant = getattr(slip.sheet, name), getattr(sheet, name)
        assert {code: read.get(code) for code in meant if code in kept} == {
            code: value for code, value in meant.items() if code in kept
        }, name
    assert {code: slip.sheet.weighed(code) for code in sheet.amounts} == {
        code: sheet.weighed(code) for code in sheet.amounts
    }


def typed_as_keys(questionnaire, sheet):
    """What a clerk types from a slip on which these answers stand."""
    fields = {}
    for question in questionnaire.answered:
        keys = {box.choice.code: box.key for box in boxes_of(question)}
        ticked = sheet.choices.get(question.code, ())
        if question.is_ticked and ticked:
            in_order = [choice.code for choice in question.choices if choice.code in ticked]
            fields[field_name(question)] = " ".join(keys[code] for code in in_order)
        elif ticked:
            fields[f"keine_{question.code}"] = ticked[0]
        for choice, amount in sheet.weighed(question.code).items():
            fields[f"frage_{question.code}:{choice}"] = str(amount)
        if question.code in sheet.numbers:
            fields[field_name(question)] = str(sheet.numbers[question.code]).replace(".", ",")
        if question.code in sheet.dates:
            fields[field_name(question)] = sheet.dates[question.code].strftime("%d.%m.%Y")
        words = sheet.written().get(question.code)
        if words:
            is_other = question.other is not None
            fields[f"worte_{question.code}" if is_other else field_name(question)] = words
    return fields


@pytest.mark.parametrize(
    ("typed", "ticked"),
    [
        ("2", ("2",)),
        ("1 3", ("1", "3")),
        ("1,3", ("1", "3")),
        ("13", ("1", "3")),
        ("3 1 1", ("3", "1")),
        ("0", ("none",)),
        ("4", None),
        ("x", None),
        ("1 4", None),
    ],
)
def test_keys_are_numbers_side_by_side_or_run_together(typed, ticked):
    question = AskedQuestion(
        1, "F1", Kind.MULTIPLE, "Was?", choices=choices(3, no_answer=True), max_choices=3
    )
    slip = read_slip(asking(question), {"frage_F1": typed})
    if ticked is None:
        assert [wrong.allowed for wrong in slip.wrong] == [("1", "2", "3", "0")]
        assert slip.typed == {"frage_F1": typed}
    else:
        assert slip.sheet.choices == {"F1": ticked}


def test_long_lists_have_keys_of_two_signs_that_are_not_run_together():
    question = AskedQuestion(1, "F1", Kind.MULTIPLE, "Was?", choices=choices(12))
    assert read_slip(asking(question), {"frage_F1": "12"}).sheet.choices == {"F1": ("12",)}
    assert read_slip(asking(question), {"frage_F1": "1 2"}).sheet.choices == {"F1": ("1", "2")}
    assert read_slip(asking(question), {"frage_F1": "13"}).wrong


def test_a_scale_is_typed_as_it_is_read_and_no_answer_gets_out_of_its_way():
    scale = AskedQuestion(1, "F1", Kind.SCALE, "Wie?", choices=choices(11, no_answer=True, first=0))
    assert [box.key for box in boxes_of(scale)] == [*map(str, range(11)), "99"]
    assert read_slip(asking(scale), {"frage_F1": "0"}).sheet.choices == {"F1": ("0",)}
    assert read_slip(asking(scale), {"frage_F1": "99"}).sheet.choices == {"F1": ("none",)}


def test_what_is_missing_on_paper_is_no_fault_and_an_empty_slip_is():
    question = AskedQuestion(1, "F1", Kind.SINGLE, "Was?", choices=choices(2), required=True)
    text = AskedQuestion(2, "F2", Kind.TEXT, "Warum?")
    both = asking(question, text)
    assert not faults_of_slip(both, read_slip(both, {"frage_F2": "Darum."}))
    empty = faults_of_slip(both, read_slip(both, {"frage_F1": "  "}))
    assert [fault.kind for fault in empty] == [FaultKind.NOTHING_AT_ALL]
    two = faults_of_slip(both, read_slip(both, {"frage_F1": "1 2"}))
    assert [(fault.code, fault.kind) for fault in two] == [("F1", FaultKind.ONE_ONLY)]


def test_the_likeness_of_a_slip_tells_every_answer_and_nothing_else():
    question = AskedQuestion(1, "F1", Kind.MULTIPLE, "Was?", choices=choices(3))
    both = asking(question, AskedQuestion(2, "F2", Kind.TEXT, "Warum?"))

    def likeness(survey_id=1, **typed):
        return likeness_of(KEY, survey_id, read_slip(both, typed).sheet)

    assert likeness(frage_F1="1 2") == likeness(frage_F1="2,1")
    others = [
        likeness(frage_F1="1 3"),
        likeness(frage_F1="1 2", frage_F2="x"),
        likeness(2, frage_F1="1 2"),
    ]
    assert likeness(frage_F1="1 2") not in others


def test_whoever_is_kept_from_a_question_is_told_where_to_go_on():
    first = AskedQuestion(1, "F1", Kind.SINGLE, "Was?", choices=choices(2))
    condition = AskedCondition(ConditionMode.ALL, (AskedTerm("F1", Operator.TICKED, choice="1"),))
    other = AskedCondition(ConditionMode.ALL, (AskedTerm("F1", Operator.TICKED, choice="2"),))

    def text(number, condition=None):
        return AskedQuestion(number, f"F{number}", Kind.TEXT, "?", condition=condition)

    printed = printed_questions(
        asking(first, text(2, condition), text(3, condition), text(4), text(5, other))
    )
    assert [one.otherwise for one in printed] == [None, 4, None, None, 0]
