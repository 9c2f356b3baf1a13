"""Which ideas of a call somebody wants to see, as it stands in the address of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from participation.engagements.queries import NamedElement
from participation.foundation.errors import NotFound
from participation.ideas.models import LAST_LOT
from participation.ideas.search import LONGEST_SEARCH, seek, stems_of
from participation.portal.queries.idea_lists import IdeaOrder, WantedIdeas
from participation.portal.queries.ideas import IdeaState

ORDERS = {
    "neu": IdeaOrder.NEWEST,
    "unterstuetzt": IdeaOrder.MOST_SUPPORTED,
    "besprochen": IdeaOrder.MOST_DISCUSSED,
    "zufall": IdeaOrder.DRAWN,
}
STATES = {
    "offen": IdeaState.OPEN,
    "auswertung": IdeaState.IN_FINDING,
    "beantwortet": IdeaState.ANSWERED,
    "strategie": IdeaState.IN_STRATEGY,
}
_MOST_ELEMENTS = 60


@dataclass(frozen=True, slots=True)
class ChosenIdeas:
    """What somebody chose of a list of ideas. `begin` is None until a lot is drawn."""

    order: IdeaOrder
    state: IdeaState | None
    elements: Sequence[NamedElement]
    words: str
    begin: int | None

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
        return kept

    def of(self, session: Session, call_id: int) -> WantedIdeas:
        """Return the list of a call's ideas that was chosen."""
        return WantedIdeas(
            call_id=call_id,
            order=self.order,
            element_ids=[element.id for element in self.elements],
            state=self.state,
            sought=seek(session, call_id, self.words),
            begin=self.begin or 0,
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
    )


def _read_beginning(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LAST_LOT))):
        raise NotFound("there is no such list")
    return min(int(text), LAST_LOT)
