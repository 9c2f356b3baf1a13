"""Which ideas of a call somebody wants to see, as it stands in the address of the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from participation.engagements.queries import NamedElement
from participation.foundation.errors import NotFound
from participation.foundation.geometry import DEGREE, WORLD, Box, Point, read_point
from participation.ideas.models import LAST_LOT, IdeaCall
from participation.ideas.queries import CallNumbers, totals_and_counts
from participation.ideas.search import (
    LONGEST_SEARCH,
    SoughtStem,
    few_with,
    seek,
    sought_stems,
    stems_of,
)
from participation.portal.queries.idea_lists import IdeaOrder, WantedIdeas
from participation.portal.queries.ideas import IdeaState
from participation.portal.queries.placed_ideas import (
    PlaceFilter,
    SoughtPlace,
    few_at,
    seek_place,
    sought_place,
)

ORDERS = {
    "neu": IdeaOrder.NEWEST,
    "unterstuetzt": IdeaOrder.MOST_SUPPORTED,
    "besprochen": IdeaOrder.MOST_DISCUSSED,
    "zufall": IdeaOrder.DRAWN,
    "nah": IdeaOrder.NEAREST,
}
STATES = {
    "offen": IdeaState.OPEN,
    "auswertung": IdeaState.IN_FINDING,
    "beantwortet": IdeaState.ANSWERED,
    "strategie": IdeaState.IN_STRATEGY,
}
PLACES = {"ueberall": PlaceFilter.EVERYWHERE, "ort": PlaceFilter.SOMEWHERE}
_MOST_ELEMENTS = 60
# A section of the map in an address: south, west, north and east in degrees.
_SECTION = re.compile(r",".join([r"(-?\d{1,3}(?:\.\d{1,15})?)"] * 4), re.ASCII)


@dataclass(frozen=True, slots=True)
class ChosenIdeas:
    """What somebody chose of a list of ideas. `begin` is None until a lot is drawn."""

    order: IdeaOrder
    state: IdeaState | None
    elements: Sequence[NamedElement]
    words: str
    begin: int | None
    place: PlaceFilter | None = None
    section: Box | None = None
    near: Point | None = None

    @property
    def codes(self) -> list[str]:
        """The codes of the elements that were chosen."""
        return [element.code for element in self.elements]

    @property
    def says_too_little(self) -> bool:
        """Whether somebody looks for words that every text has."""
        return bool(self.words) and not stems_of(self.words)

    @property
    def address(self) -> dict[str, str | list[str]]:
        """What stands in the address of a list like this one, without the place in it."""
        sorting = next(name for name, order in ORDERS.items() if order is self.order)
        kept: dict[str, str | list[str]] = {"sortierung": sorting}
        if self.order is IdeaOrder.DRAWN and self.begin is not None:
            kept["ab"] = str(self.begin)
        if self.elements:
            kept["element"] = self.codes
        if self.state is not None:
            kept["stand"] = next(name for name, state in STATES.items() if state is self.state)
        if self.words:
            kept["suche"] = self.words
        if self.place is not None:
            kept["ort"] = next(name for name, place in PLACES.items() if place is self.place)
        if self.section is not None:
            kept["ausschnitt"] = section_text(self.section)
        if self.near is not None and self.order is IdeaOrder.NEAREST:
            kept["bei"] = str(self.near).replace(" ", "")
        return kept

    @property
    def without_section(self) -> ChosenIdeas:
        """The same choice whatever part of the map is shown."""
        return replace(self, section=None)

    def of(self, session: Session, call_id: int) -> WantedIdeas:
        """Return the list of a call's ideas that was chosen."""
        return self._wanted(
            call_id,
            seek(session, call_id, self.words),
            seek_place(session, call_id, wanted=self.place, box=self.section),
        )

    def with_totals(
        self, session: Session, call: IdeaCall
    ) -> tuple[WantedIdeas, CallNumbers, dict[int, int]]:
        """Return the same, and the totals of the call, in one query."""
        few = few_with(call.id, self.words)
        places = few_at(call.id, wanted=self.place, box=self.section)
        numbers, by_element, counts = totals_and_counts(
            session, call, few if places is None else [*few, places]
        )
        place = None
        if places is not None:
            place = sought_place(counts.pop(), wanted=self.place, box=self.section)
        wanted = self._wanted(call.id, sought_stems(self.words, counts), place)
        return wanted, numbers, by_element

    def _wanted(
        self, call_id: int, sought: Sequence[SoughtStem], place: SoughtPlace | None
    ) -> WantedIdeas:
        return WantedIdeas(
            call_id=call_id,
            order=self.order,
            element_ids=[element.id for element in self.elements],
            state=self.state,
            sought=sought,
            begin=self.begin or 0,
            place=place,
            near=self.near if self.order is IdeaOrder.NEAREST else None,
        )


def read_choice(arguments: MultiDict[str, str], elements: Sequence[NamedElement]) -> ChosenIdeas:
    """Return what an address asks for; what it says wrongly is as if it were not said.

    Raises NotFound for a beginning that no list has.
    """
    codes = set(arguments.getlist("element")[:_MOST_ELEMENTS])
    words = " ".join(arguments.get("suche", "").replace("\0", "").split())
    return ChosenIdeas(
        order=ORDERS.get(arguments.get("sortierung", ""), IdeaOrder.NEWEST),
        state=STATES.get(arguments.get("stand", "")),
        elements=[element for element in elements if element.code in codes],
        words=words[:LONGEST_SEARCH],
        begin=_read_beginning(arguments.get("ab")),
        place=PLACES.get(arguments.get("ort", "")),
        section=read_section(arguments.get("ausschnitt", "")),
        near=read_point(arguments.get("bei", "")),
    )


def read_section(text: str) -> Box | None:
    """Return the section of the map that an address names; None if it names none."""
    parts = _SECTION.fullmatch(text)
    if parts is None:
        return None
    box = Box(*(round(float(part) * DEGREE) for part in parts.groups()))
    corners = Point(box.south, box.west), Point(box.north, box.east)
    is_one = box.south < box.north and box.west < box.east
    return box if is_one and all(WORLD.holds(corner) for corner in corners) else None


def section_text(box: Box) -> str:
    """Return how an address names a section of the map."""
    edges = (box.south, box.west, box.north, box.east)
    return ",".join(f"{edge / DEGREE:.6f}" for edge in edges)


def _read_beginning(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LAST_LOT))):
        raise NotFound("there is no such list")
    return min(int(text), LAST_LOT)
