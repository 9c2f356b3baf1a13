"""Say where an idea is, as far as its call asks for that."""

from __future__ import annotations

from dataclasses import dataclass

from participation.foundation.errors import Refused
from participation.foundation.geometry import Geometry
from participation.ideas.models import IdeaCall, IdeaPlace, PlaceKind, PlaceRule

LONGEST_ADDRESS = 200


@dataclass(frozen=True)
class ChosenPlace:
    """Where somebody says that an idea is: everywhere, or at an address, on the map, or both."""

    is_everywhere: bool = False
    address: str = ""
    geometry: Geometry | None = None


def place_of(
    call: IdeaCall, chosen: ChosenPlace | None, *, is_demanded: bool = True
) -> IdeaPlace | None:
    """Return the place to store with an idea of a call; None if it has none.

    Staff that writes a letter down cannot ask where an idea is: then it is not demanded. Raises
    Refused with the field.
    """
    if call.asks_place is PlaceRule.NONE:
        return None
    chosen = chosen or ChosenPlace()
    # No database takes a NUL.
    address = " ".join(chosen.address.replace("\0", "").split())
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"an address has at most {LONGEST_ADDRESS} characters", field="place_address")
    if chosen.is_everywhere:
        if address or chosen.geometry is not None:
            raise Refused(
                "Wählen Sie entweder das ganze Gebiet oder einen Ort.", field="place_everywhere"
            )
        return IdeaPlace(idea_call_id=call.id, kind=PlaceKind.EVERYWHERE, address="")
    if chosen.geometry is not None:
        place = IdeaPlace(idea_call_id=call.id, address=address)
        place.draw(chosen.geometry)
        return place
    if address:
        return IdeaPlace(idea_call_id=call.id, kind=PlaceKind.ADDRESS, address=address)
    if is_demanded and call.asks_place is PlaceRule.REQUIRED:
        raise Refused(
            "Sagen Sie, wo Ihre Idee ist: Adresse, Karte oder ganzes Gebiet.",
            field="place_address",
        )
    return None
