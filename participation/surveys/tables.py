"""The tables of a survey as they may be shown: counted, then passed through disclosure control."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy.orm import Session

from participation.analysis.disclosure import Shown, disclose, rounded
from participation.analysis.weighing import nearly_all_alike
from participation.engagements.group_tables import GroupTable, read_groups
from participation.engagements.models import ParticipantGroup
from participation.surveys.counts import QuestionCounts, count_answers
from participation.surveys.group_tables import tables_by_group
from participation.surveys.models import FIRST_LANGUAGE, Operator, QuestionKind
from participation.surveys.questionnaire import (
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.tabling import (
    Exact,
    exact_of,
    mean_number,
    mean_ranks,
    shares_of_points,
)


@dataclass(frozen=True)
class CountRow:
    """One row of a table, of one or several merged choices; None is what is not shown.

    `codes` are those of bands (`20..39`, `18..<40`, `2026-05..2026-05`) and of squares of the map
    (`5387/1325`, empty for all others), `elements` those of the elements that choices stand for.
    `mean` is the mean rank or the mean points of a choice. A row of “no answer” counts for no
    mean. `language` is that of its words, where it is not that of the table.
    """

    labels: tuple[str, ...]
    count: int | None
    share: int | None
    codes: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    mean: float | None = None
    no_answer: bool = False
    language: str = ""

    @property
    def label(self) -> str:
        """The words of the row."""
        return " / ".join(self.labels)

    @property
    def hidden(self) -> bool:
        """Whether too few people stand behind it."""
        return self.count is None and self.share is None and self.mean is None


@dataclass(frozen=True)
class QuestionTable:
    """What may be shown of a question. Every number is rounded; a withheld table has no rows.

    `group` and `group_text` are the code and the words of the matrix that a row belongs to,
    `version` the number of the version that was answered, `median` the place of the row in
    which the middle of all numbers or days lies. A question and its copies are of one `series`.
    """

    code: str
    question: str
    kind: QuestionKind
    n: int
    rows: tuple[CountRow, ...]
    mean: float | None = None
    low: str = ""
    high: str = ""
    median: int | None = None
    unit: str = ""
    group: str = ""
    group_text: str = ""
    version: int = 1
    series: str = ""
    points: int = 0
    language: str = FIRST_LANGUAGE
    groups: GroupTable | None = None

    @property
    def withheld(self) -> bool:
        """Whether too few people answered for anything to be shown."""
        return not self.rows

    @property
    def top(self) -> CountRow | None:
        """The row that most people are in; None where that is not shown."""
        shown = [row for row in self.rows if row.count]
        return max(shown, key=lambda row: row.count or 0, default=None)

    @property
    def answers(self) -> tuple[CountRow, ...]:
        """The rows without “no answer”."""
        return tuple(row for row in self.rows if not row.no_answer)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, from which `from_json` makes the same again.

        What only some kinds of questions have is left out where it says nothing.
        """
        rows = [_said(row, always=("labels", "count", "share")) for row in self.rows]
        always = ("code", "question", "kind", "n", "rows", "mean", "low", "high")
        values = _said(self, always=always) | {"kind": self.kind.value, "rows": rows}
        return values | ({} if self.groups is None else {"groups": self.groups.as_json()})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> QuestionTable:
        """Return what `as_json` wrote."""
        rows = tuple(
            CountRow(
                **row | {name: tuple(row.get(name, ())) for name in ("labels", "codes", "elements")}
            )
            for row in values["rows"]
        )
        groups = read_groups(values.get("groups"))
        kind = QuestionKind(values["kind"])
        return cls(**dict(values) | {"kind": kind, "rows": rows, "groups": groups})


def _said(values: CountRow | QuestionTable, *, always: Collection[str]) -> dict[str, Any]:
    """Return the values that stand there always, and those that are not what they are mostly."""
    return {
        one.name: list(value) if isinstance(value, tuple) else value
        for one in fields(values)
        if (value := getattr(values, one.name)) != one.default or one.name in always
    }


def tables_of(
    session: Session,
    questionnaire: Questionnaire,
    *,
    threshold: int,
    groups: Sequence[ParticipantGroup] = (),
) -> list[QuestionTable]:
    """Return the tables of all counted questions; what is written is never counted here.

    With invited groups, each as far as it may be shown by group too.
    """
    counted = count_answers(session, questionnaire)
    asked = [question for question in questionnaire.answered if not question.is_written]
    exact = [exact_of(question, counted[question.id]) for question in asked]
    shown = disclose([one.counts for one in exact], threshold=threshold)
    tables = {
        question.code: _table(question, one, table, counted[question.id], threshold)
        for question, one, table in zip(asked, exact, shown, strict=True)
    }
    _withhold_what_tells(questionnaire, tables)
    counted_ones = list(zip(asked, exact, shown, strict=True))
    by_group = tables_by_group(session, questionnaire, groups, counted_ones, threshold=threshold)
    grouped = {row.code: matrix for matrix in questionnaire.questions for row in matrix.rows}
    return [
        replace(
            table,
            rows=tuple(_without_codes(row, table.kind) for row in table.rows),
            version=questionnaire.version,
            groups=None if table.withheld else by_group.get(code),
            group=grouped[code].code if code in grouped else "",
            group_text=grouped[code].text if code in grouped else "",
        )
        for code, table in tables.items()
    ]


def _without_codes(row: CountRow, kind: QuestionKind) -> CountRow:
    """Leave out codes of choices: where a survey was imported, they are what somebody typed."""
    if kind in {QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE} and not row.no_answer:
        return row
    return replace(row, codes=())


