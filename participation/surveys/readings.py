"""A table in one sentence, and as the rows of a chart."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.surveys.band_words import words_of_row
from participation.surveys.models import QuestionKind
from participation.surveys.tables import CountRow, QuestionTable
from participation.web.filters import measured, number, percent

# From how many per cent to how many a sentence is true enough to be said.
_ONE_ANSWER: tuple[tuple[int, int, LazyString], ...] = (
    (100, 100, _l("Alle Befragten antworten: „%(answer)s“.")),
    (95, 99, _l("Fast alle Befragten antworten: „%(answer)s“.")),
    (89, 91, _l("Neun von zehn Befragten antworten: „%(answer)s“.")),
    (79, 81, _l("Vier von fünf Befragten antworten: „%(answer)s“.")),
    (74, 76, _l("Drei von vier Befragten antworten: „%(answer)s“.")),
    (65, 68, _l("Zwei von drei Befragten antworten: „%(answer)s“.")),
    (59, 61, _l("Drei von fünf Befragten antworten: „%(answer)s“.")),
    (49, 51, _l("Die Hälfte der Befragten antwortet: „%(answer)s“.")),
    (39, 41, _l("Zwei von fünf Befragten antworten: „%(answer)s“.")),
    (32, 34, _l("Ein Drittel der Befragten antwortet: „%(answer)s“.")),
    (24, 26, _l("Ein Viertel der Befragten antwortet: „%(answer)s“.")),
)
_SEVERAL_ANSWERS: tuple[tuple[int, int, LazyString], ...] = (
    (100, 100, _l("Alle Befragten nennen: „%(answer)s“.")),
    (95, 99, _l("Fast alle Befragten nennen: „%(answer)s“.")),
    (89, 91, _l("Neun von zehn Befragten nennen: „%(answer)s“.")),
    (79, 81, _l("Vier von fünf Befragten nennen: „%(answer)s“.")),
    (74, 76, _l("Drei von vier Befragten nennen: „%(answer)s“.")),
    (65, 68, _l("Zwei von drei Befragten nennen: „%(answer)s“.")),
    (59, 61, _l("Drei von fünf Befragten nennen: „%(answer)s“.")),
    (49, 51, _l("Die Hälfte der Befragten nennt: „%(answer)s“.")),
    (39, 41, _l("Zwei von fünf Befragten nennen: „%(answer)s“.")),
    (32, 34, _l("Ein Drittel der Befragten nennt: „%(answer)s“.")),
    (24, 26, _l("Ein Viertel der Befragten nennt: „%(answer)s“.")),
)


def reading_of(table: QuestionTable) -> str:
    """Return what most people said, in a sentence; empty where nothing is shown."""
    if table.kind is QuestionKind.RANKING:
        return _of_ranks(table)
    if table.kind is QuestionKind.POINTS:
        return _of_points(table)
    if table.kind in {QuestionKind.NUMBER, QuestionKind.DATE}:
        return _of_middle(table)
    if table.kind is QuestionKind.PLACE:
        return _of_places(table)
    return _of_scale(table) if table.mean is not None else _of_most(table)


def bar_rows(table: QuestionTable) -> list[dict[str, Any]]:
    """Return the rows of a table as the bars component takes them.

    Of a ranking, the higher a choice stands the longer is its bar. What got most comes first
    where the choices have no order of their own.
    """
    rows = table.rows
    if table.kind is QuestionKind.RANKING:
        rows = tuple(sorted(rows, key=_by_rank))
    if table.kind is QuestionKind.POINTS:
        rows = tuple(sorted(rows, key=_by_share))
    return [
        {
            "label": label_of(table, row),
            "value_text": _value_of(table, row),
            "share": _length(table, row),
            "hidden": row.hidden,
            "href": None,
            "language": row.language or None,
        }
        for row in rows
    ]


def value_head(table: QuestionTable) -> str:
    """Return what stands above the numbers of a table."""
    if table.kind is QuestionKind.RANKING:
        return str(_("Platz im Mittel"))
    if table.kind is QuestionKind.POINTS:
        return str(_("Anteil an allen Punkten"))
    return str(_("Anteil"))


def n_text(table: QuestionTable) -> str:
    """Return n as it is written beside a chart; it is rounded like every number."""
    return str(_("n = %(number)s, gerundet", number=number(table.n)))


def label_of(table: QuestionTable, row: CountRow) -> str:
    """Return a row's label; the ends of a scale say what they mean, numbers what they count."""
    label = words_of_row(table, row)
    if row.no_answer or not table.answers:
        return label
    if table.kind is QuestionKind.NUMBER and table.unit:
        return f"{label} {table.unit}"
    if table.kind is not QuestionKind.SCALE:
        return label
    if row == table.answers[0] and table.low:
        return f"{label} ({table.low})"
    if row == table.answers[-1] and table.high:
        return f"{label} ({table.high})"
    return label


