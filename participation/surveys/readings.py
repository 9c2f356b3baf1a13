"""A table in one sentence, and as the rows of a chart."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.surveys.models import QuestionKind
from participation.surveys.tables import QuestionTable
from participation.web.filters import number

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
    if table.mean is not None:
        return _mean(table)
    top = table.top
    if top is None or top.share is None:
        return ""
    answer = _label(table, top.label)
    equal = [_label(table, row.label) for row in table.rows if row.count == top.count]
    if len(equal) > 1:
        return _several_first(equal, top.share)
    sentences = _SEVERAL_ANSWERS if table.kind is QuestionKind.MULTIPLE else _ONE_ANSWER
    for low, high, sentence in sentences:
        if low <= top.share <= high:
            return str(sentence) % {"answer": answer}
    if table.kind is QuestionKind.MULTIPLE:
        return str(
            _("%(share)s %% der Befragten nennen: „%(answer)s“.", share=top.share, answer=answer)
        )
    return str(
        _("%(share)s %% der Befragten antworten: „%(answer)s“.", share=top.share, answer=answer)
    )


def bar_rows(table: QuestionTable) -> list[dict[str, Any]]:
    """Return the rows of a table as the bars component takes them."""
    return [
        {
            "label": _label(table, row.label),
            "value_text": "" if row.share is None else f"{row.share} %",
            "share": row.share,
            "hidden": row.hidden,
            "href": None,
        }
        for row in table.rows
    ]


def n_text(table: QuestionTable) -> str:
    """Return n as it is written beside a chart; it is rounded like every number."""
    return str(_("n = %(number)s, gerundet", number=number(table.n)))


def _several_first(labels: list[str], share: int) -> str:
    quoted = [str(_("„%(answer)s“", answer=label)) for label in labels]
    names = str(_("%(most)s und %(last)s", most=", ".join(quoted[:-1]), last=quoted[-1]))
    return str(
        _("Gleich häufig an erster Stelle: %(names)s, je %(share)s %%.", names=names, share=share)
    )


def _mean(table: QuestionTable) -> str:
    first, last = table.rows[0].label, table.rows[-1].label
    return str(
        _(
            "Im Mittel %(mean)s auf einer Skala von %(first)s bis %(last)s.",
            mean=number(table.mean or 0),
            first=_label(table, first),
            last=_label(table, last),
        )
    )


def _label(table: QuestionTable, label: str) -> str:
    """Return a row's label; the ends of a scale say what they mean."""
    if table.kind is not QuestionKind.SCALE:
        return label
    if label == table.rows[0].label and table.low:
        return f"{label} ({table.low})"
    if label == table.rows[-1].label and table.high:
        return f"{label} ({table.high})"
    return label
