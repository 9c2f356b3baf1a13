"""How elements, progress and indicators are drawn: the rows that the components take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, ngettext, pgettext
from flask_babel import gettext as _

from participation.foundation.clock import local_date
from participation.portal.queries.strategy import Group, Line
from participation.strategy.labels import FIELD_LABELS
from participation.strategy.models import (
    Direction,
    ElementKind,
    Indicator,
    Measurement,
    Milestone,
    ProgressReport,
    ProgressState,
)
from participation.strategy.policy import quarter_of
from participation.strategy.profile import STATE_TONES, element_href, period, profile_of
from participation.web.filters import label, local_quarter, measured, number, percent
from participation.web.filters import local_date as shown_date

_LONGEST_ROADMAP = 6  # years that the component can draw
_SHORTEST_ROADMAP = 3
_POINTS = 12  # of a series; the eye compares no more
_DOTS = 8  # of the small line in a list

# What the templates of these pages use beside the functions below.
__all__ = ["FIELD_LABELS", "STATE_TONES", "element_href", "period", "profile_of"]

Row = dict[str, Any]


def month(day: date) -> str:
    """Return a month as `Juni 2028`."""
    return str(format_date(day, "MMMM yyyy", rebase=False))


def field_rows(groups: Sequence[Group]) -> list[Row]:
    """Return the action fields with their progress and newest value."""
    return [
        {
            "code": group.field.code,
            "label": group.field.title,
            "href": element_href(group.field.code),
            "percent": group.percent,
            "state_text": _done_of(group),
            "badge_text": _field_state(group.state),
            "badge_tone": STATE_TONES[group.state] if group.state else "neutral",
            **_newest(group.indicators),
        }
        for group in groups
        if group.field is not None
    ]


def _done_of(group: Group) -> str:
    if not group.counted:
        return str(_("keine Maßnahme"))
    return str(_("%(done)s von %(all)s fertig", done=group.done, all=len(group.counted)))


def _field_state(state: ProgressState | None) -> str:
    if state is None:
        return ""
    words = {
        ProgressState.AT_RISK: _("in Verzug"),
        ProgressState.RUNNING: _("im Plan"),
        ProgressState.DONE: _("abgeschlossen"),
    }
    return str(words.get(state) or _("im Aufbau"))


def _newest(indicators: Sequence[Indicator]) -> Row:
    """Return the first indicator that was measured, with its last values."""
    found = next((each for each in indicators if each.measurements), None)
    if found is None:
        return {}
    values = [float(each.value) for each in found.measurements[-_DOTS:]]
    words, wanted = _trend(found)
    return {
        "indicator": found.name,
        "trend": words,
        "warning": not wanted,
        "value_text": measured(found.measurements[-1].value, found.unit),
        "history": values,
    }


def _trend(indicator: Indicator) -> tuple[str, bool]:
    """Return how the value moves, and whether that is as it should be."""
    if len(indicator.measurements) < 2:
        return _("erste Messung"), True
    before, last = (each.value for each in indicator.measurements[-2:])
    if before == last:
        return _("unverändert"), True
    up = last > before
    if up and indicator.direction is Direction.UP:
        return _("steigt wie gewünscht"), True
    if up:
        return _("steigt, soll aber sinken"), False
    if indicator.direction is Direction.DOWN:
        return _("sinkt wie gewünscht"), True
    return _("sinkt, soll aber steigen"), False


def measured_on(groups: Sequence[Group]) -> date | None:
    """Return the day of the newest value among the fields' indicators."""
    days = [
        each.measurements[-1].measured_on
        for group in groups
        for each in group.indicators
        if each.measurements
    ]
    return max(days, default=None)


def roadmap_of(measures: Sequence[Line], at: datetime) -> Row | None:
    """Return the arguments of the roadmap component; None if no measure has a period."""
    planned = [(each, *_span(each)) for each in measures if each.starts_on or each.ends_on]
    if not planned:
        return None
    today = local_date(at)
    first = min(start.year for _line, start, _end in planned)
    last = max(end.year for _line, _start, end in planned)
    if last - first >= _LONGEST_ROADMAP:
        first = max(first, min(today.year - 1, last - _LONGEST_ROADMAP + 1))
    years = min(max(last - first + 1, _SHORTEST_ROADMAP), _LONGEST_ROADMAP)
    return {
        "rows": [_roadmap_row(line, start, end, first) for line, start, end in planned],
        "first_year": first,
        "last_year": first + years - 1,
        "quarters": years * 4,
        "now": _quarter_index(today, first),
        "today_text": _("heute, %(quarter)s", quarter=local_quarter(today)),
    }


def _span(line: Line) -> tuple[date, date]:
    start = line.starts_on or line.ends_on
    end = line.ends_on or line.starts_on
    assert start is not None  # noqa: S101 - the caller chose lines with a period.
    assert end is not None  # noqa: S101
    return start, end


def _roadmap_row(line: Line, start: date, end: date, first_year: int) -> Row:
    return {
        "code": line.code,
        "text": line.title,
        "href": element_href(line.code),
        "start": _quarter_index(start, first_year),
        "end": _quarter_index(end, first_year),
        "state": line.state.value,
        "state_text": label(line.state),
        "milestones": [
            {"quarter": _quarter_index(each.planned_on, first_year), "text": each.title}
            for each in line.milestones
        ],
    }


