"""What the strategy team reports after the adoption: progress, milestones, indicators."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest

from participation.accounts.models import Role
from participation.strategy import queries, records
from participation.strategy.models import (
    Direction,
    IndicatorKind,
    ProgressState,
)

BASE = "/werkstatt/strategie"


@pytest.fixture
def team(site):
    return site.staff(Role.STRATEGIST)


@contextmanager
def looking(site):
    """Look at what is stored now, and leave the database to the pages again."""
    site.session.expire_all()
    yield site.session
    site.session.rollback()


def known(site, strategy, code):
    with looking(site) as session:
        return queries.get_element(session, strategy.id, code)


def indicators(site, of):
    with looking(site) as session:
        return records.indicators_of(session, [of.id]).get(of.id, [])


def milestones(site, of):
    with looking(site) as session:
        return records.milestones_of(session, of.id)


@pytest.fixture
def adopted(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


def test_progress_is_reported_after_the_adoption(site, team, client, adopted):
    path = f"{BASE}/M-01/stand/fortschritt"
    data = {
        "progress-state": "at_risk",
        "progress-percent": "40",
        "progress-reason": "",
        "progress-reported_on": "2026-05-07",
    }
    refused = team.post(path, data=data)
    assert refused.status_code == 422
    assert "Bitte schreiben Sie dazu, warum." in refused.text
    assert team.post(path, data=data | {"progress-percent": "400"}).status_code == 422
    assert team.post(path, data=data | {"progress-state": "quatsch"}).status_code == 422
    saved = team.post(path, data=data | {"progress-reason": "Personal fehlt"})
    assert saved.status_code == 303
    measure = known(site, adopted, "M-01")
    report = records.latest_progress(site.session, adopted.id)[measure.id]
    assert (report.state, report.percent) == (ProgressState.AT_RISK, 40)
    public = client.get("/strategie/M-01").text
    assert "in Verzug" in public
    assert "Personal fehlt" in public


def test_milestones_are_planned_changed_and_removed(site, team, adopted):
    path = f"{BASE}/M-01/stand/meilensteine"
    assert team.post(path, data={"milestone-title": "Start"}).status_code == 422
    for title in ("Start", "Irrtum"):
        data = {"milestone-title": title, "milestone-planned_on": "2026-06-01"}
        assert team.post(path, data=data).status_code == 303
    measure = known(site, adopted, "M-01")
    start, mistake = milestones(site, measure)
    changed = team.post(
        f"{path}/{start.id}",
        data={"title": "Start", "planned_on": "2026-06-01", "reached_on": "2026-06-02"},
    )
    assert changed.status_code == 303
    assert team.post(f"{path}/{mistake.id}/entfernen", data={}).status_code == 303
    kept = team.post(f"{path}/{start.id}/entfernen", data={}, follow_redirects=True)
    assert "schon erreicht" in kept.text
    assert [it.reached_on for it in milestones(site, measure)] == [date(2026, 6, 2)]
    assert team.get(f"{BASE}/M-02/stand/meilensteine/{start.id}").status_code == 404


def test_an_indicator_is_described_measured_and_kept(site, team, adopted):
    path = f"{BASE}/HF-1/stand/indikatoren"
    described = {
        "name": "Wartezeit",
        "kind": "quantitative",
        "unit": "Minuten",
        "direction": "down",
        "baseline": "41",
        "target": "12,5",
        "target_on": "2028-12-31",
        "source": "Aufrufsystem",
        "interval": "12",
    }
    assert team.post(f"{path}/neu", data=described | {"target": "wenig"}).status_code == 422
    assert team.post(f"{path}/neu", data=described).status_code == 303
    field = known(site, adopted, "HF-1")
    (indicator,) = indicators(site, field)
    assert (indicator.kind, indicator.direction) == (IndicatorKind.QUANTITATIVE, Direction.DOWN)
    assert indicator.target == Decimal("12.5")
    prefix = f"measurement-{indicator.id}-"
    values = {f"{prefix}value": "1.234,5", f"{prefix}measured_on": "2026-05-01"}
    assert team.post(f"{path}/{indicator.id}/messwerte", data=values).status_code == 303
    again = team.post(f"{path}/{indicator.id}/messwerte", data=values)
    assert again.status_code == 422
    assert "schon einen Messwert" in again.text
    kept = team.post(f"{path}/{indicator.id}/entfernen", data={}, follow_redirects=True)
    assert "schon Messwerte" in kept.text
    changed = team.post(f"{path}/{indicator.id}", data=described | {"name": "Wartezeit (Median)"})
    assert changed.status_code == 303
    (indicator,) = indicators(site, field)
    assert indicator.name == "Wartezeit (Median)"
    (value,) = indicator.measurements
    assert value.value == Decimal("1234.5")
    gone = team.post(f"{path}/{indicator.id}/messwerte/{value.id}/entfernen", data={})
    assert gone.status_code == 303
    (indicator,) = indicators(site, field)
    assert indicator.measurements == []
    assert team.get(f"{BASE}/HF-2/stand/indikatoren/{indicator.id}").status_code == 404


def test_a_goal_has_nothing_to_report(team, adopted):
    assert "Hier ist nichts zu melden" in team.get(f"{BASE}/Z-01/stand").text
