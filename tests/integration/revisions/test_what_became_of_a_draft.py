"""A draft that was put out for comment is adopted, given up, or still in the making."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.engagements.operations import publish_engagement
from participation.foundation.errors import Refused
from participation.revisions import operations
from participation.revisions.consulted import (
    DraftFate,
    Outcome,
    fate_of_draft,
    rounds_still_open,
)
from participation.strategy.operations import freeze_for_consultation
from tests.conftest import NOON

LATER = NOON + timedelta(days=3)


@pytest.fixture
def drafted(make, revision):
    make.amended(revision, "M-01", because=[make.stated()], text="Ein anderer Wortlaut.")
    return revision


@pytest.fixture
def frozen(session, drafted):
    return operations.put_out_for_consultation(session, revision=drafted, actor=None, at=NOON)


def abandon(session, revision):
    operations.abandon_revision(
        session, revision=revision, reason="Es fehlt das Geld.", actor=None, at=LATER
    )


def test_nothing_has_become_of_it_while_the_revision_is_open(session, strategy, frozen):
    assert fate_of_draft(session, frozen) is None
    assert fate_of_draft(session, None) is None


def test_only_drafts_have_a_fate(make, session, strategy, revision):
    abandon(session, revision)
    assert fate_of_draft(session, make.in_force(strategy)) is None


def test_it_is_given_up_with_the_revision(session, drafted, frozen):
    abandon(session, drafted)
    assert fate_of_draft(session, frozen) == DraftFate(
        Outcome.GIVEN_UP, LATER, 2, because="Es fehlt das Geld."
    )


def test_it_stays_given_up_when_the_next_revision_is_adopted(
    make, session, strategy, drafted, frozen
):
    abandon(session, drafted)
    again = operations.open_revision(session, strategy=strategy, actor=None, at=LATER)
    make.amended(again, "M-01", because=[make.stated()], text="Wieder ein anderer Wortlaut.")
    second = operations.put_out_for_consultation(session, revision=again, actor=None, at=LATER)
    assert fate_of_draft(session, second) is None
    make.adopt(again, at=LATER)
    fates = [fate_of_draft(session, one) for one in (frozen, second)]
    assert [fate and fate.outcome for fate in fates] == [Outcome.GIVEN_UP, Outcome.ADOPTED]


def test_a_draft_of_the_first_version_is_adopted_without_a_revision(make, session, town):
    strategy = make.strategy(town)
    contents = make.contents(make.draft_of(strategy))
    frozen = freeze_for_consultation(
        session, strategy=strategy, contents=contents, at=NOON, actor=None
    )
    assert fate_of_draft(session, frozen) is None


def test_rounds_that_run_are_told_before_the_draft_is_given_up(
    make, session, town, drafted, frozen
):
    running = make.comment_round(town, version=frozen)
    make.comment_round(town, version=frozen, published=False)
    make.comment_round(town)
    assert rounds_still_open(session, drafted, NOON) == [running]
    assert rounds_still_open(session, drafted, running.closes_at) == []


def adopt(make, session, revision, at, **given):
    return operations.adopt(
        session, revision=revision, resolution=make.resolution(), actor=None, at=at, **given
    )


def test_nothing_is_adopted_unknowingly_while_a_round_on_it_runs(
    make, session, town, drafted, frozen
):
    make.comment_round(town, version=frozen)
    with pytest.raises(Refused) as refusal:
        adopt(make, session, drafted, NOON)
    assert refusal.value.field == "despite_rounds"
    assert fate_of_draft(session, frozen) is None
    assert adopt(make, session, drafted, NOON, despite_rounds=True).number == 2


def test_a_round_that_ended_or_was_never_public_asks_for_nothing(
    make, session, town, drafted, frozen
):
    ended = make.comment_round(town, version=frozen)
    make.comment_round(town, version=frozen, published=False)
    assert adopt(make, session, drafted, ended.closes_at).number == 2


def test_a_round_about_a_draft_that_is_given_up_is_not_published(
    make, session, town, drafted, frozen
):
    planned = make.comment_round(town, version=frozen, published=False)
    abandon(session, drafted)
    with pytest.raises(Refused, match="nicht weiterverfolgt"):
        publish_engagement(session, engagement=planned, actor=None, at=LATER)
    assert planned.published_at is None


def test_a_round_about_a_draft_that_is_adopted_is_not_published(
    make, session, town, drafted, frozen
):
    planned = make.comment_round(town, version=frozen, published=False)
    make.adopt(drafted, at=LATER)
    with pytest.raises(Refused, match="schon beschlossen"):
        publish_engagement(session, engagement=planned, actor=None, at=LATER)


def test_a_round_about_a_version_in_force_is_published(make, session, town, strategy):
    planned = make.comment_round(town, version=make.in_force(strategy), published=False)
    publish_engagement(session, engagement=planned, actor=None, at=LATER)
    assert planned.published_at == LATER
