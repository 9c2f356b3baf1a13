"""A version in the order of a book: vision, then each field with its goals and measures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from participation.strategy.content import ElementContent
from participation.strategy.models import Element, ElementKind


@dataclass(frozen=True)
class Entry:
    """An element and what the version says about it."""

    element: Element
    content: ElementContent

    @property
    def code(self) -> str:
        """The code that people cite."""
        return self.element.code


@dataclass(frozen=True)
class Chapter:
    """An action field with what stands in it; without a field, what concerns the whole strategy."""

    field: Entry | None
    goals: list[Entry] = dataclasses.field(default_factory=list)
    measures: list[Entry] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """The whole version. `titles` knows the title of every element by its code."""

    visions: list[Entry]
    chapters: list[Chapter]
    titles: dict[str, str]

    @property
    def measures(self) -> int:
        """How many measures the version has."""
        return sum(len(chapter.measures) for chapter in self.chapters)


def outline(contents: Mapping[str, tuple[Element, ElementContent]]) -> Outline:
    """Put the contents of a version in order; what has no field comes last."""
    entries = [Entry(element, content) for element, content in contents.values()]
    chapters = {
        entry.code: Chapter(entry)
        for entry in entries
        if entry.element.kind is ElementKind.ACTION_FIELD
    }
    rest = Chapter(None)
    for entry in entries:
        chapter = chapters.get(entry.content.field or "", rest)
        if entry.element.kind is ElementKind.GOAL:
            chapter.goals.append(entry)
        elif entry.element.kind is ElementKind.MEASURE:
            chapter.measures.append(entry)
    return Outline(
        visions=[entry for entry in entries if entry.element.kind is ElementKind.VISION],
        chapters=[*chapters.values(), *([rest] if rest.goals or rest.measures else [])],
        titles={entry.code: entry.content.title for entry in entries},
    )
