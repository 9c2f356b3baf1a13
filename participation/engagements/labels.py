"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.engagements.models import (
    Audience,
    EngagementKind,
    EngagementState,
    ModerationMode,
    OrganisationKind,
    ResultsMode,
)
from participation.engagements.policy import Obstacle

LABELS: dict[enum.Enum, LazyString] = {
    EngagementKind.SURVEY: _l("Umfrage"),
    EngagementKind.IDEA_CALL: _l("Ideenaufruf"),
    EngagementKind.COMMENT_ROUND: _l("Kommentarrunde"),
    EngagementState.DRAFT: _l("Entwurf"),
    EngagementState.PLANNED: _l("geplant"),
    EngagementState.OPEN: _l("offen"),
    EngagementState.CLOSED: _l("beendet"),
    EngagementState.EVALUATED: _l("ausgewertet"),
    EngagementState.ARCHIVED: _l("archiviert"),
    Audience.OPEN: _l("Alle, ohne Konto"),
    Audience.MAIL: _l("Alle, mit bestätigter E-Mail-Adresse"),
    Audience.ACCOUNT: _l("Nur mit Konto"),
    Audience.CODE: _l("Nur mit einem Code aus einem Brief"),
    ModerationMode.BEFORE: _l("Vor dem Veröffentlichen"),
    ModerationMode.AFTER: _l("Nach dem Veröffentlichen"),
    ResultsMode.AT_CLOSING: _l("Erst am Ende"),
    ResultsMode.INTERIM: _l("Zwischenstände schon während der Beteiligung"),
    OrganisationKind.CHAMBER: _l("Kammer"),
    OrganisationKind.ASSOCIATION: _l("Verein oder Verband"),
    OrganisationKind.NEIGHBOUR: _l("Nachbarkommune"),
    OrganisationKind.COUNTY: _l("Landkreis"),
    OrganisationKind.AUTHORITY: _l("Behörde"),
    OrganisationKind.SCIENCE: _l("Wissenschaft"),
    OrganisationKind.BUSINESS: _l("Unternehmen"),
    OrganisationKind.OTHER: _l("andere Organisation"),
    Obstacle.NOT_PUBLISHED: _l("Diese Beteiligung ist noch nicht veröffentlicht."),
    Obstacle.NOT_YET_OPEN: _l("Diese Beteiligung hat noch nicht begonnen."),
    Obstacle.CLOSED: _l("Diese Beteiligung ist beendet."),
    Obstacle.ACCOUNT_NEEDED: _l("Hier können Sie nur mit einem Konto mitmachen."),
    Obstacle.MAIL_NEEDED: _l("Hier können Sie mit einer bestätigten E-Mail-Adresse mitmachen."),
    Obstacle.CODE_NEEDED: _l("Hier können Sie mit einem Code aus unserem Brief mitmachen."),
}
