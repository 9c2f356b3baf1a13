"""Word stems, and how much a shared one says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from participation.analysis.similarity import likeness, rarity, stems


def test_words_of_one_stem_are_one():
    assert stems("Radwege Radweg Radwegen") == ("radweg",) * 3


def test_umlauts_and_sharp_s_do_not_part_words():
    assert stems("Straße Straßen Bäume Baum") == ("strass", "strass", "baum", "baum")


def test_stop_words_numbers_and_very_short_words_say_nothing():
    assert stems("Die und der 2026 im E-Bus, bitte!") == ("bus",)


def test_a_rare_stem_says_more_than_a_common_one_and_each_says_something():
    assert rarity(1000, 2) > rarity(1000, 500) > rarity(1000, 1000) > 0


def test_a_stem_in_more_texts_than_were_counted_still_says_something():
    assert rarity(0, 3) > 0


def test_a_short_text_is_more_like_than_a_long_one_that_shares_as_much():
    weights = {"radweg": 2.0, "schul": 1.0}
    long = {"radweg", *map(str, range(100))}
    assert likeness(weights, {"radweg", "bahnhof"}) > likeness(weights, long)


def test_what_is_shared_counts_as_much_as_it_weighs():
    weights = {"radweg": 3.0, "schul": 1.0}
    assert likeness(weights, {"radweg", "bahnhof"}) == 0.75
    assert likeness(weights, {"schul", "bahnhof"}) == 0.25


def test_a_text_is_wholly_like_itself_and_not_at_all_like_nothing():
    weights = {"radweg": 3.0, "schul": 1.0}
    assert likeness(weights, weights) == 1
    assert likeness(weights, {"schul"}) <= 1
    assert likeness(weights, {"schul"}, 2) == likeness(weights, {"schul", "bahnhof"})
    assert likeness({}, {"radweg"}) == likeness(weights, ()) == 0


@pytest.mark.parametrize("word", ["5G", "B9", "U6"])
def test_a_short_name_with_a_number_says_something(word):
    assert stems(f"{word} im Ort") == (word.lower(), "ort")


def test_several_threads_stem_alike():
    words = [f"{word}{end}" for word in ("Fahrrad", "Beleuchtung", "Haltestelle") for end in "abcd"]
    text = " ".join(words * 50)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(stems, [text] * 32))) == 1
