"""Factories of the strategy: a draft to fill, or a version that was adopted."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.foundation.clock import local_date
from participation.strategy import operations, queries
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import (
    Direction,
    Element,
    ElementKind,
    Indicator,
    IndicatorKind,
    Strategy,
    StrategyVersion,
)
from participation.strategy.operations import Resolution
from tests.founded import planned


class MakeStrategy:
    """A strategy and its elements, through the operations that people use."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def strategy(
        self,
        municipality: Municipality,
        *,
        title: str = "Digitalstrategie Lindenow 2030",
        fields: Iterable[str] = ("Verwaltung", "Mobilität"),
    ) -> Strategy:
        """Return a strategy whose first version is a draft: L-1 with a text, HF-1, HF-2."""
        strategy = operations.create_strategy(
            self.session,
            municipality=municipality,
            title=title,
            fields=tuple(fields),
            actor=None,
            at=self.at,
        )
        self.worded(strategy, "L-1", title="Leitbild", text="Wege werden kürzer.")
        return strategy

    def draft_of(self, strategy: Strategy) -> StrategyVersion:
        """Return the draft of the first version."""
        version = queries.draft_version(self.session, strategy.id)
        assert version is not None
        return version

    def in_force(self, strategy: Strategy) -> StrategyVersion:
        """Return the version in force."""
        version = queries.adopted_version(self.session, strategy.id)
        assert version is not None
        return version

    def contents(self, version: StrategyVersion) -> dict[str, ElementContent]:
        """Return what a version says, by code."""
        found = queries.contents_of(self.session, version.id)
        return {code: content for code, (_, content) in found.items()}

    def known(self, strategy: Strategy, code: str) -> Element:
        """Return the element with a code."""
        return queries.get_element(self.session, strategy.id, code)

    def worded(self, strategy: Strategy, code: str, **content: Any) -> Element:
        """Word an element of the draft and return it."""
        element, version = self.known(strategy, code), self.draft_of(strategy)
        operations.put_wording(
            self.session, version=version, element=element, content=ElementContent(**content)
        )
        return element

    def element(self, strategy: Strategy, kind: ElementKind, **content: Any) -> Element:
        """Return a new element of the draft, without what its kind needs unless it is given."""
        element = operations.mint_element(self.session, strategy=strategy, kind=kind, at=self.at)
        content.setdefault("title", f"Element {element.code}")
        return self.worded(strategy, element.code, **content)

    def goal(self, strategy: Strategy, **content: Any) -> Element:
        """Return a goal of the draft with a success criterion."""
        content.setdefault("criteria", (Criterion("Wartezeit", "15 Minuten", date(2028, 12, 31)),))
        return self.element(strategy, ElementKind.GOAL, **content)

    def measure(self, strategy: Strategy, **content: Any) -> Element:
        """Return a measure of the draft; it serves a goal made for it unless one is given."""
        if "goals" not in content and "external_home" not in content:
            content["goals"] = (self.goal(strategy).code,)
        return self.element(strategy, ElementKind.MEASURE, **content)

    def resolution(self, number: str | None = None) -> Resolution:
        """Return a council's resolution of today."""
        return Resolution(
            body="Stadtverordnetenversammlung",
            on=local_date(self.at),
            number=number or f"2026/{next(self.numbers):03}",
        )

    def adopted(self, strategy: Strategy, number: str | None = None) -> StrategyVersion:
        """Adopt the draft of the first version."""
        return operations.adopt_first(
            self.session,
            strategy=strategy,
            resolution=self.resolution(number),
            actor=None,
            at=self.at,
        )

    def adopted_strategy(self, municipality: Municipality) -> Strategy:
        """Return an adopted strategy: L-1, HF-1, HF-2, Z-01 and M-01 in HF-1, M-02 in HF-2."""
        number = f"2026/{next(self.numbers):03}"
        return planned(
            self.session,
            (municipality.id, number, self.at),
            lambda: self._adopted_strategy(municipality, number),
        )

    def _adopted_strategy(self, municipality: Municipality, number: str) -> Strategy:
        strategy = self.strategy(municipality)
        goal = self.goal(strategy, title="Leistungen ohne Hürden", field="HF-1")
        self.measure(
            strategy,
            title="Bürgerservice ohne Termin",
            text="Das Bürgerbüro öffnet an drei Tagen ohne Termin.",
            field="HF-1",
            goals=(goal.code,),
            starts_on=date(2026, 4, 1),
            ends_on=date(2027, 12, 31),
        )
        self.measure(strategy, title="Rufbus per Telefon und App", field="HF-2", goals=(goal.code,))
        self.adopted(strategy, number)
        return strategy

    def next_version(self, strategy: Strategy, **amended: dict[str, Any]) -> StrategyVersion:
        """Adopt a next version in which elements (`M_01=dict(title=…)`) read differently."""
        contents = self.contents(self.in_force(strategy))
        for name, fields in amended.items():
            code = name.replace("_", "-")
            before = contents.get(code)
            values = {**vars(before), **fields} if before else fields
            contents[code] = ElementContent(**values)
        return operations.publish_version(
            self.session,
            strategy=strategy,
            contents=contents,
            resolution=self.resolution(),
            actor=None,
            at=self.at,
        )

    def indicator(self, element: Element, **more: Any) -> Indicator:
        """Return an indicator of an element."""
        values: dict[str, Any] = {
            "name": "Wartezeit ohne Termin",
            "kind": IndicatorKind.QUANTITATIVE,
            "unit": "Minuten",
            "direction": Direction.DOWN,
        }
        return operations.add_indicator(self.session, element=element, **values | more)
