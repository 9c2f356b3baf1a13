"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.accounts.models import DutyText, MunicipalityKind, Role

LABELS: dict[enum.Enum, LazyString] = {
    Role.MODERATOR: _l("Moderation"),
    Role.STRATEGIST: _l("Strategie-Team"),
    Role.ANALYST: _l("Analyse (liest und entwirft)"),
    Role.ADMINISTRATOR: _l("Verwaltung der Plattform"),
    MunicipalityKind.TOWN: _l("Stadt"),
    MunicipalityKind.COMMUNE: _l("Gemeinde"),
    MunicipalityKind.AMT: _l("Amt"),
    MunicipalityKind.COUNTY: _l("Landkreis"),
    MunicipalityKind.ASSOCIATION: _l("Verband"),
    DutyText.IMPRINT: _l("Impressum"),
    DutyText.PRIVACY: _l("Datenschutz"),
    DutyText.ACCESSIBILITY: _l("Barrierefreiheit"),
    DutyText.RULES: _l("Regeln der Moderation"),
    DutyText.EASY_LANGUAGE: _l("Leichte Sprache"),
}
