"""From cells to words: titles made from texts, choices in their order, addresses that may link."""

from __future__ import annotations

import pytest

from participation.foundation.excerpts import first_words
from participation.maintenance.import_ideas import is_web_address
from participation.maintenance.survey_folder import place_among, plain, suggested


def test_a_short_text_is_its_own_title():
    assert first_words("  Mehr\nBänke  am Fluss ", 80) == "Mehr Bänke am Fluss"


def test_a_long_text_gives_whole_words_to_its_title():
    title = first_words("Wörter " * 40, 80)
    assert title == "Wörter " * 11 + "…"
    assert len(title) <= 82


def test_a_word_without_end_is_cut():
    assert first_words("x" * 300, 80) == "x" * 80


@pytest.mark.parametrize("address", ["https://a.example/b?c=1#d", "http://a.example/Straße"])
def test_a_web_address_becomes_a_link(address):
    assert is_web_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        " https://a.example",
        "https://a.example/ onclick=x",
        "https://a.example/\x01",
        "//a.example",
        "data:text/html,x",
        "Zeile 17",
        "",
    ],
)
def test_anything_else_does_not_become_a_link(text):
    assert not is_web_address(text)


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        ("Ja (1), Nein (2)", ["Ja", "Nein"]),
        ("männlich, weiblich, non-binär", ["männlich", "weiblich", "non-binär"]),
        (
            "ja, sehr (1), nein, gar nicht (2), weiß nicht (3)",
            ["ja, sehr", "nein, gar nicht", "weiß nicht"],
        ),
        ("möchte ich <b>nur online</b> (1), nie (2)", ["möchte ich nur online", "nie"]),
        ("eins; zwei;\ndrei", ["eins", "zwei", "drei"]),
        ("Stufe (A), Stufe (B)", ["Stufe (A)", "Stufe (B)"]),
        ("", []),
        (" , ", []),
    ],
)
def test_the_choices_column_suggests_an_order(cell, choices):
    assert suggested(cell) == choices


ACCOUNT = ["ich habe keinen Account", "selten", "jede Woche"]
SAFE = ["sicher", "eher sicher", "eher unsicher", "unsicher"]


@pytest.mark.parametrize(
    ("suggestions", "answer", "place"),
    [
        (ACCOUNT, "keinen Account", 0),
        (ACCOUNT, "Selten", 1),
        (ACCOUNT, "täglich", None),
        (SAFE, "sicher", 0),
        (SAFE, "unsicher", 3),
        (SAFE, "<b>eher</b> unsicher", 2),
        # Of two that contain it, the shorter one; of two that it contains, the longer one.
        (["braucht es eher weniger", "braucht es weniger"], "weniger", 1),
        (["nur online", "online"], "ich möchte nur online in Kontakt sein", 0),
        (["Sekundarstufe A"], "Sekundarschule", None),
        ([], "egal", None),
        (["?"], "!", 0),
    ],
)
def test_an_answer_finds_its_place_among_the_suggestions(suggestions, answer, place):
    assert place_among(suggestions, answer) == place


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("möchte ich <b>nicht im Kontakt sein</b>", "möchte ich nicht im Kontakt sein"),
        ("un<b>sicher</b>", "unsicher"),
        ("eins<br/>zwei", "eins zwei"),
        ('<span style="color: red">rot</span>', "rot"),
        ("&lt;18 &amp; &gt;65&nbsp;Jahre", "<18 & >65 Jahre"),
        ("a<b und c>d", "a<b und c>d"),
        ("< 18", "< 18"),
        ("  viel   Raum ", "viel Raum"),
        ("<b></b>", ""),
    ],
)
def test_a_label_has_no_tags(raw, label):
    assert plain(raw) == label
