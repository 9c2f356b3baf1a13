"""Quotations: words that really stand in a passage."""

from __future__ import annotations

import pytest

from participation.comments.quotes import Marked, Stretch, marked, stretches

PASSAGE = "Kameras nur\nim Notfall (§ 3). Bilder bleiben. Kameras stehen „außen“."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Kameras", "Kameras"),
        ("  nur im\r\n Notfall ", "nur\nim Notfall"),
        ("„Bilder bleiben.“", "Bilder bleiben."),
        ("„außen“.", "„außen“."),
        ("(§ 3)", "(§ 3)"),
    ],
)
def test_words_are_found_where_they_stand_whatever_their_white_space(quote, found):
    before, after = PASSAGE.split(found, 1)
    assert marked(PASSAGE, quote) == Marked(before, found, after)


@pytest.mark.parametrize(
    "quote", ["", " \n", "„“", "kameras", "Kameras im", ".*", "Bilder, bleiben"]
)
def test_what_does_not_stand_there_is_no_quotation(quote):
    assert marked(PASSAGE, quote) is None


def quoted_in(*quotes: str) -> list[str]:
    """Return the stretches that are marked; all stretches together are the passage."""
    parts = stretches(PASSAGE, quotes)
    assert "".join(part.text for part in parts) == PASSAGE
    return [part.text for part in parts if part.is_quoted]


def test_a_passage_shows_what_each_comment_quotes():
    assert quoted_in("Notfall", "Bilder bleiben.") == ["Notfall", "Bilder bleiben."]


def test_quotations_that_overlap_are_one_stretch():
    assert quoted_in("Kameras nur", "nur im Notfall", "nur") == ["Kameras nur\nim Notfall"]


def test_a_passage_that_nobody_quotes_is_one_stretch():
    assert stretches(PASSAGE, ["", "Elefant"]) == [Stretch(PASSAGE, is_quoted=False)]
