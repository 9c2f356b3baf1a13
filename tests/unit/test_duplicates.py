"""All pairs that are the same, without comparing each with each."""

from __future__ import annotations

import random
import time
from itertools import combinations

from participation.analysis.duplicates import SamePair, Statement, same_pairs
from participation.analysis.sameness import SAME, sameness
from participation.analysis.wordings import read
from tests.wishes import wish_pairs


def statements(*texts: str) -> list[Statement]:
    return [Statement(str(number), text) for number, text in enumerate(texts, start=1)]


def named(pairs: list[SamePair]) -> set[tuple[str, str]]:
    return {(pair.one, pair.other) for pair in pairs}


def test_every_pair_of_equal_texts_is_listed_the_earlier_one_first():
    found = list(same_pairs(statements("Mehr Bäume", "Tempo 30", "mehr bäume!", "Mehr Baeume")))
    assert named(found) == {("1", "3"), ("1", "4"), ("3", "4")}
    assert all(SAME <= pair.score <= 1.0 for pair in found)


def test_nothing_is_missed_by_not_comparing_each_with_each():
    pairs = [pair for name in ("tuned_on", "held_out") for pair in wish_pairs(name)]
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.one, pair.other)))
    read_texts = {str(number): read(text) for number, text in enumerate(texts, start=1)}
    expected = {
        (one, other)
        for one, other in combinations(read_texts, 2)
        if sameness(read_texts[one], read_texts[other]) >= SAME
    }
    assert len(expected) > 75
    assert named(list(same_pairs(statements(*texts)))) == expected


def test_the_result_is_the_same_every_time_and_in_order():
    texts = [text for pair in wish_pairs("tuned_on") for text in (pair.one, pair.other)]
    first = list(same_pairs(statements(*texts)))
    assert first == list(same_pairs(statements(*texts)))
    assert [int(pair.other) for pair in first] == sorted(int(pair.other) for pair in first)


def test_a_short_text_says_what_it_says_only_of_what_it_answers():
    one = Statement("1", "Bitte streichen", about="passage 1")
    elsewhere = Statement("2", "Bitte streichen", about="passage 2")
    there = Statement("3", "Bitte streichen!", about="passage 1")
    assert named(list(same_pairs([one, elsewhere, there]))) == {("1", "3")}


def test_a_long_text_is_the_same_wherever_it_stands():
    text = "Die Stadtbücherei soll auch am Sonntagnachmittag für Familien öffnen"
    pair = [Statement("1", text, about="passage 1"), Statement("2", text, about="passage 2")]
    assert named(list(same_pairs(pair))) == {("1", "2")}


def test_for_and_against_are_not_the_same():
    text = "Die Stadtbücherei soll auch am Sonntagnachmittag für Familien öffnen"
    pair = [Statement("1", text, side="for"), Statement("2", text, side="against")]
    assert list(same_pairs(pair)) == []


def test_the_progress_counts_reading_and_comparing():
    steps: list[int] = []
    list(same_pairs(statements("a", "b", "Mehr Bäume"), progress=steps.append))
    assert sum(steps) == 6


def test_a_thousand_texts_are_compared_in_less_than_each_with_each_takes():
    chance = random.Random(3)
    syllables = ["rad", "weg", "bahn", "hof", "licht", "baum", "schul", "markt", "bus", "netz"]
    words = [a + b + c for a in syllables for b in syllables for c in syllables]
    weights = [1 / (place + 1) for place in range(len(words))]
    texts = [" ".join(chance.choices(words, weights, k=chance.randint(5, 20))) for _ in range(1000)]
    repeated = [f"Klimarat: {text}" for text in texts[:50]]
    began = time.perf_counter()
    found = list(same_pairs(statements(*texts, *repeated)))
    took = time.perf_counter() - began
    assert {(str(number), str(1000 + number)) for number in range(1, 51)} <= named(found)
    # Half a million comparisons of a tenth of a millisecond each would take a minute.
    assert took < 30
