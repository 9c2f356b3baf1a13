"""The word by word difference: exact for every text, readable for ours."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.analysis.wording_difference import Segment, apply, difference, words

# Few words, so that the two texts have much in common and much apart.
_pieces = st.sampled_from(
    ["das", "Bürgerbüro", "öffnet", "an", "drei", "Tagen", "Abend", "19", " ", "\n", ".", ",", "–"]
)
_sentences = st.lists(_pieces, max_size=40).map("".join)
_texts = st.one_of(st.text(max_size=60), _sentences, st.lists(_pieces, max_size=30).map(" ".join))


@given(_texts)
def test_the_words_of_a_text_joined_give_the_text(text):
    assert "".join(words(text)) == text


@given(_texts, _texts)
def test_applying_a_difference_gives_the_later_text(before, after):
    assert apply(before, difference(before, after)) == after


@given(_texts, _texts)
def test_a_difference_without_what_was_inserted_is_the_earlier_text(before, after):
    segments = difference(before, after)
    assert "".join(piece.text for piece in segments if piece.kind != "insert") == before


@given(_texts, _texts)
def test_no_segment_is_empty_and_no_two_of_a_kind_stand_side_by_side(before, after):
    segments = difference(before, after)
    assert all(piece.text for piece in segments)
    assert all(left.kind != right.kind for left, right in itertools.pairwise(segments))


@given(_texts)
def test_a_text_does_not_differ_from_itself(text):
    assert difference(text, text) == ([Segment("equal", text)] if text else [])


def test_two_empty_texts_have_no_segments():
    assert difference("", "") == []


def test_only_the_changed_words_are_marked():
    segments = difference(
        "Besuche ohne Termin sind in Ausnahmefällen möglich.",
        "Besuche ohne Termin sind an drei Tagen möglich.",
    )
    assert segments == [
        Segment("equal", "Besuche ohne Termin sind "),
        Segment("delete", "in Ausnahmefällen"),
        Segment("insert", "an drei Tagen"),
        Segment("equal", " möglich."),
    ]


def test_a_short_word_between_two_changes_is_drawn_into_them():
    segments = difference(
        "Termine gibt es für alle Anliegen und alle Ortsteile.",
        "Termine gibt es für viele Wünsche und manche Dörfer.",
    )
    assert [piece.kind for piece in segments] == ["equal", "delete", "insert", "equal"]
    assert segments[2].text == "viele Wünsche und manche Dörfer"


def test_a_long_word_between_two_changes_stays_a_landmark():
    kinds = [piece.kind for piece in difference("alte Bürgerbüro Zeit", "neue Bürgerbüro Frist")]
    assert kinds == ["delete", "insert", "equal", "delete", "insert"]


def test_lines_are_compared_as_lines():
    segments = difference("2026: 10 €\n2027: 20 €", "2026: 15 €\n2027: 25 €")
    assert Segment("equal", " €\n2027: ") in segments


def test_what_was_put_in_begins_with_a_word():
    assert difference("für alle Anliegen an.", "für alle Anliegen am Telefon an.") == [
        Segment("equal", "für alle Anliegen "),
        Segment("insert", "am Telefon "),
        Segment("equal", "an."),
    ]


def test_a_full_stop_that_was_added_does_not_mark_the_word_before_it():
    assert difference("Abend", "Abend.") == [Segment("equal", "Abend"), Segment("insert", ".")]


def test_a_word_with_a_hyphen_or_a_thousands_point_is_one_word():
    assert words("1.200 Online-Termine") == ["1.200", " ", "Online-Termine"]


def test_a_difference_is_refused_for_a_text_that_it_was_not_made_from():
    with pytest.raises(ValueError, match="another text"):
        apply("Nacht", difference("Tag", "Abend"))
