"""A comparison with the last time as a sentence and a small table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from participation.insights.comparison import ComparedRow, Comparison
from participation.surveys.models import QuestionKind
from participation.surveys.readings import label_of
from participation.surveys.tables import CountRow
from participation.web.filters import local_date, number, percent


@dataclass(frozen=True)
class ShownComparison:
    """What stands under a chart: which survey it was, a sentence, and the rows."""

    title: str
    slug: str
    day: str
    reading: str
    is_reworded: bool
    before_question: str
    rows: list[dict[str, Any]]


def shown_comparison(comparison: Comparison) -> ShownComparison:
    """Return a comparison in words."""
    earlier = comparison.engagement
    before = comparison.before
    question = f"{before.group_text} {before.question}".strip()
    return ShownComparison(
        title=earlier.title,
        slug=earlier.slug,
        day=local_date(earlier.closes_at),
        reading=_reading(comparison),
        is_reworded=comparison.is_reworded,
        before_question=question,
        rows=[_row(comparison, row) for row in comparison.rows],
    )


def _reading(comparison: Comparison) -> str:
    now, before = comparison.now.mean, comparison.before.mean
    if now is not None and before is not None:
        if round(now - before, 1) == 0:
            return str(_("Im Mittel wie beim letzten Mal: %(mean)s.", mean=number(now)))
        means = {"now": number(now), "before": number(before)}
        return str(_("Im Mittel %(now)s, beim letzten Mal %(before)s.", **means))
    # Ranks and spans of time are not compared in a sentence.
    changed = [row for row in comparison.rows if _change(row) is not None]
    if not changed or comparison.now.kind in {QuestionKind.RANKING, QuestionKind.DATE}:
        return ""
    most = max(changed, key=lambda row: abs(_change(row) or 0))
    return _of_change(_label(comparison, most), _change(most) or 0)


def _of_change(answer: str, change: int) -> str:
    if not change:
        return str(_("So häufig wie beim letzten Mal."))
    words = {"answer": answer, "points": abs(change)}
    if change > 0:
        return str(_("„%(answer)s“: %(points)s Prozentpunkte mehr als beim letzten Mal.", **words))
    return str(_("„%(answer)s“: %(points)s Prozentpunkte weniger als beim letzten Mal.", **words))


def _change(row: ComparedRow) -> int | None:
    if row.now is None or row.before is None:
        return None
    if row.now.share is None or row.before.share is None:
        return None
    return row.now.share - row.before.share


def _row(comparison: Comparison, row: ComparedRow) -> dict[str, Any]:
    change = _change(row)
    return {
        "label": _label(comparison, row),
        "language": _language(row),
        "now": _value(comparison, row.now),
        "before": _value(comparison, row.before),
        "change": "" if change is None else _signed(change),
    }


def _label(comparison: Comparison, row: ComparedRow) -> str:
    if row.now is not None:
        return label_of(comparison.now, row.now)
    return label_of(comparison.before, row.before) if row.before is not None else row.label


def _language(row: ComparedRow) -> str:
    said = row.now or row.before
    return said.language if said is not None else ""


def _value(comparison: Comparison, row: CountRow | None) -> str:
    if row is None:
        return "–"
    if comparison.now.kind is QuestionKind.RANKING and row.mean is not None:
        return str(_("Platz %(rank)s", rank=number(row.mean)))
    return str(_("zu wenige Antworten")) if row.share is None else percent(row.share)


def _signed(change: int) -> str:
    return f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "±0"
