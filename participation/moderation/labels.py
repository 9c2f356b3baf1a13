"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.analysis.hints import HintKind
from participation.moderation.models import Action, Ground

LABELS: dict[enum.Enum, LazyString] = {
    Action.PUBLISH: _l("veröffentlicht"),
    Action.REJECT: _l("abgelehnt"),
    Action.HIDE: _l("ausgeblendet"),
    Action.RESTORE: _l("wieder veröffentlicht"),
    Ground.INSULT: _l("Beleidigung oder Drohung"),
    Ground.PERSONAL_DATA: _l("Persönliche Daten anderer"),
    Ground.ADVERTISING: _l("Werbung"),
    Ground.OFF_TOPIC: _l("Ohne Bezug zum Thema"),
    Ground.DUPLICATE: _l("Doppelt eingereicht"),
    Ground.UNLAWFUL: _l("Strafbarer Inhalt"),
    Ground.OTHER: _l("Anderer Grund"),
    Ground.IMPORTED: _l("Entschieden, bevor der Beitrag übernommen wurde"),
    HintKind.MAIL: _l("E-Mail-Adresse"),
    HintKind.PHONE: _l("Telefonnummer"),
    HintKind.LINK: _l("Link"),
}
