"""From a pasted text or from elements to passages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from participation.comments import policy
from participation.comments.passages import (
    PassageDraft,
    check_passages,
    passages_of,
    split_text,
)
from participation.foundation.errors import Refused
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import Element, ElementKind


def element(kind: ElementKind, code: str) -> Element:
    return Element(id=1, code=code, kind=kind, created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_blank_lines_part_a_text():
    drafts = split_text("Erster Absatz.\nNoch erster.\n\n\n  Zweiter Absatz.  \n")
    assert drafts == [
        PassageDraft("Erster Absatz.\nNoch erster."),
        PassageDraft("Zweiter Absatz."),
    ]


def test_a_short_line_alone_is_the_heading_of_what_follows():
    drafts = split_text("Wozu wir messen\n\nNur, was nötig ist.\n\nUnd sonst nichts.")
    assert drafts == [
        PassageDraft("Nur, was nötig ist.", "Wozu wir messen"),
        PassageDraft("Und sonst nichts."),
    ]


def test_a_marked_heading_needs_no_blank_lines():
    drafts = split_text("# Leitlinie\n## Zweck ##\nWir messen.\n### Dauer\nDreißig Tage.")
    assert drafts == [
        PassageDraft("Wir messen.", "Leitlinie – Zweck"),
        PassageDraft("Dreißig Tage.", "Dauer"),
    ]


@pytest.mark.parametrize(
    "line", ["Das gilt sofort.", "Gilt das?", "- ein Punkt einer Liste", "1. erstens", "x" * 91]
)
def test_what_reads_like_a_sentence_or_a_list_is_no_heading(line):
    assert split_text(f"{line}\n\nEin Satz.") == [PassageDraft(line), PassageDraft("Ein Satz.")]


def test_a_heading_that_nothing_follows_is_not_lost():
    assert split_text("Ein Satz.\n\nSchluss") == [
        PassageDraft("Ein Satz."),
        PassageDraft("Schluss"),
    ]


@pytest.mark.parametrize("text", ["", " \n \n\t"])
def test_an_empty_text_has_no_passages(text):
    assert split_text(text) == []


def test_windows_line_ends_are_understood():
    assert split_text("Eins.\r\n\r\nZwei.\rDrei.") == [
        PassageDraft("Eins."),
        PassageDraft("Zwei.\nDrei."),
    ]


def test_an_element_gives_a_passage_for_each_paragraph_with_its_heading_on_the_first():
    goal = element(ElementKind.GOAL, "Z-01")
    content = ElementContent(
        title="Kurze Wege",
        text="Erstens.\n\nZweitens.",
        criteria=(Criterion("Wartezeit", "15 Minuten", date(2028, 12, 31)),),
    )
    assert passages_of([(goal, content)], by_paragraph=True) == [
        PassageDraft("Erstens.", "Z-01 Kurze Wege", goal),
        PassageDraft("Zweitens.", "", goal),
        PassageDraft("Erfolgskriterien: Wartezeit: 15 Minuten bis 31. Dezember 2028", "", goal),
    ]


def test_an_element_gives_one_passage_if_it_is_kept_whole():
    measure = element(ElementKind.MEASURE, "M-07")
    content = ElementContent(title="Rufbus", text="Er fährt.", expected_effect="Mehr Fahrten.")
    assert passages_of([(measure, content)], by_paragraph=False) == [
        PassageDraft("Er fährt.\n\nErwartete Wirkung: Mehr Fahrten.", "M-07 Rufbus", measure)
    ]


def test_an_element_without_a_text_is_put_up_with_its_title():
    field = element(ElementKind.ACTION_FIELD, "HF-1")
    drafts = passages_of([(field, ElementContent(title="Energie"))], by_paragraph=True)
    assert drafts == [PassageDraft("Energie", "HF-1 Energie", field)]


@pytest.mark.parametrize(
    "drafts",
    [
        [],
        [PassageDraft("  ")],
        [PassageDraft("gut"), PassageDraft("")],
        [PassageDraft("x" * (policy.LONGEST_PASSAGE + 1))],
        [PassageDraft("gut", "x" * (policy.LONGEST_HEADING + 1))],
        [PassageDraft("gut")] * (policy.MOST_PASSAGES + 1),
    ],
)
def test_nothing_and_too_much_is_refused_at_the_field(drafts):
    with pytest.raises(Refused) as refusal:
        check_passages(drafts)
    assert refusal.value.field == "text"


def test_a_text_at_the_limits_is_taken():
    check_passages([PassageDraft("x" * policy.LONGEST_PASSAGE)] * policy.MOST_PASSAGES)
