"""Which sentences of a text a difference touches."""

from __future__ import annotations

import pytest

from participation.analysis.sentences import changed_sentences, ends_sentence
from participation.analysis.wording_difference import Segment, difference


def shown(before: str, after: str) -> list[str]:
    marks = {"equal": "{}", "insert": "+{}+", "delete": "-{}-"}
    return [
        "".join(marks[segment.kind].format(segment.text) for segment in sentence)
        for sentence in changed_sentences(difference(before, after))
    ]


def test_only_the_changed_sentence_is_shown_with_the_words_around_the_change():
    before = (
        "Das Bürgerbüro öffnet täglich. Besuche ohne Termin sind in Ausnahmefällen möglich. Ende."
    )
    after = (
        "Das Bürgerbüro öffnet täglich. Besuche ohne Termin sind an drei Tagen in der Woche "
        "möglich. Ende."
    )
    [sentence] = shown(before, after)
    assert sentence.startswith("Besuche ohne Termin sind ")
    assert sentence.endswith(" möglich.")
    assert "-" in sentence
    assert "+" in sentence


def test_a_new_sentence_stands_alone():
    assert shown("Eins bleibt.", "Eins bleibt. Zwei kommt dazu.") == ["+Zwei kommt dazu.+"]


def test_a_sentence_that_goes_stands_alone():
    assert shown("Eins bleibt. Zwei geht weg.", "Eins bleibt.") == ["-Zwei geht weg.-"]


def test_each_changed_sentence_is_its_own():
    before = "Wir bauen zehn Radwege. Sie sind breit. Wir pflanzen hundert Bäume."
    after = "Wir bauen zwanzig Radwege. Sie sind breit. Wir pflanzen tausend Bäume."
    assert [sentence.split()[1] for sentence in shown(before, after)] == ["bauen", "pflanzen"]


def test_equal_texts_have_no_changed_sentence():
    assert shown("Alles bleibt. Ganz sicher.", "Alles bleibt. Ganz sicher.") == []


def test_a_replacement_over_two_sentences_stays_together():
    segments = [
        Segment("equal", "Wir "),
        Segment("delete", "planen. Dann bauen wir"),
        Segment("insert", "bauen"),
        Segment("equal", " sofort. Ende."),
    ]
    assert len(changed_sentences(segments)) == 1


def test_lines_are_sentences_of_their_own():
    assert shown("2026: 95.000 €\n2027: 10 €", "2026: 95.000 €\n2027: 20 €") == ["2027: -10-+20+ €"]


def test_a_line_that_comes_after_the_last_one_stands_alone():
    before = "2027: 95 € eigene Mittel"
    after = "2027: 184 € eigene Mittel\n2027: 60 € Fördermittel"
    assert shown(before, after) == ["2027: -95-+184+ € eigene Mittel", "+2027: 60 € Fördermittel+"]


def test_a_line_that_goes_from_the_end_stands_alone():
    assert shown("Z-01\nZ-02", "Z-01") == ["-Z-02-"]


@pytest.mark.parametrize("word", ["z.", "B.", "15.", "bzw.", "ca.", "Nr.", "(Abs.", "Wort", "3,5"])
def test_short_forms_and_ordinals_end_no_sentence(word):
    assert not ends_sentence(word)


@pytest.mark.parametrize("word", ["möglich.", "wirklich?", "los!", "Termin.“", "bleibt.)", "usf…"])
def test_a_full_stop_ends_a_sentence_also_inside_quotation_marks(word):
    assert ends_sentence(word)
