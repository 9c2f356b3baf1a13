"""What a German text says, reduced to what can be compared: words, numbers, negations.

`read` leaves out what does not change a wish: punctuation, case, how umlauts are written, word
forms, gender forms, hashtags at the end, mentions, courtesies and words without content. Kept
apart is what does change it: numbers, negations with the words around them, and for words like
"statt" which thing comes after them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from participation.analysis import german_words as german
from participation.analysis.word_forms import (
    compound,
    fold,
    has_opposite,
    is_place,
    key,
    spellings,
)

# A label that somebody put before a wish ("Klimarat: …") has few words, the wish more.
_MOST_LABEL_WORDS = 6
_FEWEST_OF_A_WISH = 3
# A text of so many words says by itself what is meant, whatever its title.
_FEWEST_OF_A_BODY = 8
_SHORTEST_QUOTE = 3  # words

# What marks the entries of `Wording.counts` that are no words of content.
LIGHT, NUMBER, NEGATION = "~", "#", "!"

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*)|(?P<word>[^\W\d_]+\d*)|(?P<and>[,/])|"
    r"(?P<stop>[.;:!?\n–—()]|(?<=\s)-(?=\s))"
)
_PLAIN = re.compile(r"[^\W_]+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_FULL_HOUR = re.compile(r"(\d{1,2})[:.]00")

_MENTION = re.compile(r"@(?:\[[^\]\n]{0,80}\]|[\w.-]+)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_LAST_TAGS = re.compile(r"(?<=\w)[^\w#]*(?:\s#[\w-]+)+\W*$")
_COUNTED = re.compile(r"^\W*\(?\d{1,3}(?:[.)]|\.\))\s+(?=\S)")
_STREET = re.compile(r"(?<=[^\W\d_]|\s|-)str\.", re.IGNORECASE)
_LETTER = re.compile(r"\b([^\W\d_])[-‑](?=[^\W\d_]{3})")
_NOT_ONLY = re.compile(r"\bnicht (?:nur|allein|bloß)\b", re.IGNORECASE)
_GENDER = re.compile(r"(?<=[^\W\d_]{3})(?:[:*_]|/-?)[iI]n(?:nen)?\b|(?<=[a-zäöüß]{3})In(?:nen)?\b")
_BOTH_GENDERS = re.compile(r"\b([^\W\d_]{3,})innen und (?=\1|[^\W\d_]{3,})", re.IGNORECASE)
_COURTESY = re.compile(
    r"\b(?:es wäre (?:\w+ )?(?:schön|gut|toll|super|klasse|sinnvoll|wünschenswert|hilfreich|"
    r"wichtig)|es ist (?:\w+ )?wichtig|"
    r"ich (?:würde mir|wünsche mir|fände es|finde es)(?: \w+)?|meiner (?:meinung|ansicht) nach|"
    r"aus meiner (?:sicht|perspektive)|ich bin (?:der meinung|überzeugt)|"
    r"ich (?:denke|glaube|meine|hoffe)|ich halte es für \w+|"
    r"(?:zum|als) beispiel|das heißt|und so weiter|vielen dank|"
    r"mit freundlichen grüßen|(?:ich|wir) fordern?|gefordert wird)\b|km/h",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:[^\W\d_]\. ?){2,}")
_SIGNS = (("%", " Prozent "), ("€", " Euro "), ("&", " und "), ("+", " plus "))

_QUOTED = re.compile(
    r"^(?:\w+(?: \w+){0,2}: ?)?\W{0,3}?"
    r"(?:„([^„“”\"]+)[“”\"]|»([^»«]+)«|«([^»«]+)»|[\"“]([^\"“”]+)[\"”])"
)
_QUOTED_LINE = re.compile(r"^\s*>+[ \t]?(.*)$", re.MULTILINE)
_LABEL = re.compile(
    r"^\W*([^:|\]\n.!?]{2,60}?)(?:\s*:\s+|\]\s*|\s+[-–—|]\s+)(?=\S)(.{6,})$", re.DOTALL
)

_NEGATIONS = spellings(german.NEGATIONS)
_RESTRICTIONS = spellings(german.RESTRICTIONS)
_LIGHT = spellings(german.FUNCTION_WORDS | german.FILLERS)
_AGREEMENT = spellings(german.AGREEMENT) | _LIGHT
_PIVOTS = spellings(german.PIVOTS)
_BEFORE_PLACES = spellings(german.BEFORE_PLACES)
_NUMBERS = {
    fold(word) + ending: str(value)
    for word, value in german.NUMBER_WORDS.items()
    for ending in ("", "n", "r", "s", "m")
}
_LABEL_ENDS = tuple(map(fold, german.LABEL_ENDS))
_ONE = frozenset({"0", "1"})
_BEFORE_YEARS = frozenset({"bis", "ab", "seit", "jahr", "jahre", "im", "um", "spätestens"})
_BARE_PLACES = frozenset(map(fold, german.BARE_PLACES))
_AND = frozenset({"und", "oder", "sowie"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A text reduced to what is compared.

    `words` are its words of content: by what all forms of a word share, how each is written,
    folded. `joined` are neighbours as one compound, with what it is made of. `names` are the words
    that look like the name of a street or settlement, `places` also those that say where or for
    whom. `light` are the words without content. `negations` holds for each the words around it,
    `pivots` which words come after a word of order or a number. `counts` says how often each word
    stands there, with `LIGHT` before those without content, `NUMBER` before numbers, and
    `NEGATION` for all negations together. `plain` is the text with nothing but its letters and
    digits.

    `wish` is the text without the label before it, `body` the text without its title, `quoted`
    what the author quotes and does not agree with; None where there is no such thing.
    """

    words: dict[str, str]
    joined: dict[str, frozenset[str]]
    names: frozenset[str]
    places: frozenset[str]
    light: frozenset[str]
    numbers: frozenset[str]
    years: frozenset[str]
    negations: tuple[frozenset[str], ...]
    restrictions: frozenset[str]
    pivots: dict[str, frozenset[str]]
    counts: Counter[str]
    plain: str
    wish: Wording | None = None
    body: Wording | None = None
    quoted: Wording | None = None


