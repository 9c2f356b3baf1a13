"""What is pasted from documents holds signs that nobody sees and that break something else."""

from __future__ import annotations

import pytest

from participation.foundation.plain_signs import plain_block, plain_line


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_end_of_a_line_is_a_plain_one_and_a_line_has_none(end):
    assert plain_block(f"eins{end}zwei") == "eins\nzwei"
    assert plain_line(f"eins{end}zwei") == "eins zwei"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9c", "\u202e", "\u2066", "\ufeff"])
def test_signs_that_nobody_sees_are_gone(sign):
    assert plain_block(f"Bus{sign}se\n\tund Bahnen") == "Busse\n\tund Bahnen"


@pytest.mark.parametrize("nothing", [" \n", "\u200b", "\u2800 \u3164", "\u00ad\u200f", "\u202e"])
def test_a_text_that_shows_nothing_is_empty(nothing):
    assert plain_block(nothing) == plain_line(nothing) == ""


@pytest.mark.parametrize(
    "words", ["Mäh­drescher", "👩‍👧 mit Kind", "می‌خواهم", "שלום", "a = b; «c» – d…", ""]
)
def test_what_people_write_stays_as_it_is(words):
    assert plain_block(words) == plain_line(words) == words