def _of_most(table: QuestionTable) -> str:
    top = table.top
    if top is None or top.share is None:
        return ""
    answer = label_of(table, top)
    equal = [label_of(table, row) for row in table.rows if row.count == top.count]
    if len(equal) > 1:
        return _several_first(equal, top.share)
    sentences = _SEVERAL_ANSWERS if table.kind is QuestionKind.MULTIPLE else _ONE_ANSWER
    for low, high, sentence in sentences:
        if low <= top.share <= high:
            return str(sentence) % {"answer": answer}
    if table.kind is QuestionKind.MULTIPLE:
        return str(
            _(
                "%(share)s der Befragten nennen: „%(answer)s“.",
                share=percent(top.share),
                answer=answer,
            )
        )
    return str(
        _(
            "%(share)s der Befragten antworten: „%(answer)s“.",
            share=percent(top.share),
            answer=answer,
        )
    )


def _several_first(labels: list[str], share: int) -> str:
    return str(
        _(
            "Gleich häufig an erster Stelle: %(names)s, je %(share)s.",
            names=together(labels),
            share=percent(share),
        )
    )


def together(labels: list[str]) -> str:
    """Return names in quotation marks, the last two joined by “und”."""
    quoted = [str(_("„%(answer)s“", answer=label)) for label in labels]
    if len(quoted) == 1:
        return quoted[0]
    return str(_("%(most)s und %(last)s", most=", ".join(quoted[:-1]), last=quoted[-1]))


def _of_scale(table: QuestionTable) -> str:
    return str(
        _(
            "Im Mittel %(mean)s auf einer Skala von %(first)s bis %(last)s.",
            mean=number(table.mean or 0),
            first=label_of(table, table.answers[0]),
            last=label_of(table, table.answers[-1]),
        )
    )


def _of_ranks(table: QuestionTable) -> str:
    """Say what stands first; by the first places where there is no mean rank."""
    ranks = [row.mean for row in table.rows if row.mean is not None]
    if not ranks:
        return _of_most(table)
    best = [row.label for row in table.rows if row.mean == min(ranks)]
    if len(best) > 1:
        return str(
            _(
                "Gleichauf ganz vorn: %(names)s, im Mittel auf Platz %(rank)s.",
                names=together(best),
                rank=number(min(ranks)),
            )
        )
    return str(
        _(
            "Ganz vorn steht „%(answer)s“, im Mittel auf Platz %(rank)s von %(places)s.",
            answer=best[0],
            rank=number(min(ranks)),
            places=len(table.answers),
        )
    )


def _of_points(table: QuestionTable) -> str:
    shares = [row.share for row in table.answers if row.share is not None]
    if not shares:
        return ""
    best = [row.label for row in table.answers if row.share == max(shares)]
    if len(best) > 1:
        return str(
            _(
                "Gleich viele Punkte bekommen %(names)s: je %(share)s von allen.",
                names=together(best),
                share=percent(max(shares)),
            )
        )
    return str(
        _(
            "Die meisten Punkte bekommt „%(answer)s“: %(share)s von allen.",
            answer=best[0],
            share=percent(max(shares)),
        )
    )


def _of_middle(table: QuestionTable) -> str:
    """Say the mean of numbers, or else in which band the middle one lies."""
    if table.mean is not None:
        value = measured(table.mean, table.unit) if table.unit else number(table.mean)
        return str(_("Im Mittel: rund %(value)s.", value=value))
    if table.median is None or len(table.answers) < 2:
        return _of_most(table)
    band = label_of(table, table.rows[table.median])
    if table.kind is QuestionKind.DATE:
        return str(_("Der mittlere Zeitpunkt liegt hier: %(band)s.", band=band))
    return str(_("Der mittlere Wert liegt hier: %(band)s.", band=band))


def _of_places(table: QuestionTable) -> str:
    # The first row names a square; those of the others are not told.
    shown = [row for row in table.answers if row.count and row.codes != ("",)]
    if not shown:
        return ""
    most = max(shown, key=lambda row: row.count or 0)
    return str(
        _(
            "Am häufigsten gezeigt: der Bereich um %(place)s, von %(share)s der Befragten.",
            place=label_of(table, most),
            share=percent(most.share or 0),
        )
    )


def _by_rank(row: CountRow) -> tuple[bool, bool, float]:
    return (row.no_answer, row.mean is None, row.mean or 0)


def _by_share(row: CountRow) -> tuple[bool, bool, int]:
    return (row.no_answer, row.share is None, -(row.share or 0))


def _value_of(table: QuestionTable, row: CountRow) -> str:
    if table.kind is QuestionKind.RANKING and not row.no_answer:
        return _ranks_of(row)
    # Of a hundred points the share says the same once more.
    if table.kind is QuestionKind.POINTS and row.mean is not None and table.points != 100:
        return str(
            _(
                "%(share)s, im Mittel %(points)s Punkte",
                share=percent(row.share or 0),
                points=number(row.mean),
            )
        )
    return "" if row.share is None else percent(row.share)


def _ranks_of(row: CountRow) -> str:
    first = (
        "" if row.share is None else str(_("%(share)s an erster Stelle", share=percent(row.share)))
    )
    if row.mean is None:
        return first
    rank = str(_("Platz %(rank)s", rank=number(row.mean)))
    return f"{rank}, {first}" if first else rank


def _length(table: QuestionTable, row: CountRow) -> int | None:
    """Return how long a bar is, of 100."""
    places = len(table.answers)
    if table.kind is not QuestionKind.RANKING or row.no_answer or places < 2:
        return row.share
    return None if row.mean is None else round(100 * (places - row.mean) / (places - 1))
