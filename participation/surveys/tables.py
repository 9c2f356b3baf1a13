"""The tables of a survey as they may be shown: counted, then passed through disclosure control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from participation.analysis.disclosure import Counts, Shown, disclose
from participation.analysis.tabulation import on_a_scale, one_of_them, several_of_them
from participation.surveys.counts import QuestionCounts, count_answers
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire


@dataclass(frozen=True)
class CountRow:
    """One row of a table, of one or several merged choices; None is what is not shown."""

    labels: tuple[str, ...]
    count: int | None
    share: int | None

    @property
    def label(self) -> str:
        """The words of the row."""
        return " / ".join(self.labels)

    @property
    def hidden(self) -> bool:
        """Whether too few people stand behind it."""
        return self.count is None


@dataclass(frozen=True)
class QuestionTable:
    """What may be shown of a question. Every number is rounded; a withheld table has no rows."""

    code: str
    question: str
    kind: QuestionKind
    n: int
    rows: tuple[CountRow, ...]
    mean: float | None = None
    low: str = ""
    high: str = ""

    @property
    def withheld(self) -> bool:
        """Whether too few people answered for anything to be shown."""
        return not self.rows

    @property
    def top(self) -> CountRow | None:
        """The row that most people are in; None where that is not shown."""
        shown = [row for row in self.rows if row.count]
        return max(shown, key=lambda row: row.count or 0, default=None)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, from which `from_json` makes the same again."""
        return {
            "code": self.code,
            "question": self.question,
            "kind": self.kind.value,
            "n": self.n,
            "rows": [
                {"labels": list(row.labels), "count": row.count, "share": row.share}
                for row in self.rows
            ],
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> QuestionTable:
        """Return what `as_json` wrote."""
        return cls(
            code=values["code"],
            question=values["question"],
            kind=QuestionKind(values["kind"]),
            n=values["n"],
            rows=tuple(
                CountRow(tuple(row["labels"]), row["count"], row["share"]) for row in values["rows"]
            ),
            mean=values["mean"],
            low=values["low"],
            high=values["high"],
        )


def tables_of(
    session: Session, questionnaire: Questionnaire, *, threshold: int
) -> list[QuestionTable]:
    """Return the tables of all ticked questions; what is written is never counted here."""
    ticked = [question for question in questionnaire.questions if question.is_ticked]
    counted = count_answers(session, questionnaire.version_id)
    exact = [counts_of(question, counted[question.id]) for question in ticked]
    shown = disclose(exact, threshold=threshold)
    return [_table(question, table) for question, table in zip(ticked, shown, strict=True)]


def counts_of(question: AskedQuestion, counted: QuestionCounts) -> Counts:
    """Return the exact table of a question."""
    codes = [choice.code for choice in question.choices]
    if question.kind is QuestionKind.MULTIPLE:
        return several_of_them(
            codes,
            counted.ticks,
            base=counted.people,
            least=question.least,
            most=question.most,
            sensitive=question.sensitive,
        )
    if question.kind is QuestionKind.SCALE:
        points = [int(code) for code in codes]
        return on_a_scale(codes, counted.ticks, values=points, sensitive=question.sensitive)
    return one_of_them(codes, counted.ticks, sensitive=question.sensitive)


def _table(question: AskedQuestion, shown: Shown) -> QuestionTable:
    return QuestionTable(
        code=question.code,
        question=question.text,
        kind=question.kind,
        n=shown.n,
        rows=tuple(
            CountRow(_labels(question, cell.codes), cell.count, cell.share) for cell in shown.cells
        ),
        mean=shown.mean,
        low=question.low,
        high=question.high,
    )


def _labels(question: AskedQuestion, codes: Sequence[str]) -> tuple[str, ...]:
    if question.kind is QuestionKind.SCALE and len(codes) > 1:
        return (f"{codes[0]}–{codes[-1]}",)
    words = {choice.code: choice.text for choice in question.choices}
    return tuple(words[code] for code in codes)
