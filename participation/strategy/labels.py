"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.strategy.models import (
    Direction,
    ElementKind,
    FundingSource,
    IndicatorKind,
    Priority,
    ProgressState,
    VersionStatus,
)
from participation.strategy.policy import Gap

LABELS: dict[enum.Enum, LazyString] = {
    VersionStatus.DRAFT: _l("Entwurf"),
    VersionStatus.IN_CONSULTATION: _l("Entwurf zur Stellungnahme"),
    VersionStatus.ADOPTED: _l("beschlossen"),
    VersionStatus.SUPERSEDED: _l("abgelöst"),
    ElementKind.VISION: _l("Leitbild"),
    ElementKind.ACTION_FIELD: _l("Handlungsfeld"),
    ElementKind.GOAL: _l("Ziel"),
    ElementKind.MEASURE: _l("Maßnahme"),
    Priority.HIGH: _l("hoch – sofort"),
    Priority.MEDIUM: _l("mittel – Beginn in zwei Jahren"),
    Priority.LOW: _l("niedrig – Beginn in vier Jahren"),
    FundingSource.OWN: _l("eigene Mittel"),
    FundingSource.THIRD_PARTY: _l("Mittel Dritter"),
    FundingSource.GRANT: _l("Fördermittel"),
    FundingSource.IN_KIND: _l("Sachleistungen"),
    ProgressState.NOT_STARTED: _l("noch nicht begonnen"),
    ProgressState.RUNNING: _l("läuft"),
    ProgressState.AT_RISK: _l("in Verzug"),
    ProgressState.DONE: _l("abgeschlossen"),
    ProgressState.STOPPED: _l("eingestellt"),
    IndicatorKind.QUANTITATIVE: _l("gezählt oder gemessen"),
    IndicatorKind.QUALITATIVE: _l("eingeschätzt, zum Beispiel in einer Umfrage"),
    Direction.UP: _l("soll steigen"),
    Direction.DOWN: _l("soll sinken"),
    Gap.NO_VISION: _l("Das Leitbild fehlt."),
    Gap.NO_TITLE: _l("Der Titel fehlt."),
    Gap.NO_VISION_TEXT: _l("Der Text des Leitbilds fehlt."),
    Gap.NO_CRITERION: _l("Es fehlt mindestens ein Erfolgskriterium."),
    Gap.NO_GOAL: _l("Die Maßnahme dient noch keinem Ziel und steht in keinem anderen Plan."),
    Gap.UNKNOWN_FIELD: _l("Das Handlungsfeld gehört nicht zu dieser Fassung."),
    Gap.UNKNOWN_GOAL: _l("Ein Ziel, dem die Maßnahme dient, gehört nicht zu dieser Fassung."),
}

KINDS_PLURAL: dict[ElementKind, LazyString] = {
    ElementKind.VISION: _l("Leitbild"),
    ElementKind.ACTION_FIELD: _l("Handlungsfelder"),
    ElementKind.GOAL: _l("Ziele"),
    ElementKind.MEASURE: _l("Maßnahmen"),
}

# The fields of `strategy.content`, as headings of a profile, a form or a difference.
FIELD_LABELS: dict[str, LazyString] = {
    "title": _l("Titel"),
    "text": _l("Text"),
    "field": _l("Handlungsfeld"),
    "goals": _l("Dient dem Ziel"),
    "criteria": _l("Erfolgskriterien"),
    "expected_effect": _l("Erwartete Wirkung"),
    "lead": _l("Federführung"),
    "participants": _l("Beteiligte"),
    "priority": _l("Priorität"),
    "starts_on": _l("Beginn"),
    "ends_on": _l("Ende"),
    "financing": _l("Finanzierung"),
    "data_protection": _l("Datenschutz"),
    "external_home": _l("Steht in einem anderen Plan"),
}
