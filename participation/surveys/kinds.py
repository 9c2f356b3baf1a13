"""The kinds of questions as a clerk chooses among them: what each is good for."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.surveys.labels import LABELS
from participation.surveys.models import QuestionKind


@dataclass(frozen=True)
class OfferedKind:
    """A kind of question with one sentence about when it fits."""

    kind: QuestionKind
    fits: LazyString

    @property
    def value(self) -> str:
        """What stands for it in an address."""
        return self.kind.value

    @property
    def name(self) -> LazyString:
        """What it is called."""
        return LABELS[self.kind]


KINDS: tuple[tuple[LazyString, tuple[OfferedKind, ...]], ...] = (
    (
        _l("Ankreuzen"),
        (
            OfferedKind(QuestionKind.SINGLE, _l("Genau eine trifft zu.")),
            OfferedKind(QuestionKind.MULTIPLE, _l("Mehreres kann zutreffen.")),
            OfferedKind(QuestionKind.SCALE, _l("Wie sehr? Von wenig bis viel.")),
            OfferedKind(QuestionKind.MATRIX, _l("Dieselbe Frage zu mehreren Dingen.")),
        ),
    ),
    (
        _l("Abwägen"),
        (
            OfferedKind(QuestionKind.RANKING, _l("Was zuerst, was danach?")),
            OfferedKind(QuestionKind.POINTS, _l("Wie viel wofür? Zum Beispiel Geld.")),
        ),
    ),
    (
        _l("Eintragen"),
        (
            OfferedKind(QuestionKind.SHORT_TEXT, _l("Ein paar Wörter.")),
            OfferedKind(QuestionKind.TEXT, _l("Eigene Worte, mehrere Sätze.")),
            OfferedKind(QuestionKind.NUMBER, _l("Wie viele, wie lange?")),
            OfferedKind(QuestionKind.DATE, _l("Ein Tag im Kalender.")),
            OfferedKind(QuestionKind.PLACE, _l("Wo? Adresse oder Karte.")),
        ),
    ),
)
