"""What may identify somebody is suggested, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.analysis.hints import HintKind, find_hints, kinds_in, pieces_of


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("unter 030 23125 014.", HintKind.PHONE, "030 23125 014"),
        ("mobil +49 (0)171/1234567", HintKind.PHONE, "+49 (0)171/1234567"),
        ("an max.muster@post.example bitte", HintKind.MAIL, "max.muster@post.example"),
        ("siehe https://example.org/a?b=1 dort", HintKind.LINK, "https://example.org/a?b=1"),
        ("auf www.example.org lesen", HintKind.LINK, "www.example.org"),
    ],
)
def test_what_may_identify_somebody_is_found(text, kind, found):
    (hint,) = find_hints(text)
    assert (hint.kind, text[hint.start : hint.end]) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "am 01.02.2026 um 10:30 Uhr",
        "15999 Lindenow, Markt 1",
        "für 10.000.000 Euro",
        "2026-11-22",
        "0,5 km von hier",
        "@Rathaus: danke",
    ],
)
def test_dates_amounts_and_post_codes_are_no_hints(text):
    assert find_hints(text) == []


def test_a_mail_address_in_a_link_is_one_hint():
    assert kinds_in("https://example.org/?an=max@example.org") == [HintKind.MAIL]


@given(st.text(alphabet="0123456789 +@.wh:/tpsaé-()\n", max_size=60))
def test_the_pieces_are_the_whole_text(text):
    assert "".join(piece.text for piece in pieces_of(text)) == text
