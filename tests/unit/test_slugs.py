"""Addresses made from titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.engagements.slugs import free_slug, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Digitale Orte in Stadt und Ortsteilen", "digitale-orte-in-stadt-und-ortsteilen"),
        ("Größe & Maß: Öffentliches Grün!", "groesse-mass-oeffentliches-gruen"),
        ("Café à la carte", "cafe-a-la-carte"),
        ("¿?", "beteiligung"),
    ],
)
def test_a_title_becomes_a_readable_address(title, slug):
    assert slug_of(title) == slug


@given(st.text(max_size=200))
def test_every_title_gives_an_address_that_needs_no_escaping(title):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(title))
    assert len(slug_of(title)) <= 60


def test_a_taken_address_is_counted_up():
    assert free_slug("Umfrage", {"umfrage", "umfrage-2"}) == "umfrage-3"


def test_words_of_our_own_paths_are_never_taken():
    assert free_slug("Neu", set()) == "neu-2"
