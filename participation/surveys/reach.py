"""Which questions nobody can ever be asked, because their conditions contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

# More ways to get to a question than this are not followed; it counts as reachable then.
_MOST_WAYS = 256


@dataclass(frozen=True)
class Needed:
    """A term in plain words: `operator` is the value of an Operator."""

    earlier: str
    operator: str
    choice: str | None = None
    number: Decimal | None = None

    @property
    def is_positive(self) -> bool:
        """Whether the earlier question must have been answered for it."""
        return self.operator != "not_ticked"


@dataclass(frozen=True)
class Reached:
    """What matters of a question here.

    `choices` are those that can be ticked, `alone` the one that excludes all others, `most` how
    many at once, `lowest` and `highest` the range of a number. `terms` hold all of them, with
    `is_any` one of them.
    """

    code: str
    choices: frozenset[str] = frozenset()
    alone: str | None = None
    most: int = 1
    is_scale: bool = False
    lowest: Decimal | None = None
    highest: Decimal | None = None
    terms: tuple[Needed, ...] = ()
    is_any: bool = False


_Way = frozenset[Needed]


def unreachable(questions: Sequence[Reached]) -> tuple[str, ...]:
    """Return the codes of the questions, in their order, that nobody can be asked."""
    known: dict[str, Reached] = {}
    ways: dict[str, list[_Way]] = {}
    for question in questions:
        ways[question.code] = _ways_to(question, known, ways)
        known[question.code] = question
    return tuple(code for code, found in ways.items() if not found)


def _ways_to(
    question: Reached, known: dict[str, Reached], ways: dict[str, list[_Way]]
) -> list[_Way]:
    """Return the sets of terms under which a question is asked, none that contradicts itself."""
    if not question.terms:
        return [frozenset()]
    of_terms = [_ways_of(term, ways) for term in question.terms]
    if question.is_any:
        return _possible({way for found in of_terms for way in found}, known)
    joined: list[_Way] = [frozenset()]
    for found in of_terms:
        joined = _possible({one | other for one in joined for other in found}, known)
        if len(joined) > _MOST_WAYS:
            return [frozenset()]
    return joined


def _ways_of(term: Needed, ways: dict[str, list[_Way]]) -> list[_Way]:
    """Return how a term can hold; what was not asked was not ticked either."""
    if not term.is_positive:
        return [frozenset({term})]
    return [way | {term} for way in ways.get(term.earlier, ())]


def _possible(found: Iterable[_Way], known: dict[str, Reached]) -> list[_Way]:
    return [way for way in found if _is_possible(way, known)]


def _is_possible(way: _Way, known: dict[str, Reached]) -> bool:
    return all(
        _is_answerable(known[code], [term for term in way if term.earlier == code])
        for code in {term.earlier for term in way if term.is_positive}
        if code in known
    )


def _is_answerable(question: Reached, terms: Sequence[Needed]) -> bool:
    """Tell whether some answer to one question fulfils all terms about it."""
    ticked = {term.choice for term in terms if term.operator == "ticked"}
    barred = {term.choice for term in terms if term.operator == "not_ticked"}
    if ticked & barred or not ticked <= question.choices or len(ticked) > question.most:
        return False
    if len(ticked) > 1 and question.alone in ticked:
        return False
    least = max(
        (t.number for t in terms if t.operator == "at_least" and t.number is not None), default=None
    )
    most = min(
        (t.number for t in terms if t.operator == "at_most" and t.number is not None), default=None
    )
    if least is None and most is None:
        return True
    if question.is_scale:
        points = {code for code in question.choices - barred if code.isdecimal()}
        fitting = {
            code
            for code in points
            if (least is None or Decimal(code) >= least) and (most is None or Decimal(code) <= most)
        }
        return bool(fitting) and ticked <= fitting
    low = max((one for one in (least, question.lowest) if one is not None), default=None)
    high = min((one for one in (most, question.highest) if one is not None), default=None)
    return low is None or high is None or low <= high