def read(text: str, *, title: str = "") -> Wording:
    """Return what a text says, with its title if it has one."""
    title, (text, quote) = _clean(title), _own_words(_clean(text))
    quoted = _read(quote) if quote else None
    if not title or text.startswith(title.rstrip(" .…")):
        return replace(_read(text), wish=_wish_of(text), quoted=quoted)
    whole = f"{title}\n{text}"
    body = _read(text)
    return replace(
        _read(whole),
        wish=_wish_of(whole),
        body=body if len(body.words) >= _FEWEST_OF_A_BODY else None,
        quoted=quoted,
    )


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").strip()
    text = _ADDRESS.sub(" ", _MENTION.sub(" ", text))
    return _COUNTED.sub("", _LAST_TAGS.sub("", text)).strip()


def _own_words(text: str) -> tuple[str, str]:
    """Return what the author says, and what is quoted at the beginning.

    Whoever quotes and only agrees says what is quoted.
    """
    lines = _QUOTED_LINE.findall(text)
    if lines:
        quoted, own = "\n".join(lines), _QUOTED_LINE.sub("", text)
    elif found := _QUOTED.match(text):
        quoted, own = next(filter(None, found.groups())), text[found.end() :]
    else:
        return text, ""
    if len(quoted.split()) < _SHORTEST_QUOTE:
        return text, ""
    words = [word.lower() for word in _PLAIN.findall(own)]
    agrees = all(word in _AGREEMENT or word == "1" for word in words)
    return (quoted, "") if agrees else (own, quoted)


def _wish_of(text: str) -> Wording | None:
    found = _LABEL.match(text)
    if found is None:
        return None
    label, wish = _read(found[1]), _read(found[2])
    if len(found[1].split()) > _MOST_LABEL_WORDS or not _is_mere_label(label):
        return None
    if any(word.endswith(_LABEL_ENDS) for word in label.words.values()):
        return wish
    said = len(wish.words) + len(wish.numbers)
    return wish if said >= max(_FEWEST_OF_A_WISH, len(label.words)) else None


def _is_mere_label(label: Wording) -> bool:
    """Tell whether what stands before a wish says who or where it came from, not what is wanted."""
    return not (label.names or label.negations or label.restrictions or label.light & _AGAINST)


def _read(text: str) -> Wording:
    reader = _Reader()
    for token in _TOKEN.finditer(_spelled_out(text)):
        reader.take(token)
    reader.end_clause()
    return Wording(
        words=reader.words,
        joined=reader.joined,
        names=frozenset(reader.names),
        places=frozenset(reader.names | reader.places),
        light=frozenset(reader.light),
        numbers=frozenset(reader.numbers),
        years=frozenset(reader.years),
        negations=tuple(reader.negations),
        restrictions=frozenset(reader.restrictions),
        pivots={word: frozenset(after) for word, after in reader.pivots.items()},
        counts=reader.counts,
        plain=" ".join(_PLAIN.findall(text.casefold())) or text,
    )


def _spelled_out(text: str) -> str:
    """Return a text with abbreviations and signs as words, without courtesies."""
    text = _COURTESY.sub(" ", _ABBREVIATED.sub(" ", text))
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    text = _NOT_ONLY.sub(" nichtnur ", _STREET.sub("straße ", text))
    return _LETTER.sub(r"\1", _GENDER.sub("", _BOTH_GENDERS.sub("", text)))


