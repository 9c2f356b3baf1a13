"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.revisions.models import (
    AnswerState,
    ChangeOperation,
    Disposition,
    RevisionStatus,
    StatedReason,
)
from participation.revisions.policy import Obstacle

LABELS: dict[enum.Enum, LazyString] = {
    Disposition.ADOPTED: _l("übernommen"),
    Disposition.PARTLY_ADOPTED: _l("teilweise übernommen"),
    Disposition.ALREADY_COVERED: _l("bereits enthalten"),
    Disposition.DEFERRED: _l("zurückgestellt"),
    Disposition.NOT_ADOPTED: _l("nicht übernommen"),
    AnswerState.DRAFT: _l("Entwurf"),
    AnswerState.SIGNED_BY_LEAD: _l("wartet auf die zweite Unterschrift"),
    AnswerState.SIGNED: _l("unterschrieben, erscheint mit dem Beschluss"),
    AnswerState.PUBLISHED: _l("veröffentlicht"),
    RevisionStatus.OPEN: _l("in Arbeit"),
    RevisionStatus.ADOPTED: _l("beschlossen"),
    RevisionStatus.ABANDONED: _l("verworfen"),
    ChangeOperation.ADD: _l("neu"),
    ChangeOperation.AMEND: _l("geändert"),
    ChangeOperation.RETIRE: _l("gestrichen"),
    StatedReason.COUNCIL: _l("Beschluss eines Gremiums"),
    StatedReason.LAW: _l("Gesetz oder Vorgabe"),
    StatedReason.BUDGET: _l("Haushalt"),
    StatedReason.EVALUATION: _l("Messung oder Auswertung"),
    Obstacle.UNANSWERED: _l("Die Antwort fehlt."),
    Obstacle.UNSIGNED: _l("Die Antwort ist noch nicht von zwei Personen unterschrieben."),
    Obstacle.NO_REASON: _l("Die Änderung nennt keinen Grund."),
    Obstacle.SENTENCE_WITHOUT_REASON: _l("Ein geänderter Satz nennt keinen Grund."),
    Obstacle.NO_CHANGE: _l("Der Entwurf ändert noch nichts."),
}

# Badge tones and icons; the word always stands beside them.
TONES: dict[Disposition, str] = {
    Disposition.ADOPTED: "success",
    Disposition.PARTLY_ADOPTED: "success",
    Disposition.ALREADY_COVERED: "info",
    Disposition.DEFERRED: "deferred",
    Disposition.NOT_ADOPTED: "declined",
}
STATE_TONES: dict[AnswerState, str] = {
    AnswerState.DRAFT: "neutral",
    AnswerState.SIGNED_BY_LEAD: "warning",
    AnswerState.SIGNED: "info",
    AnswerState.PUBLISHED: "success",
}
