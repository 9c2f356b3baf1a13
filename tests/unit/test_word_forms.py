"""Which words are forms of one, mistyped, opposites, names of places."""

from __future__ import annotations

import pytest

from participation.analysis.word_forms import (
    are_opposite,
    compound,
    fold,
    is_demand,
    is_mistyped,
    is_place,
    is_soft,
    key,
)


@pytest.mark.parametrize(
    "words",
    [
        "radweg radwege fahrradweg fahrradwegen",
        "verbreitern verbreiterung verbreitert breitere breiter",
        "sanieren sanierung saniert renovieren",
        "ausbauen ausbau ausgebaut auszubauen",
        "bäume baeume baum",
        "öffnen öffnung geöffnet offen",
        "auto autos pkw kfz",
        "schüler schülerin schülerinnen schuler",
        "verbieten verbot verboten untersagen",
        "aufstellen aufgestellt aufzustellen",
    ],
)
def test_forms_of_a_word_and_words_of_one_meaning_have_one_key(words):
    assert len({key(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("schule", "schüler"), ("burg", "bürger"), ("radweg", "reitweg"), ("spielplatz", "parkplatz")],
)
def test_other_words_have_other_keys(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize("word", ["gesamt", "gerät", "gebiet", "gericht", "gewerkschaft"])
def test_not_every_word_with_ge_is_a_participle(word):
    assert key(word)[:3] == word[:3].replace("ä", "a")


def test_a_noun_is_no_participle():
    assert key("gesteuert", is_noun=True) != key("gesteuert") == key("steuern")


def test_umlauts_are_folded_in_every_spelling():
    assert fold("Häuser") == fold("Haeuser") == fold("HAUSER") == "hauser"
    assert fold("Straße") == fold("strasse")
    assert fold("neue Bauern") == "neue bauern"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("verwaltung", "verwlatung"),
        ("verwaltung", "verwaltng"),
        ("verwaltung", "verwalttung"),
        ("separate", "seperate"),
        ("barrierefreiheit", "barierefreihiet"),
        ("bahnhofstrasse", "bahnohfstrasse"),
        ("offen", "offne"),
    ],
)
def test_a_slip_of_the_finger_is_no_other_word(one, other):
    assert is_mistyped(one, other)
    assert is_mistyped(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kinder", "rinder"),
        ("kosten", "kasten"),
        ("bus", "bau"),
        ("eingang", "ausgang"),
        ("bergstrasse", "burgstrasse"),
        ("unterfuhrung", "uberfuhrung"),
        ("bauen", "abbauen"),
        ("licht", "lift"),
    ],
)
def test_a_word_that_looks_alike_is_another_word(one, other):
    assert not is_mistyped(one, other)
    assert not is_mistyped(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("erhöhen", "senken"),
        ("einschalten", "ausschalten"),
        ("erlauben", "verbieten"),
        ("öffnen", "schließen"),
        ("sicher", "unsicher"),
        ("sinnvoll", "sinnlos"),
        ("klimafreundliche", "klimaschädlichen"),
        ("höhere", "niedrigere"),
        ("vergrößern", "verkleinern"),
        ("nordtor", "südtor"),
    ],
)
def test_opposites_are_known_from_both_sides(one, other):
    assert are_opposite(key(one), key(other))
    assert are_opposite(key(other), key(one))


@pytest.mark.parametrize(
    ("one", "other"), [("radweg", "radwege"), ("bank", "ampel"), ("sicher", "sauber")]
)
def test_words_that_only_differ_are_no_opposites(one, other):
    assert not are_opposite(key(one), key(other))


@pytest.mark.parametrize("word", ["lindenallee", "goethestrasse", "rathausplatz", "neudorf"])
def test_names_of_streets_and_settlements_are_places(word):
    assert is_place(word)


@pytest.mark.parametrize("word", ["radweg", "spielplatz", "innenstadt", "bahnhof", "weg", "ampel"])
def test_words_for_any_street_or_square_are_no_places(word):
    assert not is_place(word)


def test_two_words_make_the_compound_that_others_write_as_one():
    assert compound("solar", key("anlagen")) == key("solaranlagen")
    assert compound("fahrrad", key("boxen")) == key("fahrradboxen")


def test_some_words_demand_and_some_only_insist():
    assert is_demand(key("abschaffen"))
    assert is_soft(key("massiv"))
    assert not is_demand(key("radweg"))
    assert not is_soft(key("radweg"))
