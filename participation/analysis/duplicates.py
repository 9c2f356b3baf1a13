"""All pairs of wishes that are the same, among very many.

Comparing each with each would take hours among ten thousand. Two texts that are the same share
most of their words, so at least one of the few rarest of each; only texts that do are compared
(prefix filtering: Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins", 2006).
Texts of up to three words must agree in all of them: they are found by a signature, also with a
letter left out of one word, which finds every word that is one slip of the finger away.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from participation.analysis.sameness import SAME, sameness
from participation.analysis.wordings import Wording, read

_SHORT = 3
# Texts up to this length are also found when compounds are written apart in all of them.
_RUN_TOGETHER = 6
# How many words may be mistyped or written apart besides those that differ.
_SLIPS, _SLIPS_OF_SHORT, _FEW = 2, 1, 6
_SHORTEST_TYPED, _LONGEST_TYPED = 4, 40
# A shorter text says what it says of what it answers: "Bitte streichen".
_FEWEST_BY_ITSELF = 4

# How much of the longer text the shorter one has at least, where all its words are in it.
_SHARE = SAME / (2 - SAME)
# How many texts are kept as they were read; the others are read again when they are compared.
_KEPT = 512

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A text with the name that it is listed by.

    `about` is what it answers to, `side` whether it is for or against that; empty where a text
    stands by itself.
    """

    name: str
    text: str
    title: str = ""
    about: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class SamePair:
    """Two statements that are the same, the later one second, and how sure that is."""

    one: str
    other: str
    score: float


def same_pairs(
    statements: Sequence[Statement], *, progress: Callable[[int], None] = lambda _number: None
) -> Iterator[SamePair]:
    """Yield all pairs of statements that are the same, while they are found.

    Each is read, then compared with those before it: `progress` is told of both, twice as many
    steps as there are statements. What is kept of each is its text and its words.
    """
    try:
        yield from _same_pairs(statements, progress)
    finally:
        _wording.cache_clear()


def _same_pairs(
    statements: Sequence[Statement], progress: Callable[[int], None]
) -> Iterator[SamePair]:
    index = _Index()
    for statement in statements:
        index.count(_wording(statement))
        progress(1)
    groups: dict[tuple[str, str, str], _Group] = {}
    for statement in statements:
        kind = _kind(statement)
        group = groups.get(kind)
        if group is None:
            groups[kind] = group = _Group(statement)
            for other in index.add(group):
                group.compare(other)
        yield from group.join(statement.name)
        progress(1)


class _Group:
    """Statements that are equal to the letter, and the groups that say the same otherwise."""

    def __init__(self, first: Statement) -> None:
        self.first = first
        self.names: list[str] = []
        self.alike: list[tuple[_Group, float]] = []

    def compare(self, other: _Group) -> None:
        """Note whether the statements of another group say the same."""
        score = _score(other.first, self.first)
        if score >= SAME:
            self.alike.append((other, score))
            other.alike.append((self, score))

    def join(self, name: str) -> Iterator[SamePair]:
        """Add a statement; yield its pairs with those that were there before."""
        for earlier in self.names:
            yield SamePair(earlier, name, 1.0)
        for group, score in self.alike:
            for earlier in group.names:
                yield SamePair(earlier, name, score)
        self.names.append(name)


class _Index:
    """Finds the groups that are worth comparing with a new one."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._by_word: defaultdict[tuple[str, int], list[tuple[_Group, Words]]] = defaultdict(list)
        self._by_signature: defaultdict[int, list[_Group]] = defaultdict(list)

    def count(self, wording: Wording) -> None:
        """Count in how many texts each word is; all must be counted before the first is added."""
        for saying in _sayings(wording):
            self._counts.update(saying.words.keys())

    def add(self, group: _Group) -> Collection[_Group]:
        """Add a group and return those before it that may say the same, each once."""
        found: dict[int, _Group] = {}
        for saying in _sayings(_wording(group.first)):
            for signature in dict.fromkeys(_signatures(saying)):
                entries = self._by_signature[signature]
                found |= {id(other): other for other in entries}
                entries.append(group)
            if len(saying.words) > _SHORT:
                rarest = self._rarest(saying.words)
                found |= {id(other): other for other in self._sharing(saying.words, rarest)}
                words = tuple(map(sys.intern, saying.words))
                for word in rarest:
                    self._by_word[sys.intern(word), len(words)].append((group, words))
        found.pop(id(group), None)
        return found.values()

    def _sharing(self, words: Mapping[str, str], rarest: Iterable[str]) -> Iterator[_Group]:
        least = max(_SHORT + 1, math.ceil(len(words) * _SHARE))
        for size in range(least, math.floor(len(words) / _SHARE) + 1):
            needed = _overlap(len(words), size)
            for word in rarest:
                for other, others in self._by_word.get((word, size), ()):
                    if len(words.keys() & others) >= needed:
                        yield other

    def _rarest(self, words: Collection[str]) -> list[str]:
        number = len(words) - _overlap(len(words), math.ceil(len(words) * _SHARE)) + 1
        return sorted(words, key=lambda word: (self._counts[word], word))[:number]


@lru_cache(maxsize=_KEPT)
def _wording(statement: Statement) -> Wording:
    return read(statement.text, title=statement.title)


def _overlap(one: int, other: int) -> int:
    """Return how many words two texts of so many words share at least if they are the same."""
    slips = _SLIPS_OF_SHORT if min(one, other) < _FEW else _SLIPS
    return max(1, math.ceil(SAME / 2 * (one + other)) - slips)


def _score(one: Statement, other: Statement) -> float:
    if one.side and other.side and one.side != other.side:
        return 0.0
    left, right = _wording(one), _wording(other)
    if one.about != other.about and (_says_little(left) or _says_little(right)):
        return 0.0
    return sameness(left, right)


def _kind(statement: Statement) -> tuple[str, str, str]:
    wording = _wording(statement)
    about = statement.about if _says_little(wording) else ""
    return wording.plain, about, statement.side


def _says_little(wording: Wording) -> bool:
    """Tell whether a text says what it says only of what it answers: "Bitte streichen"."""
    return len(wording.words) < _FEWEST_BY_ITSELF


def _sayings(wording: Wording) -> Iterator[Wording]:
    """Yield a text, its wish without the label, and its body without the title."""
    yield from (one for one in (wording, wording.wish, wording.body) if one is not None)


def _signatures(wording: Wording) -> Iterator[int]:
    """Yield what short texts have in common if they say the same; hashes, to keep them small."""
    words = sorted(wording.words)
    if len(words) <= _RUN_TOGETHER:
        yield hash(tuple(words))
        for compound, parts in wording.joined.items():
            yield hash(tuple(sorted((wording.words.keys() - parts) | {compound})))
    if len(words) > _SHORT:
        return
    for place, word in enumerate(words):
        rest = (*words[:place], *words[place + 1 :])
        if _SHORTEST_TYPED <= len(word) <= _LONGEST_TYPED:
            yield hash((word, rest))
            yield from (hash((word[:at] + word[at + 1 :], rest)) for at in range(len(word)))
