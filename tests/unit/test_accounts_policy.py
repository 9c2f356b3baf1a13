"""Roles, gaps in duty texts, contrast."""

from __future__ import annotations

import pytest

from participation.accounts import policy
from participation.accounts.default_texts import default_texts
from participation.accounts.models import Account, DutyText, MunicipalityKind, Role


def person(number: int) -> Account:
    return Account(id=number, email=f"{number}@example.org", display_name=str(number))


def test_one_person_with_both_roles_is_no_second_person():
    alone = person(1)
    assert not policy.has_second_person([(alone, Role.STRATEGIST), (alone, Role.ADMINISTRATOR)])


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_a_moderator_or_administrator_beside_a_strategist_is_a_second_person(role: Role):
    assert policy.has_second_person([(person(1), Role.STRATEGIST), (person(2), role)])


def test_an_analyst_decides_nothing():
    assert not policy.has_second_person([(person(1), Role.STRATEGIST), (person(2), Role.ANALYST)])
    assert not policy.may_be_second_person({Role.ANALYST, Role.STRATEGIST})


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#3a6a3c", 6.36)],
)
def test_the_contrast_with_white_is_that_of_wcag(colour: str, ratio: float):
    assert policy.contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("light", ["#ffffff", "#ffff00", "#777777", "#00ff80"])
def test_a_colour_is_darkened_just_until_white_can_be_read_on_it(light: str):
    darker = policy.dark_enough(light)
    assert policy.COLOUR.fullmatch(darker)
    assert policy.contrast_with_white(darker) == pytest.approx(4.6, abs=0.1)
    assert policy.dark_enough(darker) == darker


def test_a_gap_is_what_stands_in_brackets_with_an_ellipsis():
    assert policy.gaps("Telefon: [Nummer …], [Link](https://example.org), [1]") == ["[Nummer …]"]


@pytest.mark.parametrize("kind", MunicipalityKind)
def test_default_texts_name_the_municipality_and_leave_gaps(kind: MunicipalityKind):
    texts = default_texts("Lindenow", kind)
    # The page in easy language is no duty: ours stands there until the municipality writes one.
    assert set(texts) == set(DutyText) - {DutyText.EASY_LANGUAGE}
    for text in texts.values():
        assert policy.gaps(text)
        assert "{" not in text
    assert "Lindenow" in texts[DutyText.IMPRINT]


def test_the_privacy_notice_says_until_when_answers_could_be_linked():
    text = default_texts("Lindenow", MunicipalityKind.TOWN)[DutyText.PRIVACY]
    assert "Zugriff auf die laufende Datenbank" in text


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "1212121212", "Passwort123!", "QWERTZUIOP"])
def test_what_is_tried_first_is_no_password(password: str):
    assert policy.is_easily_guessed(password)


@pytest.mark.parametrize(
    "password", ["lindenow-zum-ausprobieren", "drei Kühe am Bach", "x7#kQ9!vLm2"]
)
def test_a_sentence_or_random_signs_are_a_password(password: str):
    assert not policy.is_easily_guessed(password)


@pytest.mark.parametrize("text", ["a@b.de", "mara.muster+x@sub.example.org", "ü@müller.de"])
def test_one_address_is_one(text: str):
    assert policy.is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "a@b.de, c@d.de", "a@b.de\nBcc: c@d.de", "<a@b.de>", "a b@c.de", "a@@b.de"],
)
def test_two_addresses_or_a_header_are_none(text: str):
    assert not policy.is_address(text)
