"""Writes the demo town's strategy and how far its measures have come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from participation.accounts.models import Account
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.texts import read_texts
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.models import (
    Direction,
    Element,
    ElementKind,
    FundingSource,
    IndicatorKind,
    Priority,
    ProgressState,
    Strategy,
    StrategyVersion,
)
from participation.strategy.monitoring import (
    add_indicator,
    add_milestone,
    record_measurement,
    report_progress,
)
from participation.strategy.operations import (
    Resolution,
    adopt_first,
    create_strategy,
    mint_element,
    put_wording,
)
from participation.strategy.queries import contents_of, draft_version, get_element

ADOPTED_DAYS_AGO = 690
_SOURCES = {
    "euros": FundingSource.OWN,
    "grant": FundingSource.GRANT,
    "third_party": FundingSource.THIRD_PARTY,
    "in_kind": FundingSource.IN_KIND,
}


def write_strategy(stage: Stage, strategist: Account) -> Strategy:
    """Write version 1 and let the council adopt it."""
    texts = read_texts("strategy")
    strategy = create_strategy(
        stage.session,
        municipality=stage.municipality,
        title="Lindenow 2030 – Digitalstrategie",
        owner="Paul Noack, Stabsstelle Digitales",
        deputy="Ines Lehmann, Hauptamt",
        actor=strategist,
        at=stage.ago(720),
    )
    version = draft_version(stage.session, strategy.id)
    if version is None:
        raise LookupError("a new strategy has a draft")
    _write_vision_and_fields(stage, strategy, version, texts)
    for goal in texts["goals"]:
        element = mint_element(
            stage.session, strategy=strategy, kind=ElementKind.GOAL, at=stage.ago(715)
        )
        put_wording(stage.session, version=version, element=element, content=_goal(goal))
    for measure in texts["measures"]:
        element = mint_element(
            stage.session, strategy=strategy, kind=ElementKind.MEASURE, at=stage.ago(710)
        )
        put_wording(stage.session, version=version, element=element, content=_measure(measure))
    adopted_at = stage.ago(ADOPTED_DAYS_AGO)
    adopt_first(
        stage.session,
        strategy=strategy,
        resolution=Resolution(
            "Stadtverordnetenversammlung", adopted_at.date(), f"{adopted_at.year}/031"
        ),
        actor=strategist,
        at=adopted_at,
    )
    return strategy


def _write_vision_and_fields(
    stage: Stage, strategy: Strategy, version: StrategyVersion, texts: dict[str, Any]
) -> None:
    vision = get_element(stage.session, strategy.id, "L-1")
    put_wording(
        stage.session, version=version, element=vision, content=ElementContent(**texts["vision"])
    )
    contents = contents_of(stage.session, version.id)
    for code, text in texts["fields"].items():
        element, content = contents[code]
        put_wording(
            stage.session,
            version=version,
            element=element,
            content=ElementContent(title=content.title, text=text),
        )


def _goal(goal: dict[str, Any]) -> ElementContent:
    return ElementContent(
        title=goal["title"],
        text=goal["text"],
        field=goal.get("field"),
        criteria=(Criterion(goal["what"], goal["target"], goal["due_on"]),),
    )


def _measure(measure: dict[str, Any]) -> ElementContent:
    first: date = measure["starts_on"]
    return ElementContent(
        title=measure["title"],
        text=measure["text"],
        expected_effect=measure["expected_effect"],
        field=measure["field"],
        goals=tuple(measure["goals"]),
        lead=measure["lead"],
        participants=measure["participants"],
        priority=Priority(measure["priority"]),
        starts_on=first,
        ends_on=measure["ends_on"],
        data_protection=measure["data_protection"],
        financing=tuple(
            Financing(first.year, source, measure[name])
            for name, source in _SOURCES.items()
            if name in measure
        ),
    )


def report_on_measures(stage: Stage) -> None:
    """Say how far the measures are, and measure what M-07 is about."""
    strategy = stage.strategy()
    for number, measure in enumerate(read_texts("strategy")["measures"], start=1):
        element = get_element(stage.session, strategy.id, f"M-{number:02d}")
        report_progress(
            stage.session,
            element=element,
            state=ProgressState(measure["state"]),
            percent=measure["percent"],
            reason=measure.get("reason", ""),
            on=stage.ago(20).date(),
        )
        for step in measure.get("steps", ()):
            _plan_step(stage, element, step)
    _measure_waiting_time(stage, get_element(stage.session, strategy.id, "M-07"))
    _measure_fields(stage)


def _measure_waiting_time(stage: Stage, element: Element) -> None:
    indicator = add_indicator(
        stage.session,
        element=element,
        name="Wartezeit ohne Termin",
        kind=IndicatorKind.QUANTITATIVE,
        unit="Minuten",
        direction=Direction.DOWN,
        baseline=Decimal(41),
        target=Decimal(15),
        target_on=date(2028, 12, 31),
        source="Aufrufsystem, Median",
    )
    for years, minutes in ((4, 41), (3, 38), (2, 34), (1, 27), (0, 22)):
        record_measurement(
            stage.session,
            indicator=indicator,
            value=Decimal(minutes),
            on=stage.ago(365 * years + 53).date(),
        )


def _plan_step(stage: Stage, element: Element, words: dict[str, Any]) -> None:
    add_milestone(
        stage.session,
        element=element,
        title=words["title"],
        planned_on=stage.ago(words["planned"]).date(),
        reached_on=stage.ago(words["reached"]).date() if "reached" in words else None,
    )


def _measure_fields(stage: Stage) -> None:
    strategy = stage.strategy()
    for words in read_texts("indicators")["indicators"]:
        indicator = add_indicator(
            stage.session,
            element=get_element(stage.session, strategy.id, words["about"]),
            name=words["name"],
            kind=IndicatorKind(words["kind"]),
            unit=words["unit"],
            direction=Direction(words["direction"]),
            baseline=Decimal(str(words["values"][0])),
            target=Decimal(str(words["target"])),
            target_on=date(2028, 12, 31),
            source=words["source"],
        )
        for years_ago, value in enumerate(reversed(words["values"])):
            record_measurement(
                stage.session,
                indicator=indicator,
                value=Decimal(str(value)),
                on=stage.ago(365 * years_ago + 80).date(),
            )
