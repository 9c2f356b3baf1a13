"""Codes on letters, and which addresses are one mailbox."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.engagements import codes, guests
from participation.engagements.guests import Guest
from participation.engagements.models import Audience
from participation.foundation.tokens import ALPHABET
from tests.conftest import NOON

KEY = b"a key for tests only"
CODE = codes.invitation_code(KEY, 7, "list", "Erika Muster", "Hauptstraße 1")


def test_a_code_has_more_than_eighty_bits_and_four_groups():
    assert 5 * (len(CODE) - 1) >= 80
    assert [len(group) for group in codes.as_written(CODE).split("-")] == [5, 5, 5, 5]
    assert not set("ILOU") & set(CODE)


def test_a_code_is_another_one_for_every_key_engagement_list_and_letter():
    others = [
        codes.invitation_code(b"another key", 7, "list", "Erika Muster", "Hauptstraße 1"),
        codes.invitation_code(KEY, 8, "list", "Erika Muster", "Hauptstraße 1"),
        codes.invitation_code(KEY, 7, "other", "Erika Muster", "Hauptstraße 1"),
        codes.invitation_code(KEY, 7, "list", "Erika MusterH", "auptstraße 1"),
    ]
    assert len({CODE, *others}) == 5


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), str.strip])
def test_a_code_is_read_however_it_is_typed(change):
    assert codes.read_written(change(codes.as_written(CODE))) == CODE
    misread = CODE.replace("1", "l").replace("0", "O").replace("V", "u")
    assert codes.read_written(misread) == CODE


@given(st.integers(0, 19), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_noticed(place, letter):
    wrong = CODE[:place] + letter + CODE[place + 1 :]
    assert codes.read_written(wrong) == (CODE if wrong == CODE else None)


@given(st.integers(0, 18))
def test_two_signs_that_changed_places_are_always_noticed(place):
    swapped = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]
    assert codes.read_written(swapped) == (CODE if swapped == CODE else None)


@given(st.text(alphabet=string.printable + "äß–", max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed):
    code = codes.read_written(typed)
    assert code is None or len(code) == 20


@pytest.mark.parametrize("typed", ["", "x", CODE[:-1], CODE + "0", "A-" + CODE, "9" * 5000])
def test_what_is_too_short_or_too_long_is_no_code(typed):
    assert codes.read_written(typed) is None


@pytest.mark.parametrize(
    "address",
    ["Erika@Example.org", " erika@example.org ", "erika+stadt@example.org", "ERIKA@EXAMPLE.ORG"],
)
def test_the_ways_to_write_an_address_are_one_mailbox(address):
    assert guests.mailbox(address) == "erika@example.org"


def test_dots_make_no_other_mailbox_where_the_provider_ignores_them():
    assert guests.mailbox("e.rika+x@googlemail.com") == guests.mailbox("Erika@gmail.com")
    assert guests.mailbox("e.rika@example.org") != guests.mailbox("erika@example.org")
    assert guests.mailbox("ä@bücher.example") == "ä@xn--bcher-kva.example"


def test_a_pass_opens_one_engagement_for_one_purpose_and_not_for_long():
    guest = Guest(7, Audience.CODE, "who")
    sealed = guests.seal(KEY, guest, purpose="pass", at=NOON)
    assert "who" not in sealed

    def opened(key=KEY, engagement_id=7, purpose="pass", later=timedelta(0), text=sealed):
        return guests.unseal(
            key, text, engagement_id=engagement_id, purpose=purpose, at=NOON + later
        )

    assert opened() == guest
    assert opened(later=timedelta(hours=2)) == guest
    assert opened(later=timedelta(hours=4)) is None
    assert opened(engagement_id=8) is None
    assert opened(purpose="link") is None
    assert opened(key=b"another") is None
    for broken in ("", "x", "ä", sealed[:-4], sealed[:60] + "AAAA" + sealed[64:]):
        assert opened(text=broken) is None
