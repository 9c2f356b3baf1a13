"""All rows of a matrix in one chart: which of them got its first answer most often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from participation.surveys.readings import n_text, together
from participation.surveys.tables import QuestionTable
from participation.web.filters import percent


@dataclass(frozen=True)
class Overview:
    """A matrix in one chart; `first` is the code of the row before whose own chart it stands."""

    first: str
    version: int
    title: str
    language: str
    reading: str
    rows: list[dict[str, Any]]
    n_text: str
    value_head: str


def overviews(tables: Iterable[QuestionTable]) -> Iterator[Overview]:
    """Yield one for each matrix of which several rows may be shown; they stand together."""
    for (version, group), rows in groupby(tables, key=lambda one: (one.version, one.group)):
        shown = [table for table in rows if not table.withheld]
        answer = _first_answer(shown) if group else ""
        if answer and len(shown) > 1:
            yield _overview(version, shown, answer)


def _first_answer(tables: Sequence[QuestionTable]) -> str:
    """Return the words of the first column, if all rows have it; merged, it is not seen."""
    firsts = {table.answers[0].labels[0] for table in tables if table.answers}
    return firsts.pop() if len(firsts) == 1 else ""


def _overview(version: int, tables: Sequence[QuestionTable], answer: str) -> Overview:
    shares = [(table, _share(table, answer)) for table in tables]
    order = sorted(shares, key=lambda pair: -(pair[1] or 0))
    return Overview(
        first=tables[0].code,
        version=version,
        title=tables[0].group_text,
        language=tables[0].language,
        reading=_reading(order, answer),
        rows=[
            {
                "label": table.question,
                "value_text": "" if share is None else percent(share),
                "share": share,
                "hidden": share is None,
                "href": None,
                "language": None if table.language == tables[0].language else table.language,
            }
            for table, share in order
        ],
        # The smallest: every bar rests on at least so many.
        n_text=n_text(min(tables, key=lambda table: table.n)),
        value_head=str(_("„%(answer)s“", answer=answer)),
    )


def _share(table: QuestionTable, answer: str) -> int | None:
    return next((row.share for row in table.answers if row.labels == (answer,)), None)


def _reading(order: Sequence[tuple[QuestionTable, int | None]], answer: str) -> str:
    most = order[0][1]
    if not most:
        return ""
    best = [table.question for table, share in order if share == most]
    return str(
        _(
            "Am häufigsten „%(answer)s“: %(names)s, %(share)s.",
            answer=answer,
            names=together(best),
            share=percent(most),
        )
    )
