"""A survey that was held elsewhere: a folder with a table of questions and one of responses.

`questions.csv` has a line for each question (`variable`, `question`, and perhaps `choices`),
`responses.csv` a line for each sheet and a column for each variable. The choices of a question
are what people answered; the `choices` column only says in which order they stand. It may be
worded otherwise: marks like `(1)` are dropped, and „keinen Account“ finds its place beside
„ich habe keinen Account (1)“.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from participation.foundation.plain_signs import plain_line
from participation.maintenance.tables import BrokenTable, Table, require_table
from participation.surveys.importing import ImportedQuestion
from participation.surveys.models import QuestionKind
from participation.surveys.sheets import Sheet

MOST_QUESTIONS = 500
MOST_RESPONSES = 100_000
LONGEST_VARIABLE = 200
# A column that holds more different words than this, and of which nobody said what it may
# hold, was not ticked but written.
MOST_UNSUGGESTED = 60
MOST_CHOICES = 1_000

# Only what is a tag for sure: „unter <5> Jahre“ and „a<b“ stay.
_INLINE = "b|strong|i|em|u|span|font|sup|sub|small|a"
_BLOCK = "br|p|div|li|ul|ol|h[1-6]"
_ATTRIBUTES = r"(?:\s+[\w-]+\s*=[^<>]*)?\s*/?"
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE)
_MARK = re.compile(r"\s*\(\d+\)\s*(?:[,;]\s*|$)")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")

_Natural = tuple[tuple[int, float, str], ...]


@dataclass
class _Column:
    """What was asked and answered under one variable."""

    variable: str
    text: str
    suggestions: list[str]
    answers: set[str] = field(default_factory=set)

    def add(self, cell: str) -> None:
        if len(self.answers) <= MOST_CHOICES:
            self.answers.add(cell)

    def question(self) -> ImportedQuestion:
        if self._is_written:
            return ImportedQuestion(self.variable, QuestionKind.TEXT, self.text)
        codes = sorted(self.answers or self.suggestions, key=self._place)
        choices = tuple((code, plain(code) or code) for code in codes)
        return ImportedQuestion(self.variable, QuestionKind.SINGLE, self.text, choices)

    @property
    def _is_written(self) -> bool:
        if not self.answers and not self.suggestions:
            return True
        if self.suggestions or all(_DECIMAL.fullmatch(plain(code)) for code in self.answers):
            return len(self.answers) > MOST_CHOICES
        return len(self.answers) > MOST_UNSUGGESTED

    def _place(self, code: str) -> tuple[int, _Natural, str]:
        found = place_among(self.suggestions, code)
        return (len(self.suggestions) if found is None else found, _natural(plain(code)), code)


class SurveyFolder:
    """The two tables, read once to learn the choices. Raises BrokenInput."""

    def __init__(self, folder: Path) -> None:
        asked = _read_questions(require_table(folder, "questions"))
        self._responses = Table(require_table(folder, "responses"), most_rows=MOST_RESPONSES)
        for variable in asked:
            if variable not in self._responses.columns:
                raise BrokenTable(
                    self._responses.path.name, f"there is no column “{variable}”", line=1
                )
        self.left_out = [name for name in self._responses.columns if name not in asked]
        self.responses = 0
        for row in self._responses:
            self.responses += 1
            for variable, column in asked.items():
                if row.cells[variable].strip():
                    column.add(row.cells[variable])
        if not self.responses:
            raise BrokenTable(self._responses.path.name, "there is a heading but no row")
        self.questions = [column.question() for column in asked.values()]

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset(one.code for one in self.questions if one.kind is QuestionKind.TEXT)

    def sheets(self) -> Iterator[Sheet]:
        """Yield what was answered in each row, exactly as it stands there."""
        ticked = [one.code for one in self.questions if one.code not in self._written]
        for row in self._responses:
            cells = row.cells
            yield Sheet(
                choices={code: (cells[code],) for code in ticked if cells[code].strip()},
                texts={code: cells[code] for code in self._written},
            )


def plain(text: str) -> str:
    """Return a text as people read it: without tags and entities, in one line."""
    without_tags = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", text))
    return " ".join(plain_line(html.unescape(without_tags)).split())


def suggested(choices: str) -> list[str]:
    """Return the choices that a cell of the `choices` column names, in their order."""
    parts = _MARK.split(choices) if _MARK.search(choices) else re.split(r"[,;\n]", choices)
    return [words for part in parts if (words := plain(part))]


def place_among(suggestions: list[str], answer: str) -> int | None:
    """Return the place of the suggestion that an answer is, or is a part of; None if of none.

    Of several that contain it the shortest is meant, of several that it contains the longest.
    """
    wanted = _words(answer)
    known = [_words(suggestion) for suggestion in suggestions]
    if wanted in known:
        return known.index(wanted)
    around = [place for place, words in enumerate(known) if _contains(words, wanted)]
    if around:
        return min(around, key=lambda place: len(known[place]))
    inside = [place for place, words in enumerate(known) if _contains(wanted, words)]
    return max(inside, key=lambda place: len(known[place]), default=None)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", plain(text).casefold())


def _contains(words: list[str], part: list[str]) -> bool:
    size = len(part)
    return bool(part) and any(
        words[start : start + size] == part for start in range(len(words) - size + 1)
    )


def _natural(text: str) -> _Natural:
    """Return a key by which numbers come first and in their order, also within words."""
    if _DECIMAL.fullmatch(text):
        return ((0, float(text.replace(",", ".")), ""),)
    parts = re.split(r"(\d{1,15})", text.casefold())
    return tuple(
        (1, float(part), "") if part.isdigit() else (2, 0.0, part) for part in parts if part
    )


def _read_questions(path: Path) -> dict[str, _Column]:
    table = Table(path, required=("variable", "question"), most_rows=MOST_QUESTIONS)
    columns: dict[str, _Column] = {}
    for row in table:
        variable = row.cells["variable"].strip()
        if not variable:
            raise row.broken("a question needs a variable")
        if len(variable) > LONGEST_VARIABLE:
            raise row.broken(f"the variable is longer than {LONGEST_VARIABLE} characters")
        if variable in columns:
            raise row.broken(f"the variable “{variable}” stands there twice")
        columns[variable] = _Column(
            variable=variable,
            text=plain(row.cells["question"]) or variable,
            suggestions=suggested(row.cells.get("choices", "")),
        )
    if not columns:
        raise BrokenTable(path.name, "there is a heading but no row")
    return columns
