"""How a content becomes the rows of a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from participation.foundation.errors import Refused
from participation.strategy.content import ElementContent, misplaced_fields
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    FinancingLine,
    SuccessCriterion,
)


def codes_in(contents: Mapping[str, ElementContent]) -> set[str]:
    """Return the codes of the contents and of everything that they refer to."""
    referred = (code for said in contents.values() for code in (*said.goals, said.field))
    return {*contents, *(code for code in referred if code)}


def wordings_for(
    contents: Mapping[str, ElementContent], elements: Mapping[str, Element]
) -> list[ElementWording]:
    """Return new wordings of these contents; the order of each kind is kept as its position."""
    places: Counter[ElementKind] = Counter()
    wordings = []
    for code, content in contents.items():
        element = _known(elements, code)
        wording = ElementWording(position=places[element.kind])
        places[element.kind] += 1
        write(wording, element, content, elements)
        wordings.append(wording)
    return wordings


def write(
    wording: ElementWording,
    element: Element,
    content: ElementContent,
    known: Mapping[str, Element],
) -> None:
    """Write a content into a wording; `known` holds the elements that it refers to."""
    _refuse_impossible(element, content)
    wording.element = element
    wording.title = content.title.strip()
    wording.text = content.text
    wording.field = (
        _known(known, content.field, ElementKind.ACTION_FIELD) if content.field else None
    )
    wording.goals = [_known(known, code, ElementKind.GOAL) for code in dict.fromkeys(content.goals)]
    wording.expected_effect = content.expected_effect
    wording.lead = content.lead
    wording.participants = content.participants
    wording.priority = content.priority
    wording.starts_on = content.starts_on
    wording.ends_on = content.ends_on
    wording.data_protection = content.data_protection
    wording.external_home = content.external_home
    wording.criteria = [
        SuccessCriterion(position=place, what=it.what, target=it.target, due_on=it.due_on)
        for place, it in enumerate(content.criteria)
    ]
    wording.financing = [
        FinancingLine(position=place, year=it.year, source=it.source, amount=it.amount)
        for place, it in enumerate(content.financing)
    ]


def _refuse_impossible(element: Element, content: ElementContent) -> None:
    if not content.title.strip():
        raise Refused("%(code)s braucht einen Titel.", field="title", code=element.code)
    misplaced = misplaced_fields(content, element.kind)
    if misplaced:
        raise Refused(
            "%(code)s hat dieses Feld nicht: %(names)s.",
            code=element.code,
            names=", ".join(misplaced),
        )
    if content.starts_on and content.ends_on and content.starts_on > content.ends_on:
        raise Refused("Das Ende liegt vor dem Beginn.", field="ends_on")
    if not all(it.what.strip() and it.target.strip() for it in content.criteria):
        raise Refused("Zu einem Erfolgskriterium gehören Was und Zielwert.", field="criteria")
    if any(line.amount < 0 for line in content.financing):
        raise Refused("Ein Betrag kann nicht unter null liegen.", field="financing")
    if any(not 2000 <= line.year <= 2100 for line in content.financing):
        raise Refused("Bitte geben Sie ein Jahr zwischen 2000 und 2100 an.", field="financing")


def _known(elements: Mapping[str, Element], code: str, kind: ElementKind | None = None) -> Element:
    element = elements.get(code)
    if element is None or (kind is not None and element.kind is not kind):
        raise Refused("Die Strategie hat kein solches Element: %(code)s.", code=code)
    return element
