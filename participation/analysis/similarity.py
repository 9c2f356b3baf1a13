"""Word stems of German text, and how much a shared stem says about two texts."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

from participation.analysis.word_forms import stem

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_SHORTEST = 3

# Words that say nothing about what a text is about. Short on purpose: rare words count more
# than common ones anyway, so a word that is missing here does little harm.
_STOP_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also andere anderem anderen anderer anderes auch auf aus
    bei beim bereits besser bin bis bitte bzw dabei dadurch dafür dagegen daher damit danach dann
    daran darauf darf darum das dass dazu dein deine dem den denen denn der deren des deshalb
    dessen die dies diese diesem diesen dieser dieses doch dort durch dürfen eben eher eigentlich
    ein eine einem einen einer eines einfach einige einmal entlang entweder etwa etwas euch euer
    fast finde für gab ganz gar geben geht gerade gern gerne gibt gut hab habe haben hat hatte
    hätte hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres immer ins ist jede
    jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner können könnte könnten
    leider lassen lässt machen macht mal man manche mehr mein meine meinem meinen meiner mich mir
    mit möchte muss müssen müsste nach nachdem natürlich neben nicht nichts noch nun nur oben oder
    oft ohne per schon sehr sein seine seinem seinen seiner seit sich sie sind sogar soll sollen
    sollte sollten somit sondern sonst soweit sowie trotz über überhaupt übrigens und uns unser
    unsere unserem unseren unserer unten unter viel viele vielen vielleicht vom von vor wäre wann
    war waren warum was wegen weil weiter weitere welche welchem welchen welcher welches wenig
    wenn wer werde werden weshalb wie wieder will wir wird wirklich wo wohl wollen wurde würde
    wurden würden zum zur zwar zwischen
    """.split()  # noqa: SIM905 - words read better than three hundred quotation marks.
)


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words in their order, without stop words.

    Numbers alone say nothing, and short words only with a number in them: 5G, B9.
    """
    words = (word.lower() for word in _WORD.findall(text))
    return tuple(stem(word) for word in words if _says_something(word))


def _says_something(word: str) -> bool:
    if word.isdigit() or word in _STOP_WORDS:
        return False
    return len(word) >= _SHORTEST or _DIGIT.search(word) is not None


def rarity(documents: int, containing: int) -> float:
    """Return how much a stem says: the inverse document frequency, always above zero."""
    return math.log(1 + max(documents, containing) / max(containing, 1))


def likeness(
    weights: Mapping[str, float], present: Collection[str], length: int | None = None
) -> float:
    """Return from 0 to 1 how like a text with weighed stems is another with these stems.

    Where `present` has only those that both share, `length` is how many the other has in all.

    The share of the weight that the other text has too, times the square root of the ratio of
    the lengths: the cosine measure, if the stems of both weigh the same on average. So a long
    text does not win only because it contains everything.
    """
    if not weights or not present:
        return 0.0
    shared = sum(weight for stem, weight in weights.items() if stem in present)
    size = math.sqrt(len(weights) / (length or len(present)))
    return min(1.0, shared / sum(weights.values()) * size)
