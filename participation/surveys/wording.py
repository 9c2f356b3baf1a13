"""What is wrong with the wording of a question: rules of thumb for German questionnaires.

They hint and never forbid. Sources: Porst, Fragebogen (4th ed. 2014), the ten commandments of
question wording; Lenzner and Menold, Gestaltung von Fragen (GESIS Survey Guidelines 2015).
"""

from __future__ import annotations

import enum
import re
from itertools import pairwise

LONGEST_SENTENCE = 25

# What belongs together, so that nobody is asked about two things.
_PAIRS = (
    r"bürgerinnen und bürgern?",
    r"einwohnerinnen und einwohnern?",
    r"damen und herren",
    r"frauen und männern?",
    r"\w+innen und \w+",
    r"\w+ und \w+innen",
    r"kindern? und jugendlichen?",
    r"eltern und kindern?",
    r"rad- und fußweg\w*",
    r"fuß- und radweg\w*",
    r"\w+- und \w+",
    r"bus und bahn",
    r"tag und nacht",
    r"hin und wieder",
    r"nach und nach",
    r"mehr und mehr",
    r"ab und zu",
    r"rund um",
    r"grund und boden",
    r"handel und gewerbe",
    r"vereine und verbände",
    r"kunst und kultur",
    r"natur und umwelt",
    r"stadt und land",
    r"bildung und forschung",
    r"bauen und wohnen",
    r"gesundheit und soziales",
    r"gesellschaft und kultur",
    r"umwelt(?:-)? und klimaschutz",
    r"wirtschaft und tourismus",
    r"essen und trinken",
    r"mehr oder weniger",
    r"ja oder nein",
    r"eher oder",
    r"früher oder später",
    r"so oder so",
    r"ganz oder teilweise",
    r"ein oder zwei",
    r"\d+ (?:und|oder) \d+",
    r"und zwar",
    r"oder nicht",
    r"und so weiter",
)
_PAIR = re.compile(r"\b(?:" + "|".join(_PAIRS) + r")\b")
_BETWEEN = re.compile(r"\bzwischen\b[^?.!]*?\bund\b")
_QUOTED = re.compile(r"„[^“]*“|\"[^\"]*\"|\([^)]*\)")
# People choose between what stands on both sides: then "oder" is the question itself.
_CHOICE = re.compile(r"\b(?:lieber|eher|welche[rsnm]?|womit|wie herum)\b[^?.!]*\boder\b")
_JOINED = re.compile(r"\b(?:und|oder|sowie|bzw\.?|beziehungsweise|und/oder)(?=\s)")
# Their full stop ends no sentence.
_SHORTENED = {
    "bzw.": "beziehungsweise",
    "z. B.": "zum Beispiel",
    "z.B.": "zum Beispiel",
    "ca.": "etwa",
    "ggf.": "gegebenenfalls",
}
_QUESTIONS = re.compile(r"\?\s+\S[^?]*\?")

_NEGATIONS = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|niemand\w*|nirgends|kein\w*|ohne|weder|kaum"
    r"|un(?:zufrieden|wichtig|nötig|möglich|gern|sicher|bekannt|klar|fair|gerecht|günstig"
    r"|sinnig|brauchbar|verständlich|zumutbar|zulässig|zureichend|wohl|angenehm|pünktlich)\w*"
    r"|verzicht\w*|verhinder\w*|vermeid\w*|vermied\w*|verbiet\w*|verbot\w*|ablehn\w*|abgelehnt"
    r"|abschaff\w*|abgeschafft|unterlass\w*)\b"
)
_NOT_ONLY = re.compile(r"\bnicht nur\b|\bnicht mehr\b|\boder nicht\b|\bob (?:\w+ )*oder nicht\b")
_LEADING = re.compile(
    r"\bnicht auch\b|\bdoch (?:auch|sicher)\b|\bsicher(?:lich)? auch\b|\bsind sie (?:nicht )?der"
    r" meinung\b|\bfinden sie nicht\b|\bwie alle\b|\bbekanntlich\b|\bselbstverständlich\b"
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:bis|–|-)\s*(?:unter\s+)?(\d+(?:[.,]\d+)?)")
_UNDER = re.compile(r"bis\s+unter")


class WordingHint(enum.Enum):
    """What somebody should look at again."""

    TWO_THINGS = "two_things"
    TWO_QUESTIONS = "two_questions"
    DOUBLE_NEGATION = "double_negation"
    LEADING = "leading"
    TOO_LONG = "too_long"


def hints_about(text: str) -> tuple[WordingHint, ...]:
    """Return what is doubtful about the wording of a question, worst first."""
    words = " ".join(text.split())
    hints = []
    if _QUESTIONS.search(words):
        hints.append(WordingHint.TWO_QUESTIONS)
    elif asks_two_things(words):
        hints.append(WordingHint.TWO_THINGS)
    if negates_twice(words):
        hints.append(WordingHint.DOUBLE_NEGATION)
    if _LEADING.search(words.casefold()):
        hints.append(WordingHint.LEADING)
    if any(len(one.split()) > LONGEST_SENTENCE for one in re.split(r"[.?!]\s", words)):
        hints.append(WordingHint.TOO_LONG)
    return tuple(hints)


def asks_two_things(text: str) -> bool:
    """Tell whether "und" or "oder" seems to join two things in one question."""
    for short, whole in _SHORTENED.items():
        text = text.replace(short, whole)
    question = _asking_part(_QUOTED.sub("…", text).casefold())
    for harmless in (_PAIR, _BETWEEN):
        question = harmless.sub("…", question)
    if _CHOICE.search(question):
        question = re.sub(r"\boder\b", "…", question)
    return _JOINED.search(question) is not None


def negates_twice(text: str) -> bool:
    """Tell whether one sentence negates twice, so that nobody knows what "yes" means."""
    for sentence in re.split(r"[.?!;]\s*", text.casefold()):
        if len(_NEGATIONS.findall(_NOT_ONLY.sub("…", sentence))) > 1:
            return True
    return False


def overlapping(choices: tuple[str, ...]) -> tuple[str, str] | None:
    """Return two bands of numbers in which the same number fits; None if there are none.

    `18 bis 30` and `30 bis 45` overlap; `18 bis unter 30` and `30 bis unter 45` do not.
    """
    bands = []
    for text in choices:
        found = _RANGE.search(text)
        if found is not None:
            low, high = (float(part.replace(",", ".")) for part in found.groups())
            bands.append((low, high, _UNDER.search(text) is not None, text))
    bands.sort()
    for (_, high, is_open, text), (low, _, _, following) in pairwise(bands):
        if low < high or (low == high and not is_open):
            return text, following
    return None


def _asking_part(text: str) -> str:
    """Return the sentence that asks: what leads to it may say "und" as often as it likes."""
    sentences = [one for one in re.split(r"(?<=[.!:])\s+", text) if one]
    asking = [one for one in sentences if "?" in one]
    return " ".join(asking or sentences)
