"""Page by page and on one page a survey asks the same questions, whatever is answered."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.surveys.conditions import asked_of
from participation.surveys.models import ChoiceRole, ConditionMode, Operator, QuestionKind
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Sheet
from participation.surveys.steps import Way, outlook


def choices(number, *, scale=False):
    found = [AskedChoice(n, str(n), f"Antwort {n}") for n in range(1, number + 1)]
    if scale:
        found.append(AskedChoice(99, "none", "weiß nicht", role=ChoiceRole.NO_ANSWER))
    return tuple(found)


@st.composite
def terms(draw, earlier):
    question = draw(st.sampled_from(earlier))
    if question.kind is QuestionKind.NUMBER or draw(st.booleans()):
        operator = draw(st.sampled_from([Operator.AT_LEAST, Operator.AT_MOST]))
        return AskedTerm(question.code, operator, number=Decimal(draw(st.integers(0, 5))))
    operator = draw(st.sampled_from([Operator.TICKED, Operator.NOT_TICKED]))
    return AskedTerm(question.code, operator, choice=draw(st.sampled_from(["1", "2", "none"])))


@st.composite
def questionnaires(draw):
    """Surveys of up to nine questions on up to four pages, with conditions on earlier answers."""
    questions: list[AskedQuestion] = []
    answered: list[AskedQuestion] = []
    page = 1
    for number in range(1, draw(st.integers(2, 9)) + 1):
        page += draw(st.integers(0, 1)) if number > 1 else 0
        kind = draw(
            st.sampled_from(
                [
                    QuestionKind.SINGLE,
                    QuestionKind.MULTIPLE,
                    QuestionKind.SCALE,
                    QuestionKind.NUMBER,
                    QuestionKind.MATRIX,
                    QuestionKind.TEXT,
                ]
            )
        )
        condition = None
        if answered and draw(st.booleans()):
            condition = AskedCondition(
                draw(st.sampled_from(ConditionMode)),
                tuple(draw(st.lists(terms(answered), min_size=1, max_size=3))),
            )
        question = AskedQuestion(
            number,
            f"F{number}",
            kind,
            "?",
            page=page,
            condition=condition,
            choices=choices(3, scale=kind is QuestionKind.SCALE),
            rows=tuple(
                AskedQuestion(
                    number * 10 + row,
                    f"F{number}_{row}",
                    QuestionKind.SINGLE,
                    "?",
                    page=page,
                    choices=choices(3),
                )
                for row in (1, 2)
                if kind is QuestionKind.MATRIX
            ),
        )
        questions.append(question)
        answered += question.rows or (question,)
    return Questionnaire(1, tuple(questions))


@st.composite
def sheets(draw, questionnaire):
    """What somebody answers to whatever they are shown, sooner or later."""
    ticks, numbers, texts = {}, {}, {}
    for question in questionnaire.answered:
        if draw(st.booleans()):
            continue
        if question.kind is QuestionKind.NUMBER:
            numbers[question.code] = Decimal(draw(st.integers(0, 5)))
        elif question.kind is QuestionKind.TEXT:
            texts[question.code] = "Worte"
        else:
            codes = st.sampled_from([choice.code for choice in question.choices])
            ticks[question.code] = (draw(codes),)
    return Sheet(choices=ticks, numbers=numbers, texts=texts)


def walked(questionnaire, sheet):
    """Answer page by page; return what was shown, what was seen as asked, and the sheet."""
    so_far: set[str] = set()
    way = Way(questionnaire, sheet.only(so_far))
    shown: list[str] = []
    page = way.steps[0] if way.steps else None
    while page is not None:
        here = {one.code for one in page.questions}
        looks = outlook(questionnaire, way.sheet, here)
        visible = [one for one in page.questions if looks[one.code].is_asked is not False]
        assert visible
        shown += [one.code for one in visible]
        number, all_of_them = way.count(page.number)
        assert 1 <= number <= all_of_them
        so_far |= {one.code for one in visible}
        so_far |= {row.code for one in visible for row in one.rows}
        way = Way(questionnaire, sheet.only(so_far), way.seen)
        way = Way(questionnaire, way.sheet, way.seeing(page))
        assert way.first_unseen(below=page.number) is None
        page = way.after(page.number)
    return shown, way


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_page_by_page_and_on_one_page_the_same_questions_are_asked(data):
    questionnaire = data.draw(questionnaires())
    sheet = data.draw(sheets(questionnaire))
    shown, way = walked(questionnaire, sheet)
    top = {question.code for question in questionnaire.questions}
    on_one_page = asked_of(questionnaire, sheet)
    assert way.asked == on_one_page
    assert way.seen == on_one_page & top
    assert on_one_page & top <= set(shown)
    # What is shown but not asked hangs on an answer of its own page.
    for code in set(shown) - on_one_page:
        question = questionnaire.find(code)
        assert question is not None
        assert question.condition is not None
        pages = {
            earlier.page
            for term in question.condition.terms
            if (earlier := questionnaire.find(term.earlier)) is not None
        }
        assert question.page in pages
    assert sheet.only(on_one_page) == way.sheet.only(way.asked)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_decided_before_a_page_is_sent_stays_so_afterwards(data):
    questionnaire = data.draw(questionnaires())
    sheet = data.draw(sheets(questionnaire))
    open_codes = {question.code for question in questionnaire.questions if question.page == 1}
    looks = outlook(questionnaire, Sheet(), open_codes)
    asked = asked_of(
        questionnaire,
        sheet.only(open_codes | {code for code in looks if code.rpartition("_")[0] in open_codes}),
    )
    for code in (question.code for question in questionnaire.questions):
        look = looks[code]
        if look.is_asked is not None:
            assert look.is_asked is (code in asked)
        else:
            assert look.terms


def test_nothing_is_open_once_everything_is_answered():
    questionnaire = Questionnaire(
        1,
        (
            AskedQuestion(1, "F1", QuestionKind.SINGLE, "?", choices=choices(2)),
            AskedQuestion(
                2,
                "F2",
                QuestionKind.TEXT,
                "?",
                page=2,
                condition=AskedCondition(
                    ConditionMode.ALL, (AskedTerm("F1", Operator.TICKED, choice="1"),)
                ),
            ),
        ),
    )
    assert outlook(questionnaire, Sheet(), {"F1"})["F2"].is_asked is None
    assert outlook(questionnaire, Sheet(), ())["F2"].is_asked is False
    assert outlook(questionnaire, Sheet({"F1": ("1",)}), ())["F2"].is_asked is True
    assert Way(questionnaire, Sheet({"F1": ("2",)})).after(1) is None
