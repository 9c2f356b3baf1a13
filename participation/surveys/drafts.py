"""What a clerk says about a question, and whether it can be asked like that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation.foundation.errors import Refused
from participation.strategy.models import Element
from participation.strategy.policy import canonical_code
from participation.surveys import policy
from participation.surveys.models import (
    ChoiceRole,
    ConditionMode,
    Operator,
    QuestionKind,
    Survey,
)

LONGEST_QUESTION = 300
LONGEST_HELP = 600
LONGEST_CHOICE = 200
LONGEST_END = 60
LONGEST_UNIT = 30
MOST_TERMS = 6

# Whose answers stand in lines of their own.
LISTED = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.MULTIPLE,
        QuestionKind.MATRIX,
        QuestionKind.RANKING,
        QuestionKind.POINTS,
    }
)
# Whose lines, or rows, may be taken from the strategy.
FROM_STRATEGY = frozenset(
    {QuestionKind.MULTIPLE, QuestionKind.MATRIX, QuestionKind.RANKING, QuestionKind.POINTS}
)
MAY_BE_OTHER = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
LIMITED = frozenset({QuestionKind.MULTIPLE, QuestionKind.RANKING})

_CODE = re.compile(r"^(L|HF|Z|M)-(\d{1,4})\b[\s:–-]*", re.IGNORECASE)
_MOST = Decimal(10) ** 11


class QuestionFault(Refused):
    """A question that cannot be asked like this. `why` is one of the words of `WHYS`.

    `words` are what the sentence about it names.
    """

    WHYS = (
        "text_missing",
        "text_too_long",
        "help_too_long",
        "too_few_choices",
        "too_many_choices",
        "choice_too_long",
        "choices_repeat",
        "choice_needed",
        "too_few_rows",
        "points",
        "budget",
        "limits",
        "range",
        "decimals",
        "too_many_questions",
        "foreign_elements",
        "term_incomplete",
        "term_unknown",
        "term_later",
        "term_operator",
        "term_number",
        "too_many_terms",
        "row_needed",
        "kind_needed",
        "shows_missing",
        "shows_too_long",
        "picture_too_large",
        "no_picture",
    )

    def __init__(self, field: str, why: str, **words: str) -> None:
        super().__init__(f"{field}: {why}", field=field)
        self.why = why
        self.words = words


@dataclass(frozen=True)
class TermDraft:
    """One term of a condition, in codes: an earlier answer and what it is compared with."""

    earlier: str
    operator: Operator
    choice: str | None = None
    number: Decimal | None = None


@dataclass(frozen=True)
class QuestionDraft:
    """What a clerk says about a question.

    `choices` are its lines, those of a matrix its columns, `rows` its rows; a line that begins
    with the code of an element (`M-07 Bürgerservice`) is about it. `points` are those of a
    scale, `budget` how many points people distribute. `other` and `no_answer` are the words of
    these choices, empty where they are not offered. `page` is where a new question stands; the
    last page if none. `series` joins it to earlier questions with which it can be compared.
    """

    kind: QuestionKind
    text: str
    help: str = ""
    choices: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    other: str = ""
    no_answer: str = ""
    points: int = 5
    budget: int = 0
    low: str = ""
    high: str = ""
    unit: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    decimals: int = 0
    required: bool = False
    sensitive: bool = False
    shuffled: bool = False
    min_choices: int | None = None
    max_choices: int | None = None
    elements: tuple[Element, ...] = ()
    mode: ConditionMode = ConditionMode.ALL
    terms: tuple[TermDraft, ...] = ()
    page: int | None = None
    series: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The words of its answers; a scale has its points, what is written has none."""
        if self.kind is QuestionKind.SCALE:
            return tuple(str(point) for point in range(1, self.points + 1))
        return tidy(self.choices) if self.kind in LISTED else ()


@dataclass(frozen=True)
class Line:
    """A choice or a row as it will be stored."""

    text: str
    element: Element | None = None
    role: ChoiceRole = ChoiceRole.ANSWER


