"""Which of some described things a German text seems to be about: by the word stems that both have.

A rare stem says more than a common one, one of a name more than one of a description. Words are
put together in German, so a stem also finds those that it begins or ends: Radweg and Weg do not
say the same, but Glasfaserausbau is about Glasfaser.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from participation.analysis.similarity import rarity, stems
from participation.analysis.word_forms import fold

# Tried with sentences about the strategy of the demo town, in tests/unit/test_fitting.py: below
# the floor chance begins, and what is far behind the best is seldom meant.
_FLOOR = 1.25
_BEHIND = 0.5
_NAME_COUNTS = 1.6
_TITLE_COUNTS = 1.25
_PART_COUNTS = 0.6
_SHORTEST_PART = 5
# A long text has hundreds of stems; the first of them say what it is about.
_MOST_STEMS = 120
# What a text of this many stems shares is taken as it is; of a longer one it says less.
_USUAL_STEMS = 12
_FADING = 0.25

# Words of nearly every plan of a town and of nearly every idea: they say nothing about which.
_EVERYWHERE = frozenset(
    fold(stem)
    for stem in stems(
        """
        stadt städtisch gemeinde landkreis kommune ort orte ortsteil digital digitale
        digitaler online internet netz bürger bürgerin bürgerinnen mensch menschen leute jemand
        person personen angebot angebote stelle stellen seite webseite platz plätze haus
        jahr jahre woche tag tage uhr zeit monat mal euro prozent anzahl zahl neu neue gut gute
        schön wichtig idee vorschlag wunsch wünsche problem leicht einfach schnell frei offen
        brauchen braucht bekommen bekommt finden findet zeigen zeigt stehen steht gehen sagen
        wissen sehen kommen kommt helfen hilft hilfe nutzen öffentlich wäre gäbe heute
        liegt liegen warten wartet selbst zwei drei vier fünf sechs zehn zwölf halb morgen
        morgens abend abends nacht lange laut weiß alt alter alte jung junge eigen eigene
        eigenen richtig fehlt fehlen einrichten
        """
    )
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Described(Generic[Key]):
    """Something with a name, and what is said about it besides."""

    key: Key
    name: str
    words: str = ""


def fitting(
    title: str,
    text: str,
    things: Sequence[Described[Key]],
    *,
    among: frozenset[Key] | None = None,
    limit: int = 3,
) -> list[Key]:
    """Return the keys of what a text fits best, best first, nothing if it fits nothing well.

    How rare a stem is all things say; only those `among` are returned.
    """
    asked = _asked(title, text)
    if not asked or not things:
        return []
    names = {thing.key: _stems(thing.name) for thing in things}
    everything = {thing.key: names[thing.key] | _stems(thing.words) for thing in things}
    containing = Counter(stem for present in everything.values() for stem in present)
    weights = {stem: _weight(len(things), number) for stem, number in containing.items()}
    shares = _shares(asked, weights)
    fading = max(1.0, len(asked) / _USUAL_STEMS) ** _FADING
    scores = {
        thing.key: _score(shares, names[thing.key], everything[thing.key]) / fading
        for thing in things
        if among is None or thing.key in among
    }
    best = max(scores.values(), default=0.0)
    floor = max(_FLOOR, best * _BEHIND)
    order = {thing.key: place for place, thing in enumerate(things)}
    found = [key for key, score in scores.items() if score >= floor]
    return sorted(found, key=lambda key: (-scores[key], order[key]))[:limit]


def _asked(title: str, text: str) -> dict[str, float]:
    """Return the stems of a text with what each counts; what the title says is the point."""
    counts = dict.fromkeys(map(fold, stems(title)), _TITLE_COUNTS)
    for stem in map(fold, stems(text)):
        counts.setdefault(stem, 1.0)
    said = [(stem, count) for stem, count in counts.items() if stem not in _EVERYWHERE]
    return dict(said[:_MOST_STEMS])


@lru_cache(maxsize=4_000)
def _stems(words: str) -> frozenset[str]:
    return frozenset(fold(stem) for stem in stems(words)) - _EVERYWHERE


def _weight(things: int, containing: int) -> float:
    return rarity(things, containing) / rarity(things, 1)


def _shares(asked: Mapping[str, float], weights: Mapping[str, float]) -> list[dict[str, float]]:
    """Return for each stem that was asked what it gives to things with a stem of theirs."""
    forwards = sorted(weights)
    backwards = sorted(stem[::-1] for stem in weights)
    shares = []
    for stem, count in asked.items():
        found = {part: weights[part] * _PART_COUNTS for part in _parts(stem) if part in weights}
        if len(stem) >= _SHORTEST_PART:
            longer = [*_beginning(forwards, stem)]
            longer += [one[::-1] for one in _beginning(backwards, stem[::-1])]
            found |= {one: weights[one] * _PART_COUNTS for one in longer}
        if stem in weights:
            found[stem] = weights[stem]
        if found:
            shares.append({one: value * count for one, value in found.items()})
    return shares


def _score(
    shares: Sequence[Mapping[str, float]], name: frozenset[str], everything: frozenset[str]
) -> float:
    """Each stem that was asked counts once, by the best that it finds."""
    total = 0.0
    for found in shares:
        total += max(
            (
                value * (_NAME_COUNTS if stem in name else 1.0)
                for stem, value in found.items()
                if stem in everything
            ),
            default=0.0,
        )
    return total


def _parts(stem: str) -> Iterator[str]:
    """Return the beginnings and ends of a stem that may be words themselves."""
    for length in range(_SHORTEST_PART, len(stem)):
        yield stem[:length]
        yield stem[-length:]


def _beginning(ordered: Sequence[str], beginning: str) -> Iterator[str]:
    place = bisect_left(ordered, beginning)
    while place < len(ordered) and ordered[place].startswith(beginning):
        yield ordered[place]
        place += 1
