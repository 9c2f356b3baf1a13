"""Conditions of LimeSurvey (“relevance”), as far as ours can say the same.

`q1 == "A1"`, `q2_SQ1.NAOK == "Y"`, `age >= 18`, several of them joined by “and” alone or by
“or” alone. Everything else (functions, calculations, and-or mixtures) is not expressible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from participation.surveys.drafts import MOST_TERMS, TermDraft
from participation.surveys.foreign import ForeignQuestion
from participation.surveys.models import ConditionMode, Operator, QuestionKind

LONGEST = 2_000

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*')
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z]\w*(?:\.[A-Za-z]+)?)
      | (?P<sign>==|!=|>=|<=|&&|\|\||[()<>=!])
    )""",
    re.VERBOSE,
)
_JOINS = {"and": ConditionMode.ALL, "&&": ConditionMode.ALL,
          "or": ConditionMode.ANY, "||": ConditionMode.ANY}  # fmt: skip
_COMPARISONS = {"==": "==", "=": "==", "eq": "==", "!=": "!=", "ne": "!=", ">=": ">=", "ge": ">=",
                "<=": "<=", "le": "<=", ">": ">", "gt": ">", "<": "<", "lt": "<"}  # fmt: skip


class NotExpressible(Exception):
    """A condition that ours cannot say."""


@dataclass(frozen=True)
class Condition:
    """A condition in our terms; without terms it always holds."""

    mode: ConditionMode = ConditionMode.ALL
    terms: tuple[TermDraft, ...] = ()

    def with_also(self, other: Condition) -> Condition:
        """Return the condition that asks for both. Raises NotExpressible."""
        if not self.terms or not other.terms:
            return self if self.terms else other
        both = (self, other)
        if any(one.mode is ConditionMode.ANY and len(one.terms) > 1 for one in both):
            raise NotExpressible
        return _checked(ConditionMode.ALL, (*self.terms, *other.terms))


def condition_of(relevance: str, earlier: Mapping[str, ForeignQuestion]) -> Condition:
    """Return what a relevance equation says; `earlier` are the questions and rows before it.

    Raises NotExpressible.
    """
    equation = relevance.strip()
    if equation in {"", "1"}:
        return Condition()
    if len(equation) > LONGEST:
        raise NotExpressible
    if equation.startswith("{") and equation.endswith("}"):
        equation = equation[1:-1]
    tokens = _tokens(equation)
    modes = {_JOINS[token] for token in tokens if token in _JOINS}
    if len(modes) > 1 or tokens.count("(") != tokens.count(")"):
        raise NotExpressible
    _refuse_calls(tokens)
    # With one kind of join, brackets say nothing.
    terms: list[TermDraft] = []
    atom: list[str] = []
    for token in [*tokens, "and"]:
        if token in {"(", ")"}:
            continue
        if token in _JOINS:
            terms.append(_term(atom, earlier))
            atom = []
        else:
            atom.append(token)
    return _checked(next(iter(modes), ConditionMode.ALL), tuple(terms))


def _checked(mode: ConditionMode, terms: tuple[TermDraft, ...]) -> Condition:
    if len(terms) > MOST_TERMS:
        raise NotExpressible
    return Condition(mode, terms)


def _tokens(equation: str) -> list[str]:
    tokens, place = [], 0
    while place < len(equation.rstrip()):
        found = _TOKEN.match(equation, place)
        if found is None or found.end() == place:
            raise NotExpressible
        tokens.append(found[0].strip())
        place = found.end()
    return tokens


def _refuse_calls(tokens: list[str]) -> None:
    """Refuse `is_empty(q1)` and `!(…)`: without the brackets they would say something else."""
    for before, after in pairwise(tokens):
        is_name = before[0].isalpha() and before not in _JOINS and before not in _COMPARISONS
        if after == "(" and (is_name or before == "!"):
            raise NotExpressible
    if "!" in tokens or "not" in tokens:
        raise NotExpressible


def _term(atom: list[str], earlier: Mapping[str, ForeignQuestion]) -> TermDraft:
    if len(atom) != 3 or atom[1] not in _COMPARISONS or not atom[0][0].isalpha():
        raise NotExpressible
    name, _dot, suffix = atom[0].partition(".")
    if suffix not in {"", "NAOK", "value", "code"}:
        raise NotExpressible
    value = atom[2].strip("\"'")
    comparison = _COMPARISONS[atom[1]]
    question = earlier.get(name)
    if question is not None:
        return _about(question, comparison, value)
    code, _line, choice = name.partition("_")
    question = earlier.get(code)
    if question is None or question.kind is not QuestionKind.MULTIPLE:
        raise NotExpressible
    # Of a multiple choice, each line is asked for: was it ticked?
    if value not in {"Y", ""}:
        raise NotExpressible
    is_ticked = (comparison == "==") is (value == "Y")
    if comparison not in {"==", "!="}:
        raise NotExpressible
    return _ticked(question, choice, is_ticked=is_ticked)


def _about(question: ForeignQuestion, comparison: str, value: str) -> TermDraft:
    if comparison in {"==", "!="} and question.kind in {QuestionKind.SINGLE, QuestionKind.SCALE}:
        return _ticked(question, value, is_ticked=comparison == "==")
    if question.kind not in {QuestionKind.NUMBER, QuestionKind.SCALE}:
        raise NotExpressible
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise NotExpressible from None
    step = Decimal(1).scaleb(-question.decimals)
    if not number.is_finite() or abs(number) > 10**11 or number % step:
        raise NotExpressible
    bounds = {
        ">=": (Operator.AT_LEAST, number),
        ">": (Operator.AT_LEAST, number + step),
        "<=": (Operator.AT_MOST, number),
        "<": (Operator.AT_MOST, number - step),
    }
    if comparison not in bounds:
        raise NotExpressible
    operator, bound = bounds[comparison]
    return TermDraft(question.code, operator, number=bound)


def _ticked(question: ForeignQuestion, value: str, *, is_ticked: bool) -> TermDraft:
    code = "other" if value == "-oth-" else value
    if all(choice.code != code for choice in question.choices):
        raise NotExpressible
    operator = Operator.TICKED if is_ticked else Operator.NOT_TICKED
    return TermDraft(question.code, operator, choice=code)
