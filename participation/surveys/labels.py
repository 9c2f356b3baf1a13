"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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
    FaultKind.NOT_A_NUMBER: _l("Bitte geben Sie eine Zahl an, nur mit Ziffern."),
    FaultKind.NOT_A_DAY: _l("Bitte geben Sie ein Datum an, zum Beispiel 24.12.2026."),
    FaultKind.NOT_A_PLACE: _l("Bitte wählen Sie den Ort noch einmal auf der Karte."),
    FaultKind.OTHER_WITHOUT_WORDS: _l("Bitte schreiben Sie in das Feld, was Sie meinen."),
    FaultKind.WORDS_WITHOUT_OTHER: _l(
        "Sie haben etwas dazu geschrieben. Bitte wählen Sie dann auch die Antwort, die dazu "
        "gehört, oder leeren Sie das Feld."
    ),
    FaultKind.NO_ANSWER_AND_MORE: _l(
        "Sie haben geantwortet und zugleich keine Antwort gewählt. Bitte nehmen Sie eins davon "
        "zurück."
    ),
    FaultKind.OUT_OF_STEP: _l("Bitte beantworten Sie die Seiten der Reihe nach."),
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
    if fault.kind in {FaultKind.OUT_OF_RANGE, FaultKind.TOO_PRECISE}:
        return _words_of_number(fault)
    if fault.kind in {FaultKind.WRONG_SUM, FaultKind.RANK_TWICE, FaultKind.RANK_GAP}:
        return _words_of_amounts(fault)
    return str(LABELS[fault.kind])


def _words_of_number(fault: Fault) -> str:
    if fault.kind is FaultKind.TOO_PRECISE:
        if not fault.limit:
            return str(_("Bitte geben Sie eine ganze Zahl an, ohne Komma."))
        return str(
            ngettext(
                "Bitte geben Sie höchstens eine Stelle nach dem Komma an.",
                "Bitte geben Sie höchstens %(num)s Stellen nach dem Komma an.",
                fault.limit,
            )
        )
    lowest = None if fault.lowest is None else format_decimal(fault.lowest)
    highest = None if fault.highest is None else format_decimal(fault.highest)
    if lowest is not None and highest is not None:
        return str(
            _(
                "Bitte geben Sie eine Zahl von %(lowest)s bis %(highest)s an.",
                lowest=lowest,
                highest=highest,
            )
        )
    if lowest is not None:
        return str(_("Bitte geben Sie eine Zahl ab %(lowest)s an.", lowest=lowest))
    if highest is not None:
        return str(_("Bitte geben Sie eine Zahl bis %(highest)s an.", highest=highest))
    return str(_("Diese Zahl ist zu groß."))


def _words_of_amounts(fault: Fault) -> str:
    if fault.kind is FaultKind.RANK_TWICE:
        return str(
            _(
                "Sie haben den Platz %(rank)s zweimal vergeben. Bitte vergeben Sie jeden Platz "
                "nur einmal.",
                rank=fault.given,
            )
        )
    if fault.kind is FaultKind.RANK_GAP:
        return str(
            _(
                "Der Platz %(rank)s fehlt. Bitte vergeben Sie die Plätze ohne Lücke, von 1 an.",
                rank=fault.given,
            )
        )
    left = fault.limit - fault.given
    if left > 0:
        return str(
            ngettext(
                "Bitte verteilen Sie alle %(limit)s Punkte. Ein Punkt ist noch übrig.",
                "Bitte verteilen Sie alle %(limit)s Punkte. %(num)s Punkte sind noch übrig.",
                left,
                limit=fault.limit,
            )
        )
    return str(
        ngettext(
            "Sie haben einen Punkt mehr verteilt als die %(limit)s, die es gibt.",
            "Sie haben %(num)s Punkte mehr verteilt als die %(limit)s, die es gibt.",
            -left,
            limit=fault.limit,
        )
    )
