"""What the invented people of the demo town tick, rank, weigh and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from participation.foundation.clock import local_date
from participation.maintenance.demo.people import Stage
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.sheets import Place, Sheet

_ANSWERED = 0.95


def sheets(stage: Stage, questionnaire: Questionnaire, texts: dict[str, Any]) -> Iterator[Sheet]:
    """Yield as many sheets as people answered; what a condition hides is dropped later."""
    pairs = list(zip(questionnaire.questions, texts["questions"], strict=True))
    for number in range(texts["responses"]):
        yield _sheet(stage, pairs, number)


def _sheet(
    stage: Stage, pairs: Sequence[tuple[AskedQuestion, dict[str, Any]]], number: int
) -> Sheet:
    given: dict[str, dict[str, Any]] = defaultdict(dict)
    for asked, words in pairs:
        if number < len(words.get("remarks", ())):
            given["texts"][asked.code] = words["remarks"][number]
        if not asked.required and stage.dice.random() > _ANSWERED:
            continue
        if asked.rows:
            for row, weights in zip(asked.rows, words["weights"], strict=True):
                given["choices"][row.code] = _ticks(stage, row, {"weights": weights})
        elif not asked.is_written:
            part, answer = _ANSWERS[asked.kind]
            given[part][asked.code] = answer(stage, asked, words)
    given["choices"] = {code: ticked for code, ticked in given["choices"].items() if ticked}
    return Sheet(**given)  # type: ignore[arg-type]


def _ticks(stage: Stage, asked: AskedQuestion, words: dict[str, Any]) -> tuple[str, ...]:
    """Return what somebody ticks; nobody ticks “other”, which wants words beside it."""
    codes = [choice.code for choice in asked.choices if choice is not asked.other]
    if asked.kind is not QuestionKind.MULTIPLE:
        return tuple(stage.dice.choices(codes, words["weights"]))
    aside = asked.no_answer.code if asked.no_answer is not None else None
    pairs = [pair for pair in zip(codes, words["weights"], strict=True) if pair[0] != aside]
    ticked = [code for code, weight in pairs if stage.dice.random() * 100 < weight]
    if not ticked and aside is not None:
        return (aside,)
    return tuple(ticked[: asked.most])


def _ranks(stage: Stage, asked: AskedQuestion, words: dict[str, Any]) -> dict[str, int]:
    """Return an order of as many choices as may be ranked, mostly of the heavier ones."""
    drawn = [
        (stage.dice.random() ** (1 / weight), choice.code)
        for choice, weight in zip(asked.answers, words["weights"], strict=True)
    ]
    order = [code for _, code in sorted(drawn, reverse=True)]
    return {code: place for place, code in enumerate(order[: asked.most], start=1)}


def _points(stage: Stage, asked: AskedQuestion, words: dict[str, Any]) -> dict[str, int]:
    """Return all points, given in tens."""
    step = asked.points // 10
    given: dict[str, int] = {}
    for choice in stage.dice.choices(asked.answers, words["weights"], k=10):
        given[choice.code] = given.get(choice.code, 0) + step
    return given


def _number(stage: Stage, _asked: AskedQuestion, words: dict[str, Any]) -> Decimal:
    """Return a number in fives, as people estimate."""
    return Decimal(round(stage.dice.triangular(*words["spread"]) / 5) * 5)


def _day(stage: Stage, _asked: AskedQuestion, words: dict[str, Any]) -> date:
    return local_date(stage.now) - timedelta(days=int(stage.dice.triangular(*words["spread"])))


def _place(stage: Stage, _asked: AskedQuestion, words: dict[str, Any]) -> Place:
    return Place(*stage.dice.choices(words["places"], words["weights"])[0])


_Answer = Callable[[Stage, AskedQuestion, dict[str, Any]], Any]
# Into which part of a sheet an answer goes, and how it comes about.
_ANSWERS: dict[QuestionKind, tuple[str, _Answer]] = {
    QuestionKind.SINGLE: ("choices", _ticks),
    QuestionKind.MULTIPLE: ("choices", _ticks),
    QuestionKind.SCALE: ("choices", _ticks),
    QuestionKind.RANKING: ("amounts", _ranks),
    QuestionKind.POINTS: ("amounts", _points),
    QuestionKind.NUMBER: ("numbers", _number),
    QuestionKind.DATE: ("dates", _day),
    QuestionKind.PLACE: ("places", _place),
}
