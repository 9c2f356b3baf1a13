"""Hearings in phases: rounds on successive drafts, and what is different between them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.comments.hearings import (
    MOST_PHASES,
    add_phase,
    begin_hearing,
    find_phase,
    follow_on,
    get_public_hearing,
    hearings_of,
    part_differences,
    phases_of,
    remove_phase,
)
from participation.comments.models import Hearing
from participation.comments.passages import PassageDraft
from participation.engagements.operations import publish_engagement
from participation.foundation.errors import Conflict, NotFound, Refused
from tests.conftest import NOON

BEFORE = (
    PassageDraft("Wir messen wenig.", "Zweck"),
    PassageDraft("Und nur kurz."),
    PassageDraft("Dreißig Tage.", "Dauer"),
    PassageDraft("Der Rat.", "Wer prüft"),
)
AFTER = (
    PassageDraft("Wir messen wenig.", "Zweck"),
    PassageDraft("Und nur kurz."),
    PassageDraft("Sieben Tage.", "Dauer"),
    PassageDraft("Auf einer Karte.", "Wer es erfährt"),
)


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def first(make, session, town):
    comment_round = make.comment_round(town, passages=BEFORE, title="Leitlinie")
    return begin_hearing(
        session, comment_round=comment_round, title=" Leitlinie \n Sensoren", actor=None, at=NOON
    )


def follow(session, first, comment_round, **more):
    values = {"hearing": first.hearing, "actor": None, "at": NOON} | more
    return add_phase(session, comment_round=comment_round, **values)


def test_between_two_phases_each_part_is_compared_word_by_word(make, town):
    old = make.comment_round(town, passages=BEFORE)
    new = make.comment_round(town, passages=AFTER)
    assert part_differences(old, old) == []
    found = part_differences(old, new)
    assert [(it.heading, it.is_new, it.is_gone) for it in found] == [
        ("Dauer", False, False),
        ("Wer es erfährt", True, False),
        ("Wer prüft", False, True),
    ]
    kept = "".join(it.text for it in found[0].segments if it.kind != "delete")
    assert kept == "Sieben Tage."


def test_a_guideline_about_one_element_is_compared_heading_by_heading(make, town):
    strategy = make.strategy(town)
    measure = make.measure(strategy)
    old, new = (
        make.comment_round(
            town, passages=[PassageDraft(it.text, it.heading, measure) for it in drafts]
        )
        for drafts in (BEFORE, AFTER)
    )
    found = part_differences(old, new)
    assert [it.heading for it in found] == ["Dauer", "Wer es erfährt", "Wer prüft"]


def test_an_element_is_the_same_part_whatever_its_title_is_now(make, town):
    strategy = make.strategy(town)
    measure = make.measure(strategy)
    old, new = (
        make.comment_round(
            town, passages=[PassageDraft(text, title, measure), PassageDraft("Ende.", "", measure)]
        )
        for text, title in (("Es gibt Netz.", "M-01 Netz"), ("Es gibt Licht.", "M-01 Licht"))
    )
    (found,) = part_differences(old, new)
    assert (found.heading, found.is_new, found.is_gone) == ("M-01 Licht", False, False)


def test_a_part_is_the_same_however_it_is_split(make, town):
    whole = (PassageDraft("Eins.\n\nZwei.", "Zweck"),)
    split = (PassageDraft("Eins.", "Zweck"), PassageDraft("Zwei."))
    assert (
        part_differences(
            make.comment_round(town, passages=whole), make.comment_round(town, passages=split)
        )
        == []
    )


def test_the_next_round_joins_the_hearing_of_the_one_before(make, session, town, first):
    after = make.comment_round(town, passages=AFTER, published=False)
    phase = follow_on(session, before=first.comment_round, comment_round=after, actor=None, at=NOON)
    assert (phase.hearing, phase.position) == (first.hearing, 2)
    assert [it.position for it in phases_of(session, first.hearing_id)] == [1, 2]
    assert [it.position for it in phases_of(session, first.hearing_id, public_only=True)] == [1]
    assert hearings_of(session, town.id) == [first.hearing]
    assert first.hearing.title == "Leitlinie Sensoren"


def test_a_round_without_a_hearing_begins_one_when_another_follows_it(make, session, town):
    before, after = make.comment_round(town, title="Erster"), make.comment_round(town)
    phase = follow_on(session, before=before, comment_round=after, actor=None, at=NOON)
    assert (phase.hearing.title, phase.position) == ("Erster", 2)


def test_a_later_phase_is_published_only_with_what_changed_and_why(make, session, town, first):
    after = make.comment_round(town, passages=AFTER, published=False)
    phase = follow(session, first, after)
    with pytest.raises(Refused, match="vorigen Phase"):
        publish_engagement(session, engagement=after, actor=None, at=NOON)
    phase.note = "Sieben Tage genügen, sagen die Kommentare."
    publish_engagement(session, engagement=after, actor=None, at=NOON)
    assert after.published_at == NOON


def test_a_round_is_a_phase_of_one_hearing_of_its_own_town(make, session, town, first):
    with pytest.raises(Conflict):
        follow(session, first, first.comment_round)
    elsewhere = make.comment_round(make.municipality("neudorf", "Neudorf"))
    with pytest.raises(NotFound):
        follow(session, first, elsewhere)


@pytest.mark.parametrize(
    ("field", "more"), [("title", {"title": " "}), ("title", {"title": "x" * 151})]
)
def test_a_hearing_needs_a_title_of_some_length(make, session, town, field, more):
    comment_round = make.comment_round(town)
    with pytest.raises(Refused) as refusal:
        begin_hearing(session, comment_round=comment_round, actor=None, at=NOON, **more)
    assert refusal.value.field == field


def test_there_are_only_so_many_phases_and_signs(make, session, town, first):
    with pytest.raises(Refused) as refusal:
        follow(session, first, make.comment_round(town), note="x" * 4001)
    assert refusal.value.field == "note"
    for _ in range(MOST_PHASES - 1):
        follow(session, first, make.comment_round(town))
    with pytest.raises(Refused):
        follow(session, first, make.comment_round(town))


def test_a_draft_leaves_its_hearing_and_the_last_one_takes_it_along(make, session, town):
    draft = make.comment_round(town, published=False)
    phase = begin_hearing(session, comment_round=draft, title="Neu", actor=None, at=NOON)
    remove_phase(session, phase=phase, actor=None, at=NOON)
    assert find_phase(session, draft.id) is None
    assert session.scalars(sa.select(Hearing)).all() == []


def test_what_is_public_stays_in_its_hearing(session, first):
    with pytest.raises(Conflict):
        remove_phase(session, phase=first, actor=None, at=NOON)


def test_a_hearing_of_drafts_alone_is_not_public(make, session, town):
    draft = make.comment_round(town, published=False)
    phase = begin_hearing(session, comment_round=draft, title="Neu", actor=None, at=NOON)
    with pytest.raises(NotFound):
        get_public_hearing(session, town.id, phase.hearing.slug)


def test_two_hearings_of_one_name_have_two_addresses(make, session, town, first):
    other = begin_hearing(
        session,
        comment_round=make.comment_round(town),
        title=first.hearing.title,
        actor=None,
        at=NOON,
    )
    assert other.hearing.slug == f"{first.hearing.slug}-2"
