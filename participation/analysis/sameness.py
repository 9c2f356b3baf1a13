"""Whether two wishes are the same: said again with other spelling, order, forms or courtesies.

The measure is the share of words of content that both texts have, from 0 to 1 (the Dice
coefficient). Forms and spellings of a word, words of one meaning and compounds written apart
agree wholly, mistyped words nearly. A word in the place of another costs more than one that is
only added, because somebody meant something else by it.

What turns a wish into another one outweighs all agreement: a negation, a number, an opposite,
another place, or two things that changed their places around a word like "statt". Such a pair gets
at most `NEARLY`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from participation.analysis import german_words as german
from participation.analysis.word_forms import are_opposite, fold, is_demand, is_mistyped, is_soft
from participation.analysis.wordings import LIGHT, NEGATION, NUMBER, Wording

# From here on two wishes are the same.
SAME = 0.9
# What opposite wishes get at most, however alike their words are.
NEARLY = 0.6

_LOST_BY_MISTYPING = 0.16  # of the two words
_MOST_COMPARED = 10_000  # words with words
_FEW_WORDS = 12  # Of so few, all may be written apart or mistyped.
_SPARED_BY_SOFT = 0.6
_EXCHANGED = 1.0  # What a word in the place of another costs beyond the two.
_FEWEST_FOR_A_PART = 5
_SHORTEST_PART = 6
_MANY_PLACES = 2
_FEW_APART, _SHARE_APART = 2, 0.1
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_CODE = re.compile(r"([^\W\d_]+)(\d+)")

_LIGHT_OPPOSITES = tuple((fold(one), fold(other)) for one, other in german.LIGHT_OPPOSITES)


def sameness(one: Wording, other: Wording) -> float:
    """Return from 0 to 1 how much two texts say the same; from `SAME` on they do."""
    if one.quoted is not None and other.quoted is not None and one.quoted != other.quoted:
        return min(sameness(one.quoted, other.quoted), _sameness(one, other))
    return _sameness(one, other)


def _sameness(one: Wording, other: Wording) -> float:
    if one.plain == other.plain:
        return 1.0
    best = _compare(one, other)
    if one.wish is not None:
        best = max(best, _compare(one.wish, other))
    if other.wish is not None:
        best = max(best, _compare(one, other.wish))
    if best < SAME and one.body is not None and other.body is not None:
        best = max(best, _compare_bodies(one, other))
    return round(best, 3)


def _compare_bodies(one: Wording, other: Wording) -> float:
    """Compare two long texts under different titles, unless the titles name different things."""
    if one.body is None or other.body is None:
        return 0.0
    titles = _Pair(one, other)
    are_elsewhere = titles.names_other_places() and (
        len(one.body.names & other.body.names) < _MANY_PLACES
    )
    if are_elsewhere or titles.names_other_numbers():
        return 0.0
    return _compare(one.body, other.body)


def _compare(one: Wording, other: Wording) -> float:
    if not one.words or not other.words:
        return 0.0
    if min(len(one.words), len(other.words)) < max(len(one.words), len(other.words)) / 2:
        return 0.0
    words = len(one.words) + len(other.words)
    shared = len(one.words.keys() & other.words.keys())
    if words > _FEW_WORDS and 4 * shared < words:
        return 2 * shared / words
    if (len(one.words) - shared) * (len(other.words) - shared) > _MOST_COMPARED:
        return min(2 * shared / words, NEARLY)
    pair = _Pair(one, other)
    found = pair.agreement()
    return min(found, NEARLY) if found > NEARLY and pair.is_contrary() else found


class _Pair:
    """Two texts, and the words that only one of them has."""

    def __init__(self, one: Wording, other: Wording) -> None:
        self.one, self.other = one, other
        self.left = set(one.words.keys() - other.words.keys())
        self.right = set(other.words.keys() - one.words.keys())
        self.shared = len(one.words) - len(self.left)
        self._only_left, self._only_right = tuple(self.left), tuple(self.right)
        self.loss = 0.0
        self.excused: set[str] = set()
        self._join(self.left, self.right, one, other)
        self._join(self.right, self.left, other, one)
        _forgive(self.left, one, other)
        _forgive(self.right, other, one)
        self._match()
        self._match_repeated()

    def agreement(self) -> float:
        """Return the share of words of content that both texts have, less what was exchanged."""
        exchanged = max(min(len(self.left), len(self.right)), self._exchanged_once())
        restricted = len(self.one.restrictions ^ self.other.restrictions)
        alone = self.left | self.right
        lost = len(alone) + restricted + exchanged * _EXCHANGED + self.loss
        if not exchanged:
            lost += sum(is_demand(word) for word in alone)
            lost -= _SPARED_BY_SOFT * sum(is_soft(word) for word in alone)
        return max(0.0, 1 - lost / (len(self.one.words) + len(self.other.words) + restricted))

    def is_contrary(self) -> bool:
        """Tell whether the texts demand different things, however many words they share."""
        return (
            self._opposes()
            or self._narrows_other()
            or self.names_other_numbers()
            or self._swaps()
            or (self._differs_in_one_word() if self._is_repeated() else self._differs())
        )

    def _opposes(self) -> bool:
        return any(are_opposite(a, b) for a in self._only_left for b in self._only_right)

    def _differs(self) -> bool:
        return self.names_other_places() or self._negates_other() or self._takes_other_side()

    def _is_repeated(self) -> bool:
        """Tell whether one text is the other, word by word, but for very few."""
        one, other = self.one.counts, self.other.counts
        both = self.one.words.keys() & self.other.words.keys()
        apart = (
            sum(abs(one[word] - other[word]) for word in both)
            + sum(one[word] for word in self.left)
            + sum(other[word] for word in self.right)
        )
        everything = sum(one[word] for word in both) + sum(other[word] for word in both)
        return apart <= max(_FEW_APART, everything * _SHARE_APART)

    def _differs_in_one_word(self) -> bool:
        """Tell whether a text that repeats another word by word turns it with a few others."""
        one, other = self.one.counts, self.other.counts
        if one[NEGATION] != other[NEGATION]:
            return True
        less, more = one - other, other - one
        for word in (*less, *more):
            if word.startswith(NUMBER) and word.removeprefix(NUMBER) not in self._slips():
                return True
        words_less, words_more = self._apart()
        if words_less & self.one.names and words_more & self.other.names:
            return True
        return any(
            (LIGHT + a in less and LIGHT + b in more) or (LIGHT + b in less and LIGHT + a in more)
            for a, b in _LIGHT_OPPOSITES
        ) or any(are_opposite(a, b) for a in words_less for b in words_more)

    def _apart(self) -> tuple[set[str], set[str]]:
        """Return the words of content that stand more often in the one and in the other text."""
        one, other = self.one.counts, self.other.counts
        words = (self.one.words.keys() | self.other.words.keys()) - self.excused
        return (
            {word for word in words if one[word] > other[word]},
            {word for word in words if other[word] > one[word]},
        )

    def _exchanged_once(self) -> int:
        """Return how many words stand in the place of others that both texts have elsewhere."""
        return min(map(len, self._apart())) if self._is_repeated() else 0

    def _narrows_other(self) -> bool:
        """Tell whether one says "nur" and the other one "nicht nur"."""
        return any(
            "nur" in one.restrictions
            and "nichtnur" in other.light
            and "nur" not in other.restrictions
            for one, other in ((self.one, self.other), (self.other, self.one))
        )

    def _slips(self) -> frozenset[str]:
        """Return two years of which one is mistyped, if that is all that differs."""
        left = self.one.numbers - self.other.numbers
        right = self.other.numbers - self.one.numbers
        if (
            len(left) != 1
            or len(right) != 1
            or not (left <= self.one.years and right <= self.other.years)
        ):
            return frozenset()
        return left | right if _is_slip(*left, *right) else frozenset()

    def names_other_numbers(self) -> bool:
        """Tell whether one text has a number that the other one has not."""
        apart = self.one.numbers ^ self.other.numbers
        if apart:
            return not apart <= self._slips()
        return any(_is_other_code(a, b) for a in self.left for b in self.right)

    def names_other_places(self) -> bool:
        """Tell whether each text names a place that the other one does not.

        A text that names many places still means the same with one of them said otherwise.
        """
        left, right = self.left & self.one.places, self.right & self.other.places
        shared = len(self.one.names & self.other.names)
        return bool(left and right) and shared < _MANY_PLACES * max(len(left), len(right))

    def _negates_other(self) -> bool:
        return _is_without(self.one.negations, self.other.negations) or _is_without(
            self.other.negations, self.one.negations
        )

    def _takes_other_side(self) -> bool:
        left, right = self.one.light - self.other.light, self.other.light - self.one.light
        return any(
            (a in left and b in right) or (b in left and a in right) for a, b in _LIGHT_OPPOSITES
        )

    def _swaps(self) -> bool:
        """Tell whether two things changed their places around a word that both texts have."""
        return any(
            _is_swap(before, self.other.pivots.get(pivot, frozenset()), self.one, self.other)
            for pivot, before in self.one.pivots.items()
            if not pivot.startswith("=") or _has_opposite_of(self.one, pivot[1:])
        ) or any(
            len(before - after) == len(after - before) == 1
            and before & after
            and _is_swap(before, after, self.one, self.other)
            for before in set(self.one.negations) - set(self.other.negations)
            for after in set(self.other.negations) - set(self.one.negations)
        )

    def _join(self, alone: set[str], others: set[str], mine: Wording, theirs: Wording) -> None:
        """Take words for the compound that the other text writes as one."""
        for compound in mine.joined.keys() & theirs.words.keys():
            others.discard(compound)
            alone -= mine.joined[compound]
            self.excused |= {compound, *mine.joined[compound]}

    def _match(self) -> None:
        """Take mistyped words, and longer compounds of the same head, for each other."""
        losses = sorted(
            (loss, a, b)
            for a in self.left
            for b in self.right
            if (loss := self._loss(a, b)) is not None
        )
        for loss, a, b in losses:
            if a in self.left and b in self.right:
                self.left.discard(a)
                self.right.discard(b)
                self.excused |= {a, b}
                self.loss += loss

    def _match_repeated(self) -> None:
        """Take a mistyped word for another one that both texts have, if it is all that is left."""
        for alone, mine, theirs in (
            (self.left, self.one, self.other),
            (self.right, self.other, self.one),
        ):
            if len(self.left) + len(self.right) > _FEW_APART:
                return
            for word in sorted(alone):
                meant = next(
                    (a for a, b in theirs.words.items() if is_mistyped(mine.words[word], b)), None
                )
                if meant is not None:
                    alone.discard(word)
                    self.excused |= {word, meant}
                    self.loss += _LOST_BY_MISTYPING

    def _loss(self, one: str, other: str) -> float | None:
        if is_mistyped(self.one.words[one], self.other.words[other]):
            return _LOST_BY_MISTYPING
        short, long = sorted((one, other), key=len)
        if self.shared < _FEWEST_FOR_A_PART or len(short) < _SHORTEST_PART:
            return None
        return 2 * (1 - len(short) / len(long)) if long.endswith(short) else None


def _forgive(alone: set[str], mine: Wording, theirs: Wording) -> None:
    """Leave out what is a mistyped word without content."""
    light = theirs.light - mine.light
    for word in sorted(alone):
        written = mine.words[word]
        if any(is_mistyped(written, one) or _is_turned(written, one) for one in light):
            alone.discard(word)


def _is_without(negations: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    """Tell whether something is negated that the other text does not negate."""
    return any(not any(one & another or one == another for another in others) for one in negations)


def _is_swap(before: frozenset[str], after: frozenset[str], one: Wording, other: Wording) -> bool:
    left, right = before - after, after - before
    return bool(left and right) and left <= other.words.keys() and right <= one.words.keys()


def _has_opposite_of(wording: Wording, word: str) -> bool:
    return any(are_opposite(word, another) for another in wording.words)


def _is_turned(one: str, other: str) -> bool:
    return len(one) == len(other) == 3 and one != other and sorted(one) == sorted(other)


def _is_slip(one: str, other: str) -> bool:
    """Tell whether a year is one wrong digit away from another that nobody can plan for."""
    if not (len(one) == len(other) == 4 and one.isdigit() and other.isdigit()):
        return False
    earlier, later = sorted((int(one), int(other)))
    is_wrong = later > _LAST_YEAR and _FIRST_YEAR <= earlier <= _LAST_YEAR
    return is_wrong and OSA.distance(one, other) == 1


def _is_other_code(one: str, other: str) -> bool:
    """Tell whether two names differ in their number: B9 and B56."""
    left, right = _CODE.fullmatch(one), _CODE.fullmatch(other)
    return bool(left and right and left[1] == right[1] and left[2] != right[2])
