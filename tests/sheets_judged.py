"""What is done to a sheet so that it must be refused, and counting in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.sheets import Place, Sheet
from tests.questionnaires import Filled

Kind = QuestionKind

# Spoilt sheets ---------------------------------------------------------------------------------


def _with(filled: Filled, name: str, code: str, value: Any) -> Sheet:
    changed: dict[str, Any] = {name: {**getattr(filled, name), code: value}}
    return replace(filled.sheet(), **changed)


def ways_to_spoil(filled: Filled) -> Iterator[tuple[str, str, Sheet]]:
    """Yield what is done, the question that must be named for it, and the spoilt sheet."""
    yield "a foreign question", "F99", _with(filled, "choices", "F99", ("1",))
    yield "a foreign text", "F99", _with(filled, "texts", "F99", "Was?")
    for code, question in filled.asked.items():
        for name, sheet in _ways_for(filled, question):
            yield name, code, sheet


def _ways_for(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code, kind = question.code, question.kind
    yield "an unknown choice", _with(filled, "choices", code, ("no such choice",))
    if question.required:
        everything = {*filled.asked, *filled.choices, *filled.texts, *filled.amounts}
        everything |= {*filled.numbers, *filled.dates, *filled.places}
        yield "left out", filled.sheet().only(everything - {code})
    if question.no_answer is not None:
        yield from _no_answer_and_more(filled, question)
    if kind in {Kind.SINGLE, Kind.SCALE}:
        yield "two ticks", _with(filled, "choices", code, ("1", "2"))
    if kind is Kind.MULTIPLE:
        yield from _wrong_numbers_of_ticks(filled, question)
    if question.is_weighed:
        yield from _wrong_amounts(filled, question)
    if kind is Kind.NUMBER:
        yield from _wrong_numbers(filled, question)
    if kind is Kind.PLACE:
        yield "a place beyond the pole", _with(filled, "places", code, Place(9001, 0))
    # The day is too long ago where one is asked, and the day itself is wrong where none is.
    yield "a day", _with(filled, "dates", code, date(1066, 10, 14))
    yield from _of_another_kind(filled, question)
    yield from _wrong_words(filled, question)
    yield "unreadable", replace(filled.sheet(), unreadable=frozenset({code}))


def _of_another_kind(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code = question.code
    if not question.is_weighed:
        yield "ranks where none are asked", _with(filled, "amounts", code, {"1": 1})
    if question.kind is not Kind.NUMBER:
        yield "a number where none is asked", _with(filled, "numbers", code, Decimal(1))
    if question.kind is not Kind.PLACE:
        yield "a place where none is asked", _with(filled, "places", code, Place(5387, 1325))


def _wrong_words(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    if not question.takes_words:
        yield "words where none are asked", _with(filled, "texts", question.code, "Was?")
    elif question.kind in {Kind.TEXT, Kind.SHORT_TEXT, Kind.PLACE}:
        yield "too many words", _with(filled, "texts", question.code, "a" * 1001)
    else:
        yield from _other_and_its_words(filled, question)


def _no_answer_and_more(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code = question.code
    sheet = _with(filled, "choices", code, ("none", "1"))
    if question.kind in {Kind.RANKING, Kind.POINTS}:
        sheet = _with(filled, "choices", code, ("none",))
        sheet = replace(sheet, amounts={**filled.amounts, code: {"1": 1}})
    if question.kind is Kind.NUMBER:
        sheet = _with(filled, "choices", code, ("none",))
        sheet = replace(sheet, numbers={**filled.numbers, code: Decimal(1)})
    yield "no answer, and one more", sheet


def _wrong_numbers_of_ticks(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    codes = tuple(choice.code for choice in question.answers)
    if (question.min_choices or 1) > 1:
        yield "too few", _with(filled, "choices", question.code, codes[:1])
    if (question.max_choices or len(codes)) < len(codes):
        yield "too many", _with(filled, "choices", question.code, codes)


def _wrong_amounts(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code = question.code
    yield "amounts of an unknown choice", _with(filled, "amounts", code, {"no such": 1})
    yield "below nothing", _with(filled, "amounts", code, {"1": -1, "2": 1})
    if question.kind is Kind.POINTS:
        yield "a point too many", _with(filled, "amounts", code, {"1": question.points + 1})
        yield "points left over", _with(filled, "amounts", code, {"1": question.points - 1})
    else:
        yield "one rank twice", _with(filled, "amounts", code, {"1": 1, "2": 1})
        yield "a rank left out", _with(filled, "amounts", code, {"1": 1, "2": 3})


def _wrong_numbers(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code = question.code
    yield "no number", _with(filled, "numbers", code, Decimal("NaN"))
    yield "a number without end", _with(filled, "numbers", code, Decimal("1e30"))
    yield "too precise", _with(filled, "numbers", code, Decimal("0.001"))
    if question.highest is not None:
        yield "too large", _with(filled, "numbers", code, question.highest + 1)
    if question.lowest is not None:
        yield "too small", _with(filled, "numbers", code, question.lowest - 1)


def _other_and_its_words(filled: Filled, question: AskedQuestion) -> Iterator[tuple[str, Sheet]]:
    code = question.code
    texts = {one: text for one, text in filled.texts.items() if one != code}
    if question.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        ticked = {**filled.choices, code: ("other",)}
        yield "other without words", replace(filled.sheet(), choices=ticked, texts=texts)
        ticked = {**filled.choices, code: ("1",)}
        texts = texts | {code: "Was?"}
        yield "words without other", replace(filled.sheet(), choices=ticked, texts=texts)


# Counting in plain Python ----------------------------------------------------------------------


def expected_counts(questionnaire: Questionnaire, sheets: Iterable[Filled]) -> dict[str, Any]:
    """Return what the sheets say, by the code of the question."""
    filled = list(sheets)
    return {
        question.code: _expected(question, [one for one in filled if question.code in one.asked])
        for question in questionnaire.answered
    }


def _expected(question: AskedQuestion, filled: list[Filled]) -> dict[str, Any]:
    code = question.code
    ticks: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    ranks: dict[str, Fraction] = {}
    amounts: dict[str, Counter[int]] = {}
    people = 0
    for one in filled:
        given = one.amounts.get(code, {})
        ticked = one.choices.get(code, ())
        ticks.update([*ticked, *given])
        is_counted = code in one.numbers or code in one.dates or code in one.places
        people += bool(ticked or given or is_counted)
        if question.kind is Kind.RANKING and given:
            firsts.update([choice for choice, rank in given.items() if rank == 1])
            places = len(question.answers)
            left = [place for place in range(1, places + 1) if place > len(given)]
            for choice in question.answers:
                rank = Fraction(given.get(choice.code) or 0)
                if not rank:
                    rank = Fraction(sum(left), len(left))
                ranks[choice.code] = ranks.get(choice.code, Fraction(0)) + rank
        if question.kind is Kind.POINTS:
            for choice_code, points in given.items():
                amounts.setdefault(choice_code, Counter())[points] += 1
    return {
        "people": people,
        "ticks": dict(ticks),
        "firsts": {choice: number for choice, number in firsts.items() if number},
        "ranks": ranks,
        "amounts": {choice: dict(numbers) for choice, numbers in amounts.items()},
        "numbers": dict(Counter(one.numbers[code] for one in filled if code in one.numbers)),
        "dates": dict(Counter(one.dates[code] for one in filled if code in one.dates)),
        "places": dict(
            Counter(
                (one.places[code].north, one.places[code].east)
                for one in filled
                if code in one.places
            )
        ),
    }


def expected_remarks(filled: Iterable[Filled]) -> list[str]:
    """Return all that was written in answer to a question that was asked."""
    return sorted(
        text.strip() for one in filled for code, text in one.texts.items() if code in one.asked
    )