def _table(
    question: AskedQuestion, exact: Exact, shown: Shown, counted: QuestionCounts, threshold: int
) -> QuestionTable:
    table = QuestionTable(
        code=question.code,
        question=question.text,
        kind=question.kind,
        n=shown.n,
        rows=_rows(question, exact, shown),
        mean=shown.mean,
        low=question.low,
        high=question.high,
        unit=question.unit,
        series=question.series,
        points=question.points,
    )
    if question.kind is QuestionKind.RANKING:
        return _with_ranks(table, question, counted, shown, threshold)
    if shown.withheld:
        return table
    if question.kind is QuestionKind.POINTS:
        return _with_points(table, question, counted)
    if question.kind is QuestionKind.PLACE and not any(row.codes[0] for row in table.answers):
        return _withheld(table)
    if question.kind is QuestionKind.NUMBER and table.mean is None:
        table = replace(table, mean=mean_number(question, counted))
    if question.kind in {QuestionKind.NUMBER, QuestionKind.DATE}:
        return replace(table, median=_median(table.rows))
    return table


def _rows(question: AskedQuestion, exact: Exact, shown: Shown) -> tuple[CountRow, ...]:
    # What counts for points are shares; their one cell says how many gave any.
    cells = shown.cells[1:] if question.kind is QuestionKind.POINTS else shown.cells
    elements = {choice.code: choice.element for choice in question.choices}
    aside = question.no_answer.code if question.no_answer is not None else None
    return tuple(
        CountRow(
            labels=exact.label(cell.codes, question.kind),
            count=cell.count,
            share=cell.share,
            codes=cell.codes,
            elements=tuple(
                element[0] for code in cell.codes if (element := elements.get(code)) is not None
            ),
            no_answer=cell.codes == (aside,),
        )
        for cell in cells
    )


def _with_ranks(
    table: QuestionTable,
    question: AskedQuestion,
    counted: QuestionCounts,
    shown: Shown,
    threshold: int,
) -> QuestionTable:
    """Add the mean ranks; they may be shown where no number of first places may be."""
    people = sum(counted.firsts.values())
    is_alike = question.sensitive and nearly_all_alike(list(counted.firsts.values()))
    if people < threshold or is_alike:
        return _withheld(table)
    means = mean_ranks(question, counted, shown)
    if not shown.withheld:
        rows = [replace(row, mean=means.get(row.codes[0])) for row in table.rows]
        return replace(table, rows=tuple(rows))
    if not means:
        return table
    rows = [
        CountRow(
            (choice.text,),
            None,
            None,
            codes=(choice.code,),
            elements=(choice.element[0],) if choice.element else (),
            mean=means.get(choice.code),
        )
        for choice in question.answers
    ]
    return replace(table, n=rounded(people), rows=tuple(rows))


def _with_points(
    table: QuestionTable, question: AskedQuestion, counted: QuestionCounts
) -> QuestionTable:
    """Put the choices with their shares of all points before “no answer”."""
    shares = shares_of_points(question, counted)
    if not shares:
        return _withheld(table)
    rows = tuple(
        CountRow(
            labels=(choice.text,),
            count=None,
            share=shares.get(choice.code),
            codes=(choice.code,),
            elements=(choice.element[0],) if choice.element else (),
            # From the rounded share, so that it says nothing new.
            mean=round(shares[choice.code] * question.points / 100, 1)
            if choice.code in shares
            else None,
        )
        for choice in question.answers
    )
    return replace(table, rows=rows + table.rows)


def _median(rows: Sequence[CountRow]) -> int | None:
    """Return the place of the row in which the middle lies, by the numbers that are shown."""
    counts = [(place, row.count) for place, row in enumerate(rows) if not row.no_answer]
    if any(count is None for _, count in counts):
        return None
    whole = sum(count or 0 for _, count in counts)
    seen = 0
    for place, count in counts:
        seen += count or 0
        if whole and 2 * seen >= whole:
            return place
    return None


def _withheld(table: QuestionTable) -> QuestionTable:
    return replace(table, n=0, rows=(), mean=None, median=None)


# Conditions ------------------------------------------------------------------------------------


def _withhold_what_tells(questionnaire: Questionnaire, tables: dict[str, QuestionTable]) -> None:
    """Withhold the tables of questions whose n would tell a hidden count of an earlier one.

    Whoever is asked because of a choice has ticked it, so that n counts those who did.
    """
    for code, condition in _conditions(questionnaire):
        table = tables.get(code)
        if table is not None and any(_tells(term, tables) for term in condition.terms):
            tables[code] = _withheld(table)


def _conditions(questionnaire: Questionnaire) -> Iterator[tuple[str, AskedCondition]]:
    for question in questionnaire.questions:
        for one in (question, *question.rows):
            for condition in {question.condition, one.condition}:
                if condition is not None:
                    yield one.code, condition


def _tells(term: AskedTerm, tables: Mapping[str, QuestionTable]) -> bool:
    earlier = tables.get(term.earlier)
    if earlier is None or earlier.kind in {QuestionKind.RANKING, QuestionKind.POINTS}:
        # Nothing of it counts those who chose something.
        return False
    if earlier.withheld:
        return True
    if term.operator in {Operator.TICKED, Operator.NOT_TICKED}:
        return not any(
            row.codes == (term.choice,) and row.count is not None for row in earlier.rows
        )
    is_merged = earlier.kind is QuestionKind.SCALE and any(
        len(row.codes) > 1 for row in earlier.rows
    )
    return is_merged or any(row.count is None for row in earlier.rows)
