"""Random surveys with logic, and sheets that fit them.

What is expected here is worked out apart from the code that it is held against.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.engagements.operations import publish_engagement
from participation.strategy.models import Element
from participation.surveys.asking import read_version
from participation.surveys.checking import remarks_on
from participation.surveys.models import (
    Choice,
    ChoiceRole,
    ChoiceText,
    ConditionMode,
    Operator,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
    SurveyVersion,
    Term,
)
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Place, Sheet
from tests.factories import Make

Kind = QuestionKind
# The code of an element of the strategy and its id.
Named = tuple[str, int]
ANSWERS = tuple(kind for kind in Kind if kind is not Kind.MATRIX)
_OTHER = {Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.POINTS}
_CHOICES = _OTHER | {Kind.SCALE}
_LIMITED = {Kind.MULTIPLE, Kind.RANKING}
_FROM_STRATEGY = {Kind.MULTIPLE, Kind.RANKING, Kind.POINTS}
words = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))


# Surveys ---------------------------------------------------------------------------------------


@st.composite
def _choices(draw: Any, kind: Kind, *, plain: bool = False) -> tuple[AskedChoice, ...]:
    number = draw(st.integers(2, 5)) if kind in _CHOICES else 0
    found = [AskedChoice(0, str(place), f"Antwort {place}") for place in range(1, number + 1)]
    if kind in _OTHER and not plain and draw(st.booleans()):
        found.append(AskedChoice(0, "other", "Sonstiges", role=ChoiceRole.OTHER))
    if draw(st.booleans()):
        found.append(AskedChoice(0, "none", "weiß nicht", role=ChoiceRole.NO_ANSWER))
    return tuple(found)


@st.composite
def _some(draw: Any, elements: Sequence[Named]) -> tuple[Named, ...]:
    if not elements:
        return ()
    return tuple(sorted(draw(st.lists(st.sampled_from(elements), unique=True, max_size=2))))


@st.composite
def questions(
    draw: Any, code: str, kind: Kind, *, is_row: bool = False, elements: Sequence[Named] = ()
) -> AskedQuestion:
    """A question of a kind, without a condition; perhaps it or its choices are about elements."""
    choices = draw(_choices(kind, plain=is_row))
    if kind in _FROM_STRATEGY:
        about = draw(_some(elements))
        choices = tuple(
            replace(choice, element=about[place]) if place < len(about) else choice
            for place, choice in enumerate(choices)
        )
    answers = sum(choice.role is not ChoiceRole.NO_ANSWER for choice in choices)
    rules: dict[str, Any] = {}
    if kind in _LIMITED and draw(st.booleans()):
        least = draw(st.integers(1, answers))
        rules = {"min_choices": least, "max_choices": draw(st.integers(least, answers))}
    if kind is Kind.POINTS:
        rules["points"] = draw(st.sampled_from([3, 10, 100]))
    if kind is Kind.NUMBER:
        rules["decimals"] = draw(st.integers(0, 2))
        if draw(st.booleans()):
            low = draw(st.integers(-20, 20))
            rules |= {"lowest": Decimal(low), "highest": Decimal(low + draw(st.integers(1, 200)))}
    return AskedQuestion(
        id=0,
        code=code,
        kind=kind,
        text=f"Frage {code}?",
        required=draw(st.booleans()),
        choices=choices,
        sensitive=draw(st.booleans()),
        elements=() if kind is Kind.MATRIX else draw(_some(elements)),
        **rules,
    )


def _row(code: str, elements: Sequence[Named]) -> Any:
    return questions(code, Kind.SINGLE, is_row=True, elements=elements)


def _can_be_asked_about(question: AskedQuestion) -> bool:
    return question.kind in _CHOICES | {Kind.NUMBER}


@st.composite
def _conditions(draw: Any, earlier: list[AskedQuestion]) -> AskedCondition | None:
    known = [one for one in earlier if _can_be_asked_about(one)]
    if not known or not draw(st.booleans()):
        return None
    terms = []
    for question in draw(st.lists(st.sampled_from(known), min_size=1, max_size=2)):
        by_number = question.kind is Kind.NUMBER or (
            question.kind is Kind.SCALE and draw(st.booleans())
        )
        if by_number:
            operator = draw(st.sampled_from([Operator.AT_LEAST, Operator.AT_MOST]))
            number = Decimal(draw(st.integers(-5, 20)))
            terms.append(AskedTerm(question.code, operator, number=number))
        else:
            operator = draw(st.sampled_from([Operator.TICKED, Operator.NOT_TICKED]))
            choice = draw(st.sampled_from(question.choices)).code
            terms.append(AskedTerm(question.code, operator, choice=choice))
    return AskedCondition(draw(st.sampled_from(ConditionMode)), tuple(terms))


@st.composite
def questionnaires(draw: Any, elements: Sequence[Named] = ()) -> Questionnaire:
    """A survey of one to six questions of all kinds, with conditions, pages and elements."""
    asked: list[AskedQuestion] = []
    earlier: list[AskedQuestion] = []
    page = 1
    for number in range(1, draw(st.integers(1, 6)) + 1):
        code = f"F{number}"
        kind = draw(st.sampled_from(Kind))
        page += draw(st.integers(0, 1))
        condition = draw(_conditions(earlier))
        question = draw(questions(code, kind, elements=elements))
        question = replace(question, page=page, condition=condition)
        if kind is Kind.MATRIX:
            # Whether a matrix is required is said of its rows.
            rows = [
                replace(draw(_row(f"{code}_{number}", elements)), page=page)
                for number in range(1, draw(st.integers(1, 3)) + 1)
            ]
            question = replace(question, choices=(), required=False, rows=tuple(rows))
        if _cannot_open((*asked, question)):
            # Nobody would ever be asked it, and no such survey is published.
            question = replace(question, condition=None)
        asked.append(question)
        earlier += question.rows or (question,)
    return Questionnaire(version_id=1, questions=tuple(asked))


def _cannot_open(asked: tuple[AskedQuestion, ...]) -> bool:
    return any(one.is_hard for one in remarks_on(Questionnaire(version_id=1, questions=asked)))


# Sheets ----------------------------------------------------------------------------------------


@dataclass
class Filled:
    """A sheet on its way: what is asked of it is answered, what is hidden perhaps too."""

    asked: dict[str, AskedQuestion] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, dict[str, int]] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def sheet(self, **more: Any) -> Sheet:
        """Return the whole sheet, as somebody sends it."""
        return Sheet(
            choices=self.choices,
            texts=self.texts,
            amounts=self.amounts,
            numbers=self.numbers,
            dates=self.dates,
            places=self.places,
            **more,
        )

    def holds(self, condition: AskedCondition | None) -> bool:
        """Whether a condition holds for what was asked and answered so far."""
        if condition is None:
            return True
        found = [self._is_true(term) for term in condition.terms]
        return all(found) if condition.mode is ConditionMode.ALL else any(found)

    def _is_true(self, term: AskedTerm) -> bool:
        code, is_asked = term.earlier, term.earlier in self.asked
        chosen = {*self.choices.get(code, ()), *self.amounts.get(code, {})}
        if term.operator is Operator.TICKED:
            return is_asked and term.choice in chosen
        if term.operator is Operator.NOT_TICKED:
            return not (is_asked and term.choice in chosen)
        numbers = [self.numbers[code]] if code in self.numbers else []
        if is_asked and self.asked[code].kind is Kind.SCALE:
            numbers = [Decimal(one) for one in chosen if one != "none"]
        if not is_asked or not numbers:
            return False
        assert term.number is not None
        if term.operator is Operator.AT_LEAST:
            return numbers[0] >= term.number
        return numbers[0] <= term.number


@st.composite
def valid_answers(draw: Any, questionnaire: Questionnaire) -> Filled:
    """Everything that is asked is answered by the rules; hidden questions sometimes too."""
    filled = Filled()
    for question in questionnaire.questions:
        is_shown = filled.holds(question.condition)
        for one in question.rows or (question,):
            if is_shown:
                filled.asked[one.code] = one
            if (is_shown and one.required) or draw(st.booleans()):
                _answer(draw, filled, one)
    return filled


def _answer(draw: Any, filled: Filled, question: AskedQuestion) -> None:
    code, kind = question.code, question.kind
    if question.no_answer is not None and draw(st.integers(0, 4)) == 0:
        filled.choices[code] = (question.no_answer.code,)
    elif kind in _CHOICES:
        _choose(draw, filled, question)
    elif kind is Kind.NUMBER:
        low, high = question.lowest, question.highest
        scale = 10**question.decimals
        whole = draw(
            st.integers(
                int((low if low is not None else -1000) * scale),
                int((high if high is not None else 1000) * scale),
            )
        )
        filled.numbers[code] = Decimal(whole) / scale
    elif kind is Kind.DATE:
        filled.dates[code] = draw(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
    elif kind is Kind.PLACE:
        if draw(st.booleans()):
            filled.texts[code] = draw(words)
        else:
            place = Place(draw(st.integers(-9000, 9000)), draw(st.integers(-18000, 18000)))
            filled.places[code] = place
    else:
        filled.texts[code] = draw(words)


def _choose(draw: Any, filled: Filled, question: AskedQuestion) -> None:
    code = question.code
    codes = [choice.code for choice in question.answers]
    least, most = 1, 1
    if question.kind in _LIMITED:
        least, most = question.min_choices or 1, question.max_choices or len(codes)
    if question.kind is Kind.POINTS:
        most = min(len(codes), question.points)
    chosen = draw(st.lists(st.sampled_from(codes), unique=True, min_size=least, max_size=most))
    if question.kind is Kind.RANKING:
        filled.amounts[code] = {one: rank for rank, one in enumerate(chosen, start=1)}
    elif question.kind is Kind.POINTS:
        amounts = dict.fromkeys(chosen, 1)
        amounts[chosen[0]] += question.points - len(chosen)
        filled.amounts[code] = amounts
    else:
        filled.choices[code] = tuple(chosen)
    if "other" in chosen:
        filled.texts[code] = draw(words)


# Storing ---------------------------------------------------------------------------------------


def store(
    make: Make, town: Municipality, questionnaire: Questionnaire, **plan: Any
) -> tuple[Survey, Questionnaire]:
    """Open a survey that asks exactly this; return it with the questionnaire as it is read."""
    session = make.session
    survey = make.survey(town, published=False, questions=[], **plan)
    version = survey.versions[-1]
    positions = count(1)
    by_code: dict[str, Question] = {}
    for question in questionnaire.questions:
        parent = _store_question(session, version, question, None, next(positions))
        by_code[question.code] = parent
        for row in question.rows:
            by_code[row.code] = _store_question(session, version, row, parent, next(positions))
    for question in questionnaire.questions:
        _store_condition(by_code, question)
    session.flush()
    session.expire(version, ["questions"])
    publish_engagement(session, engagement=survey, actor=None, at=make.at - timedelta(days=1))
    found = read_version(session, version.id, language="de")
    assert found is not None
    return survey, found


def _store_question(
    session: Session,
    version: SurveyVersion,
    question: AskedQuestion,
    parent: Question | None,
    position: int,
) -> Question:
    row = Question(
        version_id=version.id,
        parent_id=parent.id if parent else None,
        code=question.code,
        series=uuid.uuid4().hex,
        kind=question.kind,
        page=question.page,
        position=position,
        required=question.required,
        sensitive=question.sensitive,
        min_choices=question.min_choices,
        max_choices=question.max_choices,
        points=question.points,
        lowest=question.lowest,
        highest=question.highest,
        decimals=question.decimals,
        texts=[QuestionText(language="de", text=question.text)],
        choices=[
            Choice(
                code=choice.code,
                position=place,
                role=choice.role,
                element_id=choice.element[1] if choice.element else None,
                texts=[ChoiceText(language="de", text=choice.text)],
            )
            for place, choice in enumerate(question.choices)
        ],
    )
    row.elements = [session.get_one(Element, element_id) for _, element_id in question.elements]
    session.add(row)
    session.flush()
    return row


def _store_condition(by_code: dict[str, Question], question: AskedQuestion) -> None:
    if question.condition is None:
        return
    row = by_code[question.code]
    row.condition_mode = question.condition.mode
    row.terms = [
        Term(
            position=position,
            earlier_id=by_code[term.earlier].id,
            operator=term.operator,
            choice_id=next(
                (one.id for one in by_code[term.earlier].choices if one.code == term.choice), None
            ),
            number=term.number,
        )
        for position, term in enumerate(question.condition.terms)
    ]
