"""What changed between two texts, word by word.

`apply(before, difference(before, after))` is `after`, whatever the texts; leaving the inserted
pieces out gives `before`. Words are found by the longest common subsequence that
`difflib.SequenceMatcher` looks for; a lonely short word between two changes is then drawn into
them, because "~~alte~~ der ~~Text~~" reads worse than one change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal

Kind = Literal["equal", "insert", "delete"]

# A word keeps its inner signs ("Online-Termine", "1.200", "O'Neill"); white space and other
# signs stand alone, so that a full stop put in does not mark the word before it.
_TOKEN = re.compile(r"\w+(?:[-.,:/'’*]\w+)*|\n|[^\S\n]+|[^\w\s]")

# Up to so many letters between two changes are no landmark for the reader.
_ISLAND = 3


@dataclass(frozen=True)
class Segment:
    """A piece of text that both have, or that only one of them has."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class _Run:
    """Tokens in a row: the same in both texts, or what one has where the other has that."""

    before: Sequence[str]
    after: Sequence[str]
    same: bool


def words(text: str) -> list[str]:
    """Return the words, signs and white space of a text; joined, they give the text again."""
    return _TOKEN.findall(text)


def difference(before: str, after: str) -> list[Segment]:
    """Return the segments of both texts in reading order, what goes before what comes."""
    if before == after:
        return [Segment("equal", before)] if before else []
    runs = _slid(_without_islands(list(_runs(words(before), words(after)))))
    return list(chain.from_iterable(_segments(run) for run in runs))


def apply(before: str, segments: Iterable[Segment]) -> str:
    """Return the text after the changes; a difference of another text raises ValueError."""
    pieces = list(segments)
    if "".join(piece.text for piece in pieces if piece.kind != "insert") != before:
        raise ValueError("the difference was made from another text")
    return "".join(piece.text for piece in pieces if piece.kind != "delete")


def _runs(old: list[str], new: list[str]) -> Iterator[_Run]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        yield _Run(old[old_from:old_to], new[new_from:new_to], tag == "equal")


def _without_islands(runs: list[_Run]) -> list[_Run]:
    """Join changes that only a trivial island parts, and changes that stand side by side."""
    joined: list[_Run] = []
    for place, run in enumerate(runs):
        inside = 0 < place < len(runs) - 1
        changed = not run.same or (inside and _is_island(run))
        if changed and joined and not joined[-1].same:
            before = [*joined[-1].before, *run.before]
            joined[-1] = _Run(before, [*joined[-1].after, *run.after], same=False)
        else:
            joined.append(_Run(run.before, run.after, same=not changed))
    return joined


def _slid(runs: list[_Run]) -> list[_Run]:
    """Let what was put in or left out begin with a word: " am Abend" at " ist" is "am Abend "."""
    runs = list(runs)
    for place in range(1, len(runs) - 1):
        left, run, right = runs[place - 1 : place + 2]
        changed = run.before or run.after
        if run.same or (run.before and run.after) or not _may_slide(changed, right):
            continue
        space = list(changed[:1])
        moved = [*changed[1:], *space]
        runs[place - 1] = _Run([*left.before, *space], [*left.after, *space], same=True)
        runs[place] = _Run(moved if run.before else [], moved if run.after else [], same=False)
        runs[place + 1] = _Run(right.before[1:], right.after[1:], same=True)
    return runs


def _may_slide(changed: Sequence[str], right: _Run) -> bool:
    # Something has to stay between this change and the next.
    return changed[0].isspace() and right.before[0] == changed[0] and len(right.before) > 1


def _is_island(run: _Run) -> bool:
    # The end of a line is always a landmark: what stands in one line is compared as a line.
    if "\n" in run.before:
        return False
    return sum(sign.isalnum() for token in run.before for sign in token) <= _ISLAND


def _segments(run: _Run) -> Iterator[Segment]:
    if run.same:
        yield Segment("equal", "".join(run.before))
        return
    if run.before:
        yield Segment("delete", "".join(run.before))
    if run.after:
        yield Segment("insert", "".join(run.after))