def tidy(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines without needless blanks, and none that is empty."""
    return tuple(line for line in (" ".join(one.split()) for one in lines) if line)


def read_line(line: str, elements: Mapping[str, Element]) -> Line:
    """Return a line with the element whose code it begins with; words of its own are needed."""
    found = _CODE.match(line)
    if found is None:
        return Line(line)
    element = elements.get(canonical_code(f"{found[1]}-{found[2]}") or "")
    words = line[found.end() :].strip()
    return Line(words, element) if element is not None and words else Line(line)


def lines_of(draft: QuestionDraft, elements: Mapping[str, Element]) -> tuple[Line, ...]:
    """Return the choices of a question, those for "other" and "no answer" last."""
    answers: tuple[Line, ...]
    if draft.kind in FROM_STRATEGY - {QuestionKind.MATRIX}:
        answers = tuple(read_line(line, elements) for line in draft.lines)
    else:
        answers = tuple(Line(line) for line in draft.lines)
    return answers + _special(draft)


def rows_of(draft: QuestionDraft, elements: Mapping[str, Element]) -> tuple[Line, ...]:
    """Return the rows of a matrix."""
    if draft.kind is not QuestionKind.MATRIX:
        return ()
    return tuple(read_line(line, elements) for line in tidy(draft.rows))


def _special(draft: QuestionDraft) -> tuple[Line, ...]:
    special = []
    if draft.kind in MAY_BE_OTHER and draft.other.strip():
        special.append(Line(" ".join(draft.other.split()), role=ChoiceRole.OTHER))
    if draft.no_answer.strip():
        special.append(Line(" ".join(draft.no_answer.split()), role=ChoiceRole.NO_ANSWER))
    return tuple(special)


def check_draft(survey: Survey, draft: QuestionDraft) -> None:
    """Raise QuestionFault, with the field, for the first thing that cannot be."""
    _check_texts(draft)
    if not set(draft.elements) <= set(survey.elements):
        raise QuestionFault("elements", "foreign_elements")
    if len(draft.terms) > MOST_TERMS:
        raise QuestionFault("terms", "too_many_terms")
    elements = {element.code: element for element in survey.elements}
    if draft.kind in LISTED:
        _check_lines("choices", lines_of(draft, elements))
    if draft.kind is QuestionKind.MATRIX:
        _check_rows(rows_of(draft, elements))
    if draft.kind in LIMITED:
        _check_limits(draft)
    _check_numbers(draft)


def _check_texts(draft: QuestionDraft) -> None:
    if not draft.text.strip():
        raise QuestionFault("text", "text_missing")
    if len(draft.text) > LONGEST_QUESTION:
        raise QuestionFault("text", "text_too_long")
    if len(draft.help) > LONGEST_HELP:
        raise QuestionFault("help", "help_too_long")


def _check_numbers(draft: QuestionDraft) -> None:
    is_scale = draft.kind is QuestionKind.SCALE
    if is_scale and not policy.FEWEST_POINTS <= draft.points <= policy.MOST_POINTS:
        raise QuestionFault("points", "points")
    if draft.kind is QuestionKind.POINTS and not 1 <= draft.budget <= policy.MOST_BUDGET:
        raise QuestionFault("budget", "budget")
    if draft.kind is QuestionKind.NUMBER:
        _check_range(draft)


def _check_lines(field: str, lines: Sequence[Line]) -> None:
    if sum(line.role is not ChoiceRole.NO_ANSWER for line in lines) < 2:
        raise QuestionFault(field, "too_few_choices")
    if len(lines) > policy.MOST_CHOICES:
        raise QuestionFault(field, "too_many_choices")
    _check_words(field, lines)


def _check_rows(rows: Sequence[Line]) -> None:
    if not rows:
        raise QuestionFault("rows", "too_few_rows")
    if len(rows) > policy.MOST_ROWS:
        raise QuestionFault("rows", "too_many_choices")
    _check_words("rows", rows)


def _check_words(field: str, lines: Sequence[Line]) -> None:
    if any(len(line.text) > LONGEST_CHOICE for line in lines):
        raise QuestionFault(field, "choice_too_long")
    if len({line.text.casefold() for line in lines}) < len(lines):
        raise QuestionFault(field, "choices_repeat")


def _check_limits(draft: QuestionDraft) -> None:
    number = len(draft.lines) + bool(draft.kind in MAY_BE_OTHER and draft.other.strip())
    least = draft.min_choices or 1
    most = draft.max_choices or number
    if not 1 <= least <= most <= number:
        raise QuestionFault("max_choices", "limits")


def _check_range(draft: QuestionDraft) -> None:
    if draft.decimals not in range(3):
        raise QuestionFault("decimals", "decimals")
    ends = [end for end in (draft.lowest, draft.highest) if end is not None]
    step = Decimal(1).scaleb(-draft.decimals)
    if any(not end.is_finite() or abs(end) > _MOST or end % step for end in ends):
        raise QuestionFault("highest", "range")
    if len(ends) == 2 and ends[0] > ends[1]:
        raise QuestionFault("highest", "range")