@dataclass(slots=True)
class _Reader:
    """Takes the tokens of a text one after the other."""

    words: dict[str, str] = field(default_factory=dict)
    joined: dict[str, frozenset[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    light: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    years: set[str] = field(default_factory=set)
    negations: list[frozenset[str]] = field(default_factory=list)
    restrictions: set[str] = field(default_factory=set)
    pivots: dict[str, set[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    # The words of the clause at hand, which of them come after "and", and at which of them stood
    # what looks at its neighbours.
    _clause: list[str] = field(default_factory=list)
    _after_and: set[int] = field(default_factory=set)
    _negated_at: list[int] = field(default_factory=list)
    _pivots_at: list[tuple[str, int]] = field(default_factory=list)
    _last: tuple[str, ...] = ()
    _before: str = ""
    _was_large: bool = False

    def take(self, token: re.Match[str]) -> None:
        """Take the next number, word or sign."""
        if token["stop"] is not None:
            self.end_clause()
        elif token["and"] is not None:
            self._take_and()
        elif token["number"] is not None:
            self._take_number(_number(token["number"]))
        else:
            self._take_word(token["word"])

    def end_clause(self) -> None:
        """Look at the neighbours, now that the clause is complete."""
        clause = self._clause
        for at, times in Counter(self._negated_at).items():
            if times % 2 == 0:
                continue  # "Nie ohne" is "immer mit".
            first = at if at in self._after_and else max(at - 1, 0)
            last = at + 1 if at + 1 in self._after_and else at + 2
            self.negations.append(frozenset(clause[first:last]))
        for pivot, at in self._pivots_at:
            self.pivots.setdefault(pivot, set()).update(self._from(at))
        for at, word in enumerate(clause):
            if has_opposite(word):
                self.pivots.setdefault(f"={word}", set()).update(self._beside(at))
        self._clause, self._negated_at, self._pivots_at, self._last = [], [], [], ()
        self._after_and, self._before = set(), ""

    def _from(self, at: int) -> list[str]:
        """Return the word at a place and those that "and" puts beside it."""
        end = at + 1
        while end in self._after_and:
            end += 1
        return self._clause[at:end]

    def _beside(self, at: int) -> list[str]:
        """Return the neighbours of a word that no "and" parts from it."""
        before = self._clause[at - 1 : at] if at and at not in self._after_and else []
        after = self._clause[at + 1 : at + 2] if at + 1 not in self._after_and else []
        return before + after

    def _take_and(self) -> None:
        self._after_and.add(len(self._clause))
        self._last = ()

    def _take_number(self, number: str) -> None:
        self._last = ()
        self._pivots_at.append((NUMBER + number, len(self._clause)))
        if number in _ONE:
            return
        self.numbers.add(number)
        self.counts[NUMBER + number] += 1
        if self._before in _BEFORE_YEARS:
            self.years.add(number)

    def _take_word(self, written: str) -> None:
        word = written.lower()
        folded = fold(word)
        if word in _AND:
            self._take_and()
            return
        if folded in _NUMBERS:
            self._take_number(_NUMBERS[folded])
            return
        if word in _PIVOTS:
            self._pivots_at.append((folded, len(self._clause)))
        if word in _NEGATIONS:
            self._negated_at.append(len(self._clause))
            self.counts[NEGATION] += 2 if word == "weder" else 1
        elif word in _RESTRICTIONS:
            self.restrictions.add(folded)
        elif word in _LIGHT or len(word) == 1:
            self.light.add(folded)
            self.counts[LIGHT + folded] += 1
        else:
            self._take_content(written, word, folded)
            self._before = word
            return
        self._last, self._before = (), word

    def _take_content(self, written: str, word: str, folded: str) -> None:
        is_large = written[0].isupper()
        found = key(word, is_noun=is_large and not written.isupper())
        self.words.setdefault(found, folded)
        self.counts[found] += 1
        if is_place(folded):
            self.names.add(found)
        elif folded in _BARE_PLACES and self._last and self._was_large:
            self.names.add(self._clause[-1])  # "Beueler Straße"
        elif is_large and self._before in _BEFORE_PLACES:
            self.places.add(found)
        self._was_large = is_large
        for begin in range(len(self._last)):
            both = compound("".join(self._last[begin:]), found)
            parts = self._clause[len(self._clause) - len(self._last) + begin :]
            self.joined.setdefault(both, frozenset((*parts, found)))
        self._clause.append(found)
        self._last = (*self._last[-1:], folded)


def _number(written: str) -> str:
    if full_hour := _FULL_HOUR.fullmatch(written):
        return full_hour[1].lstrip("0") or "0"
    if _GROUPED.fullmatch(written):
        written = written.replace(".", "").replace(",", "")
    return written.replace(",", ".").lstrip("0") or "0"


def _folded(words: Collection[str]) -> frozenset[str]:
    return frozenset(map(fold, words))


_AGAINST = _folded(("gegen", "dagegen", "contra", "kontra", "statt"))
