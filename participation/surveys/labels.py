"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from participation.surveys.models import QuestionKind
from participation.surveys.sheets import Fault, FaultKind

LABELS: dict[enum.Enum, LazyString] = {
    QuestionKind.SINGLE: _l("Eine Antwort"),
    QuestionKind.MULTIPLE: _l("Mehrere Antworten"),
    QuestionKind.SCALE: _l("Skala"),
    QuestionKind.MATRIX: _l("Matrix"),
    QuestionKind.RANKING: _l("Reihenfolge"),
    QuestionKind.POINTS: _l("Punkte verteilen"),
    QuestionKind.NUMBER: _l("Zahl"),
    QuestionKind.DATE: _l("Datum"),
    QuestionKind.PLACE: _l("Ort"),
    QuestionKind.SHORT_TEXT: _l("Kurzer Text"),
    QuestionKind.TEXT: _l("Langer Text"),
    FaultKind.UNANSWERED: _l("Bitte beantworten Sie diese Frage."),
    FaultKind.ONE_ONLY: _l("Bitte wählen Sie nur eine Antwort."),
    FaultKind.UNKNOWN_CHOICE: _l("Diese Antwort gibt es nicht mehr. Bitte wählen Sie neu."),
    FaultKind.NOT_ASKED: _l("Diese Frage gibt es nicht mehr."),
    FaultKind.NOTHING_AT_ALL: _l("Sie haben noch keine Frage beantwortet."),
}


def words_of(fault: Fault) -> str:
    """Return what is wrong with an answer and what to do about it."""
    if fault.kind is FaultKind.TOO_FEW:
        return str(
            ngettext(
                "Bitte wählen Sie mindestens eine Antwort.",
                "Bitte wählen Sie mindestens %(num)s Antworten.",
                fault.limit,
            )
        )
    if fault.kind is FaultKind.TOO_MANY:
        return str(
            ngettext(
                "Bitte wählen Sie höchstens eine Antwort.",
                "Bitte wählen Sie höchstens %(num)s Antworten.",
                fault.limit,
            )
        )
    if fault.kind is FaultKind.TOO_LONG:
        return str(_("Bitte kürzen Sie Ihre Antwort auf %(limit)s Zeichen.", limit=fault.limit))
    return str(LABELS[fault.kind])


WHY_NOT: dict[str, LazyString] = {
    "text_missing": _l("Bitte schreiben Sie die Frage."),
    "text_too_long": _l("Bitte kürzen Sie die Frage auf 300 Zeichen."),
    "too_few_choices": _l("Bitte geben Sie mindestens zwei Antworten an, jede in einer Zeile."),
    "too_many_choices": _l("Eine Frage hat höchstens 60 Antworten."),
    "choice_too_long": _l("Bitte kürzen Sie jede Antwort auf 200 Zeichen."),
    "choices_repeat": _l("Zwei Antworten sind gleich. Bitte ändern Sie eine davon."),
    "points": _l("Eine Skala hat 2 bis 11 Stufen."),
    "limits": _l("Bitte prüfen Sie, wie viele Antworten erlaubt sind."),
    "too_many_questions": _l("Eine Umfrage hat höchstens 80 Fragen."),
    "foreign_elements": _l("Bitte wählen Sie nur Elemente dieser Umfrage."),
}
