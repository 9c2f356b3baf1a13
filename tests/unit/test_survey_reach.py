"""Which questions nobody can be asked: by hand, and against trying every answer."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.surveys.checking import CheckKind, reached, remarks_on
from participation.surveys.conditions import asked_of
from participation.surveys.models import ChoiceRole, ConditionMode, Operator, QuestionKind
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedPicture,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.reach import unreachable
from participation.surveys.sheets import Sheet

ALL, ANY = ConditionMode.ALL, ConditionMode.ANY


def asked(number: int, *terms: AskedTerm, mode: ConditionMode = ALL, **more) -> AskedQuestion:
    values: dict[str, Any] = {
        "kind": QuestionKind.SINGLE,
        "text": f"Frage {number}?",
        "choices": tuple(AskedChoice(number * 10 + n, str(n), f"{n}") for n in (1, 2)),
    } | more
    condition = AskedCondition(mode, terms) if terms else None
    return AskedQuestion(id=number, code=f"F{number}", condition=condition, **values)


def ticked(code: str, choice: str) -> AskedTerm:
    return AskedTerm(code, Operator.TICKED, choice=choice)


def not_ticked(code: str, choice: str) -> AskedTerm:
    return AskedTerm(code, Operator.NOT_TICKED, choice=choice)


def at_least(code: str, number: int) -> AskedTerm:
    return AskedTerm(code, Operator.AT_LEAST, number=Decimal(number))


def at_most(code: str, number: int) -> AskedTerm:
    return AskedTerm(code, Operator.AT_MOST, number=Decimal(number))


def out_of_reach(*questions: AskedQuestion) -> tuple[str, ...]:
    return unreachable(list(reached(questions)))


def test_two_answers_to_a_question_with_one_answer_exclude_each_other():
    assert out_of_reach(asked(1), asked(2, ticked("F1", "1"), ticked("F1", "2"))) == ("F2",)
    assert out_of_reach(asked(1), asked(2, ticked("F1", "1"), ticked("F1", "2"), mode=ANY)) == ()
    several = asked(1, kind=QuestionKind.MULTIPLE)
    assert out_of_reach(several, asked(2, ticked("F1", "1"), ticked("F1", "2"))) == ()
    limited = asked(1, kind=QuestionKind.MULTIPLE, max_choices=1)
    assert out_of_reach(limited, asked(2, ticked("F1", "1"), ticked("F1", "2"))) == ("F2",)


def test_no_answer_goes_with_nothing_else():
    choices = (
        AskedChoice(1, "1", "ja"),
        AskedChoice(2, "none", "Keine Angabe", role=ChoiceRole.NO_ANSWER),
    )
    several = asked(1, kind=QuestionKind.MULTIPLE, choices=choices)
    assert out_of_reach(several, asked(2, ticked("F1", "1"), ticked("F1", "none"))) == ("F2",)


def test_what_hangs_on_an_unreachable_question_is_unreachable_too():
    chain = (
        asked(1),
        asked(2, ticked("F1", "1")),
        asked(3, ticked("F2", "1"), ticked("F1", "2")),
        asked(4, ticked("F3", "1")),
        asked(5, not_ticked("F3", "1")),
    )
    assert out_of_reach(*chain) == ("F3", "F4")


def test_a_later_question_or_a_choice_that_is_gone_is_never_answered():
    assert out_of_reach(asked(1, ticked("F2", "1")), asked(2)) == ("F1",)
    assert out_of_reach(asked(1), asked(2, ticked("F1", "99"))) == ("F2",)


def test_numbers_out_of_range_and_points_that_a_scale_does_not_have():
    number = asked(1, kind=QuestionKind.NUMBER, choices=(), lowest=Decimal(0), highest=Decimal(9))
    assert out_of_reach(number, asked(2, at_least("F1", 10))) == ("F2",)
    assert out_of_reach(number, asked(2, at_least("F1", 9), at_most("F1", 9))) == ()
    assert out_of_reach(number, asked(2, at_least("F1", 5), at_most("F1", 4))) == ("F2",)
    scale = asked(1, kind=QuestionKind.SCALE)
    assert out_of_reach(scale, asked(2, at_least("F1", 3))) == ("F2",)
    assert out_of_reach(scale, asked(2, at_least("F1", 2), ticked("F1", "1"))) == ("F2",)
    assert out_of_reach(scale, asked(2, at_least("F1", 2), ticked("F1", "2"))) == ()


@st.composite
def surveys(draw) -> Questionnaire:
    questions: list[AskedQuestion] = []
    for number in range(1, draw(st.integers(2, 5)) + 1):
        earlier = st.sampled_from([f"F{one}" for one in range(1, number)] or ["F9"])
        term = st.builds(
            lambda code, choice, positive: (ticked if positive else not_ticked)(code, choice),
            earlier,
            st.sampled_from(["1", "2"]),
            st.booleans(),
        )
        terms = draw(st.lists(term, max_size=3)) if number > 1 else []
        kind = draw(st.sampled_from([QuestionKind.SINGLE, QuestionKind.MULTIPLE]))
        questions.append(asked(number, *terms, mode=draw(st.sampled_from([ALL, ANY])), kind=kind))
    return Questionnaire(version_id=1, questions=tuple(questions))


@given(surveys())
@settings(max_examples=150, deadline=None)
def test_what_is_unreachable_is_what_no_sheet_whatever_is_asked(questionnaire: Questionnaire):
    answers = [
        [(), ("1",), ("2",)] + ([("1", "2")] if one.kind is QuestionKind.MULTIPLE else [])
        for one in questionnaire.questions
    ]
    codes = [one.code for one in questionnaire.questions]
    seen: set[str] = set()
    for given_answers in product(*answers):
        seen |= asked_of(questionnaire, Sheet(choices=dict(zip(codes, given_answers, strict=True))))
    assert set(out_of_reach(*questionnaire.questions)) == set(codes) - seen


# The whole check -------------------------------------------------------------------------------


def kinds_in(*questions: AskedQuestion) -> list[tuple[CheckKind, str]]:
    remarks = remarks_on(Questionnaire(version_id=1, questions=questions))
    return [(remark.kind, remark.code) for remark in remarks]


def test_a_survey_without_questions_or_with_an_unreachable_one_cannot_open():
    (nothing,) = remarks_on(Questionnaire(version_id=1, questions=()))
    assert nothing.kind is CheckKind.NO_QUESTION
    assert nothing.is_hard
    gone = asked(2, ticked("F1", "1"), ticked("F1", "2"), text="Wie schnell und gut war es?")
    remarks = remarks_on(Questionnaire(version_id=1, questions=(asked(1), gone)))
    assert [(one.kind, one.is_hard) for one in remarks] == [
        (CheckKind.UNREACHABLE, True),
        (CheckKind.TWO_THINGS, False),
    ]


def test_sensitive_questions_need_a_way_out_and_scales_need_ends():
    found = kinds_in(asked(1, sensitive=True), asked(2, kind=QuestionKind.SCALE, low="nie"))
    assert found == [(CheckKind.NO_WAY_OUT, "F1"), (CheckKind.NO_ENDS, "F2")]
    way_out = (*asked(1).choices, AskedChoice(9, "none", "–", role=ChoiceRole.NO_ANSWER))
    assert kinds_in(asked(1, sensitive=True, choices=way_out)) == []
    assert kinds_in(asked(1, kind=QuestionKind.SCALE, low="nie", high="oft")) == []


def test_pictures_without_words_and_lines_about_other_elements_are_found():
    lines = (AskedChoice(1, "1", "M-77 Seilbahn"), AskedChoice(2, "2", "Bus", element=("M-01", 1)))
    found = kinds_in(
        asked(1, picture=AskedPicture(10, 10, "")),
        asked(2, kind=QuestionKind.RANKING, choices=lines),
    )
    assert found == [(CheckKind.PICTURE_WORDLESS, "F1"), (CheckKind.FOREIGN_ELEMENT, "F2")]


def test_a_survey_that_takes_long_or_forces_everybody_is_pointed_at():
    many = tuple(asked(n, kind=QuestionKind.TEXT, choices=(), required=True) for n in range(1, 31))
    found = kinds_in(*many)
    assert found == [(CheckKind.LONG_SURVEY, ""), (CheckKind.MUCH_REQUIRED, "")]
