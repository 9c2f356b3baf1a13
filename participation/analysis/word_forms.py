"""German words one by one: which are forms of one word, mistyped, opposites, names of places."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import snowballstemmer
from rapidfuzz.distance import OSA

from participation.analysis import german_words as german

_FOLDS = str.maketrans({"ß": "ss", "ä": "a", "ö": "o", "ü": "u"})
_DIGRAPHS = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue"})
# "Baeume" is "Bäume", but "neue" and "Bauer" have no umlaut.
_WRITTEN_UMLAUT = re.compile(r"(?<![aeq])(?:ae|oe|ue)")

_BEGINNINGS = (
    "ab|an|auf|aus|bei|ein|mit|nach|vor|um|her|hin|durch|über|ueber|uber|unter|los|weg|"
    "zurück|zurueck|zuruck|frei|bereit"
)
_NO_PARTICIPLES = "biet|burt|halt|müt|rät|recht|richt|samt|schäft|schenk|sicht|stalt|walt|wicht"
_NO_PARTICIPLES += r"|\w*(?:schaft|heit|keit)"
_PARTICIPLE = re.compile(
    rf"^({_BEGINNINGS}|zu|)ge(?!{_NO_PARTICIPLES})([^\W\d_]{{3,}}?)e?t(?:e|en|er|es|em)?$"
)
_ZU_INFINITIVE = re.compile(rf"^({_BEGINNINGS})zu([^\W\d_]{{3,}}n)$")
_KEPT_APART = re.compile(rf"(?:{'|'.join(german.KEPT_APART)})(?:n|s|in|innen)?")
_DERIVED = ("iert", "ert", "ung", "ier", "er", "el", "ig", "i")
_SHORTEST_STEM = 4
_SHORTEST_REST = 3
_SHORTEST_TYPED, _LONG_WORD, _LONG_ENOUGH_FOR_A_WRONG_LETTER = 4, 10, 7

_stemmer = snowballstemmer.stemmer("german")
# The stemmer keeps the word it works on in itself.
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word in small letters without umlauts: Häuser, Haeuser and Hauser are one."""
    return _WRITTEN_UMLAUT.sub(lambda pair: pair[0][0], word.lower().translate(_FOLDS))


def spellings(words: Iterable[str]) -> frozenset[str]:
    """Return words in small letters, each also as people without umlauts on their keys write it."""
    return frozenset(
        spelling
        for word in words
        for spelling in (word, word.replace("ß", "ss"), word.translate(_DIGRAPHS))
    )


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a word in small letters."""
    with _one_at_a_time:
        found: str = _stemmer.stemWord(word)
    return found


@lru_cache(maxsize=50_000)
def key(word: str, *, is_noun: bool = False) -> str:
    """Return what all forms of a word in small letters have in common, and words of one meaning.

    Verb and noun are one: verbreitern, Verbreiterung. A word known to be a noun is not taken for
    a participle.
    """
    found = _root(word, is_noun=is_noun)
    return _SYNONYMS.get(found, found)


@lru_cache(maxsize=50_000)
def is_place(folded: str) -> bool:
    """Tell whether a word ends like the name of a street, a square or a settlement."""
    end = next((end for end in _PLACE_ENDS if folded.endswith(end)), None)
    if end is None or len(folded) - len(end) < _SHORTEST_REST:
        return False
    return not folded.startswith(_NO_PLACES)


def is_mistyped(one: str, other: str) -> bool:
    """Tell whether two folded words are one word with a slip of the finger.

    A letter too many, too few, wrong, or swapped with its neighbour; two of them in a long word.
    A wrong letter in a short word, at the beginning or in the name of a place makes another word.
    """
    shorter = min(len(one), len(other))
    is_near = shorter >= _SHORTEST_TYPED and OSA.distance(one, other, score_cutoff=2) <= 2
    if not is_near or _begin_apart(one, other):
        return False
    names_place = is_place(one) or is_place(other)
    allowed = 2 if shorter >= _LONG_WORD and not names_place else 1
    if OSA.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    if sorted(one) == sorted(other):
        return True
    if one[0] != other[0]:
        return False
    if len(one) != len(other):
        return shorter > _SHORTEST_TYPED
    return shorter >= _LONG_ENOUGH_FOR_A_WRONG_LETTER and not names_place


def are_opposite(one: str, other: str) -> bool:
    """Tell whether two keys demand opposite things: öffnen and schließen, sicher and unsicher."""
    if one == other:
        return False
    if (one, other) in _OPPOSITES:
        return True
    return any(
        _begin(one, left, other, right) or _begin(one, right, other, left)
        for left, right in _OPPOSITE_BEGINNINGS
    ) or any(
        _end(one, left, other, right) or _end(one, right, other, left)
        for left, right in _OPPOSITE_ENDS
    )


def has_opposite(one: str) -> bool:
    """Tell whether there is a word that demands the opposite of this key."""
    return one in _WITH_OPPOSITES


def is_demand(one: str) -> bool:
    """Tell whether a key is a verb that demands something of which there is an opposite."""
    return one in _DEMANDS


def is_soft(one: str) -> bool:
    """Tell whether a key only makes a wish stronger or vaguer."""
    return one in _SOFT


def compound(beginning: str, last: str) -> str:
    """Return the key that a compound would have: of a folded beginning and the last word's key."""
    return _short_beginning(beginning + last)


