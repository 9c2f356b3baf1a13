"""A table of ideas: what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from participation.foundation.errors import Refused
from participation.foundation.excerpts import first_words
from participation.foundation.uploaded_tables import Line
from participation.ideas.placing import LONGEST_ADDRESS
from participation.ideas.policy import LONGEST_TEXT, LONGEST_TITLE
from participation.intake.tables import DAY, LineReader, Row, Table, read_table

_LONGEST_MADE_TITLE = 80

TITLE, TEXT, ELEMENTS, PLACE = "Titel", "Idee", "Bezug", "Ort"


@dataclass(frozen=True, kw_only=True)
class IdeaRow(Row):
    """An idea of a table."""

    title: str
    elements: tuple[str, ...] = ()
    place: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """The same ideas are the same table, whatever they are said to be about."""
        return self.title, self.text

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """Return a row from the values that it had, as JSON keeps them."""
        return cls(**values | {"elements": tuple(values["elements"])})


def headings_of(*, with_place: bool) -> tuple[str, ...]:
    """Return what the columns of a table are called."""
    return (TITLE, TEXT, ELEMENTS, *([PLACE] if with_place else []), DAY)


def read_ideas(
    content: bytes, name: str, *, elements: Collection[str], with_place: bool, at: datetime
) -> Table[IdeaRow]:
    """Read a table of ideas; `elements` are the codes that they can be about. Raises Refused."""
    return read_table(content, name, _IdeaReader(elements, with_place=with_place, at=at))


class _IdeaReader(LineReader[IdeaRow]):
    needed = (TEXT,)
    also_called = {  # noqa: RUF012 - never changed.
        "überschrift": TITLE,
        "text": TEXT,
        "beschreibung": TEXT,
        "vorschlag": TEXT,
        "element": ELEMENTS,
        "elemente": ELEMENTS,
        "handlungsfeld": ELEMENTS,
        "kürzel": ELEMENTS,
    }

    def __init__(self, elements: Collection[str], *, with_place: bool, at: datetime) -> None:
        super().__init__(at=at)
        self.headings = headings_of(with_place=with_place)
        self._elements = {code.casefold(): code for code in elements}

    def read(self, line: Line) -> IdeaRow:
        """Return the idea of a line; what is wrong with it is kept in `faults`."""
        text = self._cell(line, TEXT)
        title = " ".join(self._cell(line, TITLE).split())
        if not text:
            self._note(line, TEXT, Refused("Hier fehlt die Idee."))
        self._limited(line, TEXT, text, LONGEST_TEXT)
        self._limited(line, TITLE, title, LONGEST_TITLE)
        place = " ".join(self._cell(line, PLACE).split())
        self._limited(line, PLACE, place, LONGEST_ADDRESS)
        return IdeaRow(
            line=line.number,
            title=title or first_words(text, _LONGEST_MADE_TITLE),
            text=text,
            elements=self._codes(line),
            place=place,
            received_on=self._day(line),
        )

    def _codes(self, line: Line) -> tuple[str, ...]:
        found = []
        for written in re.split(r"[\s,;]+", self._cell(line, ELEMENTS)):
            code = self._elements.get(written.casefold())
            if code is not None:
                found.append(code)
            elif written:
                self._note(
                    line,
                    ELEMENTS,
                    Refused(
                        "Das Kürzel „%(written)s“ gehört nicht zu diesem Ideenaufruf. "
                        "Möglich sind: %(known)s.",
                        written=written[:40],
                        known=", ".join(self._elements.values()) or "–",
                    ),
                )
        return tuple(dict.fromkeys(found))
