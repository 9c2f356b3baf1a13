"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from participation.contributions.models import Channel, ContributionKind, ContributionStatus

LABELS: dict[enum.Enum, LazyString] = {
    ContributionKind.IDEA: _l("Idee"),
    ContributionKind.COMMENT: _l("Kommentar"),
    ContributionKind.SURVEY_REMARK: _l("Freie Antwort"),
    ContributionKind.STATEMENT: _l("Stellungnahme"),
    ContributionStatus.PENDING: _l("wird geprüft"),
    ContributionStatus.PUBLISHED: _l("veröffentlicht"),
    ContributionStatus.REJECTED: _l("abgelehnt"),
    ContributionStatus.HIDDEN: _l("ausgeblendet"),
    ContributionStatus.WITHDRAWN: _l("zurückgezogen"),
    Channel.ONLINE: _l("online"),
    Channel.PAPER: _l("auf Papier"),
    Channel.ON_BEHALF: _l("im Auftrag"),
    Channel.IMPORTED: lazy_pgettext("from elsewhere", "übernommen"),
    Channel.LETTER: _l("per Brief"),
    Channel.PHONE: _l("am Telefon"),
    Channel.WORKSHOP: _l("in einer Werkstatt"),
    Channel.COUNTER: _l("am Schalter"),
}
