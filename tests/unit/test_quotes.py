"""Quotations: words that really stand in a passage."""

from __future__ import annotations

import pytest

from participation.comments.quotes import Marked, marked

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
