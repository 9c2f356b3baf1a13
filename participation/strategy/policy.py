"""What must hold before a version is adopted, and what follows from dates. No row is read."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from participation.strategy.content import ElementContent
from participation.strategy.models import ElementKind

# How a code of each kind is written; the number is given in order and never reused.
CODE_FORMATS: dict[ElementKind, str] = {
    ElementKind.VISION: "L-{}",
    ElementKind.ACTION_FIELD: "HF-{}",
    ElementKind.GOAL: "Z-{:02}",
    ElementKind.MEASURE: "M-{:02}",
}
_KINDS = {written.partition("-")[0]: kind for kind, written in CODE_FORMATS.items()}
_CODE = re.compile(r"([A-Z]{1,2})-?0{0,4}([1-9][0-9]{0,5})")


class Gap(enum.Enum):
    """What an element or a version still lacks before the council can adopt it."""

    NO_VISION = "no_vision"
    NO_TITLE = "no_title"
    NO_VISION_TEXT = "no_vision_text"
    NO_CRITERION = "no_criterion"
    NO_GOAL = "no_goal"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_GOAL = "unknown_goal"


@dataclass(frozen=True)
class Missing:
    """One gap; `code` is empty when the version as a whole lacks something."""

    code: str
    gap: Gap


def missing_before_adoption(
    contents: Mapping[str, tuple[ElementKind, ElementContent]],
) -> list[Missing]:
    """Return everything that a version with these contents lacks, in their order."""
    missing = [
        Missing(code, gap)
        for code, (kind, content) in contents.items()
        for gap in _gaps(kind, content, contents)
    ]
    if not any(kind is ElementKind.VISION for kind, _ in contents.values()):
        missing.insert(0, Missing("", Gap.NO_VISION))
    return missing


def _gaps(
    kind: ElementKind,
    content: ElementContent,
    contents: Mapping[str, tuple[ElementKind, ElementContent]],
) -> Iterator[Gap]:
    if not content.title.strip():
        yield Gap.NO_TITLE
    if kind is ElementKind.VISION and not content.text.strip():
        yield Gap.NO_VISION_TEXT
    if kind is ElementKind.GOAL and not content.criteria:
        yield Gap.NO_CRITERION
    if kind is ElementKind.MEASURE and not content.goals and not content.external_home.strip():
        yield Gap.NO_GOAL
    if content.field is not None and content.field not in contents:
        yield Gap.UNKNOWN_FIELD
    if any(goal not in contents for goal in content.goals):
        yield Gap.UNKNOWN_GOAL


def written_code(kind: ElementKind, number: int) -> str:
    """Return the code that people cite: `L-1`, `HF-3`, `Z-12`, `M-07`."""
    return CODE_FORMATS[kind].format(number)


def canonical_code(typed: str) -> str | None:
    """Return the code that somebody meant (`m-7` for `M-07`); None if it cannot be one."""
    found = _CODE.fullmatch(typed.strip().upper())
    if found is None or found.group(1) not in _KINDS:
        return None
    return written_code(_KINDS[found.group(1)], int(found.group(2)))


def months_after(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months after a day's month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def quarter_start(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return date(year, quarter * 3 - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    return date.fromordinal(months_after(quarter_start(year, quarter), 3).toordinal() - 1)


def quarter_of(day: date) -> int:
    """Return the quarter of its year that a day lies in, 1 to 4."""
    return (day.month + 2) // 3
