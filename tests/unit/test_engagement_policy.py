"""When somebody may take part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from participation.accounts.models import Account
from participation.engagements.models import Audience, Engagement, EngagementState
from participation.engagements.policy import (
    Obstacle,
    days_left,
    may_take_part,
    obstacle,
    rules_are_frozen,
    shown_participants,
)

OPENS = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
CLOSES = datetime(2026, 5, 20, 21, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GRACE = timedelta(minutes=15)


def engagement(*, audience: Audience = Audience.OPEN, published: bool = True) -> Engagement:
    return Engagement(
        opens_at=OPENS,
        closes_at=CLOSES,
        published_at=OPENS - timedelta(days=3) if published else None,
        audience=audience,
    )


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - SECOND, EngagementState.PLANNED),
        (OPENS, EngagementState.OPEN),
        (CLOSES - SECOND, EngagementState.OPEN),
        (CLOSES, EngagementState.CLOSED),
    ],
)
def test_the_state_follows_from_the_dates(at, state):
    assert engagement().state_at(at) is state
    assert engagement(published=False).state_at(at) is EngagementState.DRAFT


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - SECOND, Obstacle.NOT_YET_OPEN),
        (OPENS, None),
        (CLOSES - SECOND, None),
        (CLOSES, Obstacle.CLOSED),
    ],
)
def test_one_takes_part_from_the_first_moment_until_before_the_last(at, expected):
    assert obstacle(engagement(), at=at, account=None) is expected


@pytest.mark.parametrize(
    ("opened", "sent", "allowed"),
    [
        (CLOSES - SECOND, CLOSES, True),
        (CLOSES - SECOND, CLOSES + GRACE - SECOND, True),
        (CLOSES - SECOND, CLOSES + GRACE, False),
        (CLOSES, CLOSES + SECOND, False),
        (OPENS - SECOND, CLOSES + SECOND, False),
        (None, CLOSES + SECOND, False),
    ],
)
def test_a_form_opened_in_time_may_be_sent_a_quarter_of_an_hour_late(opened, sent, allowed):
    found = may_take_part(engagement(), at=sent, account=None, form_opened_at=opened)
    assert found is allowed


def test_a_form_opened_in_time_does_not_open_a_draft():
    draft = engagement(published=False)
    assert not may_take_part(draft, at=CLOSES, account=None, form_opened_at=CLOSES - SECOND)


def test_an_audience_with_accounts_needs_one():
    asked = engagement(audience=Audience.ACCOUNT)
    assert obstacle(asked, at=OPENS, account=None) is Obstacle.ACCOUNT_NEEDED
    assert obstacle(asked, at=OPENS, account=Account(id=1)) is None


def test_the_rules_are_fixed_from_the_moment_it_opens():
    assert not rules_are_frozen(engagement(), at=OPENS - SECOND)
    assert rules_are_frozen(engagement(), at=OPENS)
    assert rules_are_frozen(engagement(), at=CLOSES)
    assert not rules_are_frozen(engagement(published=False), at=OPENS)


@pytest.mark.parametrize(
    ("participants", "shown"), [(0, None), (9, None), (10, 10), (19, 10), (417, 410)]
)
def test_participants_are_shown_from_ten_and_rounded_down(participants, shown):
    assert shown_participants(participants) == shown


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (OPENS - SECOND, None),
        (OPENS, 19),
        (datetime(2026, 5, 20, 8, 0, tzinfo=UTC), 0),
        (datetime(2026, 5, 19, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 5, 19, 22, 1, tzinfo=UTC), 0),
        (CLOSES, None),
    ],
)
def test_days_are_counted_where_the_municipality_is(at, left):
    assert days_left(engagement(), at=at) == left
