"""When two wishes are the same: spelling, order and courtesy do not matter; no, 30 and where do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from participation.analysis.sameness import NEARLY, SAME, sameness
from participation.analysis.wordings import read
from tests.wishes import WishPair, judge, wish_pairs

# What no rule here can tell apart: who acts on whom is said by a case ending only.
KNOWN_FAULTS = {"Der Staat soll Unternehmen kontrollieren"}

Change = Callable[[str, random.Random], str | None]


def score(one: str, other: str) -> float:
    return sameness(read(one), read(other))


def is_same(pair: WishPair) -> bool:
    return score(pair.one, pair.other) >= SAME


@pytest.mark.parametrize("name", ["tuned_on", "held_out", "written_later"])
def test_of_our_own_pairs_nearly_all_are_judged_as_people_judge_them(name):
    pairs = wish_pairs(name)
    judged = judge(pairs, lambda pair: pair.label, is_same)
    assert judged.recall >= 0.95
    assert judged.precision >= 0.95
    wrong = {pair.one for pair in pairs if is_same(pair) != (pair.label == "same")}
    assert wrong <= KNOWN_FAULTS


@pytest.mark.parametrize("pair", wish_pairs("tuned_on"), ids=lambda pair: pair.one[:40])
def test_the_order_of_two_wishes_does_not_matter(pair):
    assert score(pair.one, pair.other) == score(pair.other, pair.one)


def test_a_wish_is_the_same_as_itself_whatever_it_says():
    for text in ("", "!!!", "30", "nicht", "Mehr Bäume!", "x" * 5_000, "\0"):
        assert score(text, text) == 1.0


def test_texts_without_a_word_of_content_are_the_same_only_if_they_are_equal():
    assert score("Ja!", "ja") == 1.0
    assert score("Ja", "Nein") == 0.0
    assert score("???", "!!!") == 0.0


def test_what_turns_a_wish_outweighs_all_words_that_agree():
    long = "Die Stadt soll auf dem Marktplatz zwölf neue Linden pflanzen und Bänke aufstellen"
    assert score(long, long.replace("soll", "soll nicht")) <= NEARLY
    assert score(long, long.replace("zwölf", "zwanzig")) <= NEARLY
    assert score(long, long.replace("pflanzen", "fällen")) < SAME


def test_a_long_text_is_the_same_under_another_title():
    text = (
        "Durch das Kopfsteinpflaster kommt man mit dem Rad kaum voran, die Reifen leiden, und "
        "viele weichen auf den Gehweg aus, wo sie Fußgänger gefährden."
    )
    one, other = read(text, title="Holpriges Pflaster"), read(text, title="Bitte einen Radweg")
    assert sameness(one, other) >= SAME
    elsewhere = read(text, title="Bitte einen Radweg in der Gartenstraße")
    there = read(text, title="Bitte einen Radweg in der Lindenallee")
    assert sameness(elsewhere, there) < SAME


def test_a_short_text_under_another_title_is_another_wish():
    one, other = read("Bitte bald!", title="Mehr Bänke"), read("Bitte bald!", title="Mehr Busse")
    assert sameness(one, other) < SAME


def test_a_title_made_from_the_first_words_counts_nothing():
    text = "Keine Autos vor der Schule, bitte auch nicht am Nachmittag"
    assert sameness(read(text), read(text, title="Keine Autos vor der Schule …")) == 1.0


def test_a_year_beyond_all_plans_is_a_slip_and_a_number_of_things_is_none():
    assert score("Klimaneutral bis 2035 werden", "Klimaneutral bis 3035 werden") >= SAME
    assert score("Strom für 2035 Haushalte", "Strom für 3035 Haushalte") < SAME


def mistype(text: str, chance: random.Random) -> str | None:
    words = text.split()
    long = [at for at, word in enumerate(words) if re.fullmatch(r"[^\W\d_]{8,}", word)]
    if not long:
        return None
    at = chance.choice(long)
    place = chance.randrange(2, len(words[at]) - 2)
    words[at] = words[at][:place] + words[at][place + 1 :]
    return " ".join(words)


def spell_out(text: str, chance: random.Random) -> str | None:
    pairs = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
    for umlaut, letters in pairs:
        text = text.replace(umlaut, letters)
    return text


def label(text: str, chance: random.Random) -> str | None:
    return None if ":" in text or text[0] in '"„»>[' else f"Seniorenbeirat: {text}"


def tag(text: str, chance: random.Random) -> str | None:
    return f"{text} #lindenow #mitmachen"


def shout(text: str, chance: random.Random) -> str | None:
    return f"{text.lower()}!!!"


def negate(text: str, chance: random.Random) -> str | None:
    found = re.search(r"\b(?:soll|sollen|muss|müssen|sollte|sollten) ", text)
    if found is None or re.search(r"nicht|kein|nie|ohne|statt|weniger", text.lower()):
        return None
    return f"{text[: found.end()]}nicht {text[found.end() :]}"


def recount(text: str, chance: random.Random) -> str | None:
    found = re.search(r"\b[2-9]\d*\b", text)
    return text and found and text[: found.start()] + str(int(found[0]) + 7) + text[found.end() :]


def move(text: str, chance: random.Random) -> str | None:
    moved = re.sub(r"\b[A-ZÄÖÜ]\w{3,}(?:straße|allee|weg)\b", "Kastanienallee", text)
    return moved if moved != text and "Radweg" not in text else None


def texts() -> list[str]:
    return [
        pair.one for name in ("tuned_on", "held_out", "written_later") for pair in wish_pairs(name)
    ]


@pytest.mark.parametrize("change", [mistype, spell_out, label, tag, shout])
def test_a_wish_stays_the_same_however_it_is_written(change: Change):
    chance = random.Random(7)
    changed = [(text, change(text, chance)) for text in texts()]
    scores = [score(text, other) for text, other in changed if other is not None]
    assert len(scores) > 60
    assert sum(found >= SAME for found in scores) / len(scores) >= 0.95


@pytest.mark.parametrize("change", [negate, recount, move])
def test_a_wish_becomes_another_by_one_word(change: Change):
    chance = random.Random(7)
    changed = [(text, change(text, chance)) for text in texts()]
    scores = [score(text, other) for text, other in changed if other]
    assert len(scores) >= 5
    assert all(found < SAME for found in scores)