def _short_beginning(word: str) -> str:
    for beginning, short in german.COMPOUND_BEGINNINGS:
        if word.startswith(beginning) and len(word) >= len(beginning) + 3:
            return short + word[len(beginning) :]
    return word


def _begin(one: str, left: str, other: str, right: str) -> bool:
    rest = one[len(left) :]
    return len(rest) >= _SHORTEST_REST and one.startswith(left) and other == right + rest


def _end(one: str, left: str, other: str, right: str) -> bool:
    rest = one[: len(one) - len(left)]
    return len(rest) >= _SHORTEST_REST and one.endswith(left) and other == rest + right


def _begin_apart(one: str, other: str) -> bool:
    """Tell whether two words differ in their beginnings alone: Eingang and Ausgang."""
    return any(
        _begin(one, left, other, other[: len(other) - len(one) + len(left)])
        for left in _BEGINNING_WORDS
        if one.startswith(left) and other[: len(other) - len(one) + len(left)] in _BEGINNING_WORDS
    )


def _root(word: str, *, is_noun: bool) -> str:
    if word.startswith(german.KEPT_APART) and _KEPT_APART.fullmatch(word):
        return fold(word)[:6]
    word = _short_beginning(word)
    if not is_noun:
        word = _ZU_INFINITIVE.sub(r"\1\2", _PARTICIPLE.sub(r"\1\2en", word))
    found = stem(word).translate(_FOLDS)
    for ending in _DERIVED:
        if found.endswith(ending) and len(found) - len(ending) >= _SHORTEST_STEM:
            found = found[: -len(ending)]
            break
    return found[:-1] if len(found) > _SHORTEST_STEM and found.endswith("s") else found


def _read_synonyms() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in german.SYNONYMS.strip().splitlines():
        roots = [_root(word, is_noun=False) for word in line.split()]
        known |= dict.fromkeys(roots[1:], roots[0])
    return known


def _read_opposites() -> frozenset[tuple[str, str]]:
    pairs = (
        (key(one), key(other))
        for left, right in german.OPPOSITE_DEMANDS + german.OPPOSITES
        for one in left.split()
        for other in right.split()
    )
    return frozenset(
        pair for one, other in pairs if one != other for pair in ((one, other), (other, one))
    )


def _end_of_key(ending: str) -> str:
    return key("klima" + ending).removeprefix("klima")


def _folded(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((fold(left), fold(right)) for left, right in pairs)


_SYNONYMS = _read_synonyms()
_OPPOSITES = _read_opposites()
_DEMANDS = frozenset(
    key(word) for pair in german.OPPOSITE_DEMANDS for word in " ".join(pair).split()
)
_SOFT = frozenset(map(key, german.SOFT.split()))
_WITH_OPPOSITES = frozenset(one for one, _ in _OPPOSITES)
_OPPOSITE_BEGINNINGS = _folded(german.OPPOSITE_BEGINNINGS)
_OPPOSITE_ENDS = tuple(
    (_end_of_key(left), _end_of_key(right)) for left, right in german.OPPOSITE_ENDS
)
_PLACE_ENDS = tuple(map(fold, german.PLACE_ENDS))
_NO_PLACES = tuple(sorted(map(fold, german.NO_PLACES)))
_BEGINNING_WORDS = frozenset(
    fold(word)
    for word in (*chain.from_iterable(german.OPPOSITE_BEGINNINGS), *german.OTHER_BEGINNINGS)
)
