"""What a released aggregate says, as values that survive the way into the database and back.

Numbers, words of our own and ids; never a text that somebody contributed. Numbers about people
(answers, votes) went through disclosure control; numbers of published contributions and their
supports are public anyway and exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from participation.engagements.group_tables import GroupTable, read_groups
from participation.insights.models import Aggregate, AggregateKind
from participation.surveys.tables import CountRow, QuestionTable

__all__ = [
    "CommentTable",
    "CountRow",
    "ElementRow",
    "IdeaList",
    "IdeaRow",
    "PassageRow",
    "Result",
    "SurveyTable",
    "VoteRow",
    "VoteTable",
    "as_json",
    "result_of",
]

SurveyTable = QuestionTable


@dataclass(frozen=True)
class IdeaRow:
    """One idea: its id and number, how often it was supported, and what it is about."""

    id: str
    number: int
    supports: int
    elements: tuple[str, ...]


@dataclass(frozen=True)
class ElementRow:
    """How many ideas are about an element, and how often they were supported."""

    code: str
    ideas: int
    supports: int


@dataclass(frozen=True)
class IdeaList:
    """The published ideas of a call, or those about one element: the most supported first.

    `rows` holds the first of them, `ideas` and `supports` count all.
    """

    ideas: int
    supports: int
    rows: tuple[IdeaRow, ...]
    by_element: tuple[ElementRow, ...]
    groups: GroupTable | None = None


@dataclass(frozen=True)
class PassageRow:
    """How many comments hang on a passage, by stance; the code is empty for the whole text.

    `stated` counts what organisations stated about it; the other numbers leave that out.
    """

    code: str
    heading: str
    comments: int
    by_stance: Mapping[str, int]
    stated: int = 0


@dataclass(frozen=True)
class CommentTable:
    """The published comments of a round, or those on one passage; organisations' apart."""

    comments: int
    rows: tuple[PassageRow, ...]
    stated: int = 0
    groups: GroupTable | None = None


@dataclass(frozen=True)
class VoteRow:
    """The votes on one comment: rounded counts, None where hidden.

    `agreement` is the share of those who took a side, in per cent, and `at_least` how high it
    is with 95 % certainty. A seed is a statement of the municipality's own.
    """

    id: str
    number: int
    n: int
    agree: int | None
    disagree: int | None
    passed: int | None
    agreement: int | None
    at_least: int | None
    is_seed: bool = False


@dataclass(frozen=True)
class VoteTable:
    """The votes of a round, the surest agreement first; `too_few` counts comments not shown."""

    n: int
    rows: tuple[VoteRow, ...]
    too_few: int


Result = QuestionTable | IdeaList | CommentTable | VoteTable


def as_json(result: Result) -> dict[str, Any]:
    """Return a result as plain values."""
    return result.as_json() if isinstance(result, QuestionTable) else asdict(result)


def result_of(aggregate: Aggregate) -> Result:
    """Return what a stored aggregate says."""
    values = aggregate.result
    if aggregate.kind is AggregateKind.SURVEY_QUESTION:
        return QuestionTable.from_json(values)
    if aggregate.kind is AggregateKind.IDEAS:
        return IdeaList(
            ideas=values["ideas"],
            supports=values["supports"],
            rows=tuple(
                IdeaRow(**row | {"elements": tuple(row["elements"])}) for row in values["rows"]
            ),
            by_element=tuple(ElementRow(**row) for row in values["by_element"]),
            groups=read_groups(values.get("groups")),
        )
    if aggregate.kind is AggregateKind.COMMENTS:
        return CommentTable(
            comments=values["comments"],
            rows=tuple(PassageRow(**row) for row in values["rows"]),
            stated=values.get("stated", 0),
            groups=read_groups(values.get("groups")),
        )
    return VoteTable(
        n=values["n"],
        rows=tuple(VoteRow(**row) for row in values["rows"]),
        too_few=values["too_few"],
    )