def _quarter_index(day: date, first_year: int) -> int:
    return (day.year - first_year) * 4 + quarter_of(day) - 1


def milestone_steps(milestones: Sequence[Milestone]) -> list[Row]:
    """Return the milestones as a path; the first one that is not reached comes next."""
    steps: list[Row] = []
    for milestone in milestones:
        if milestone.reached_on:
            state = "done"
            detail = _("erreicht am %(day)s", day=shown_date(milestone.reached_on))
        else:
            state = "todo" if any(step["state"] == "now" for step in steps) else "now"
            detail = _("geplant bis %(day)s", day=shown_date(milestone.planned_on))
        steps.append({"label": milestone.title, "lang": "de", "detail": detail, "state": state})
    return steps


def facts_of(
    content_priority: str, lead: str, when: str, progress: ProgressReport | None
) -> list[Row]:
    """Return the four facts on top of a measure's profile."""
    reached = progress.percent if progress else 0
    rows = [
        {"label": _("Umsetzung"), "text": percent(reached), "percent": reached},
        {"label": _("Priorität"), "text": content_priority},
        {"label": _("Zeitraum"), "text": when},
        {"label": _("Federführung"), "text": lead},
    ]
    return [row for row in rows if row["text"]]


def series_of(indicator: Indicator, kind: ElementKind) -> Row:
    """Return the arguments of the series component for an indicator."""
    shown_values = indicator.measurements[-_POINTS:]
    return {
        "title": indicator.name,
        "points": _points(indicator, shown_values),
        "target": _target(indicator),
        "unit": indicator.unit,
        "reading": _reading(indicator),
        "table_id": f"indikator-{indicator.id}",
        "sources": _sources(indicator),
        "preline": _("Indikator der Maßnahme")
        if kind is ElementKind.MEASURE
        else _("Indikator des Handlungsfelds"),
    }


def _points(indicator: Indicator, values: Sequence[Measurement]) -> list[Row]:
    years = [each.measured_on.year for each in values]
    yearly = len(set(years)) == len(years)
    points: list[Row] = [
        {
            "label": str(each.measured_on.year)
            if yearly
            else str(format_date(each.measured_on, "MM/yyyy", rebase=False)),
            "value": float(each.value),
            "break_before": each.is_break,
            "surveyed": _surveyed(each),
        }
        for each in values
    ]
    if not points:
        return []
    points[-1]["text"] = measured(values[-1].value, indicator.unit)
    if yearly and indicator.target_on:
        coming = range(years[-1] + 1, indicator.target_on.year + 1)
        points += [{"label": str(year), "value": None} for year in coming[: _POINTS - len(points)]]
    return points


def _surveyed(measurement: Measurement) -> str:
    """Return how many a survey asked and how far chance may move the mean; empty if none did."""
    if measurement.n is None or measurement.margin is None:
        return ""
    return str(
        _(
            "n = %(n)s, gerundet, Fehlerspanne ± %(margin)s",
            n=number(measurement.n),
            margin=number(measurement.margin),
        )
    )


def _target(indicator: Indicator) -> Row | None:
    if indicator.target is None:
        return None
    name = pgettext("of an indicator", "Ziel")
    if indicator.target_on:
        name = _("Ziel %(year)s", year=indicator.target_on.year)
    return {
        "value": float(indicator.target),
        "label": name,
        "text": measured(indicator.target, indicator.unit),
    }


def _reading(indicator: Indicator) -> str:
    """Return in one sentence how far the newest value is from the target."""
    if not indicator.measurements:
        return ""
    last = indicator.measurements[-1]
    value = measured(last.value, indicator.unit)
    if indicator.target is None:
        return str(_("Zuletzt gemessen: %(value)s.", value=value))
    missing = indicator.target - last.value
    if indicator.direction is Direction.DOWN:
        missing = -missing
    if missing <= 0:
        return str(_("Zuletzt gemessen: %(value)s. Das Ziel ist erreicht.", value=value))
    gap = measured(missing, indicator.unit)
    return str(
        _(
            "Zuletzt gemessen: %(value)s. Bis zum Ziel fehlen noch %(missing)s.",
            value=value,
            missing=gap,
        )
    )


def _sources(indicator: Indicator) -> list[str]:
    sources = []
    if indicator.baseline is not None:
        start = measured(indicator.baseline, indicator.unit)
        sources.append(_("Ausgangswert: %(value)s", value=start))
    if indicator.source:
        sources.append(_("Quelle: %(source)s", source=indicator.source))
    if indicator.measurements:
        last = indicator.measurements[-1]
        sources.append(_("gemessen am %(day)s", day=shown_date(last.measured_on)))
        if last.note:
            sources.append(last.note)
        if last.n is not None:
            sources.append(_surveyed(last))
            sources.append(_("Fehlerspanne: 95 % Sicherheit bei einer Zufallsauswahl"))
        if any(each.is_break for each in indicator.measurements[-_POINTS:]):
            sources.append(_("gepunktet: Der Wortlaut der Frage hat sich geändert"))
    return sources


def days_left(closes_at: datetime, at: datetime) -> str:
    """Return how long an engagement stays open."""
    days = (local_date(closes_at) - local_date(at)).days
    if days <= 0:
        return str(_("nur noch heute"))
    return str(ngettext("noch %(num)s Tag", "noch %(num)s Tage", days))
