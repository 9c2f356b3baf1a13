"""Who wants to hear of an engagement: confirmed addresses only, and none that has left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from participation.contributions.operations import follow
from participation.engagements import operations, queries
from participation.engagements.marks import (
    participation_mark,
    read_subscription_token,
    subscription_token,
)
from participation.engagements.models import Pace, Subscription
from participation.engagements.telling import subscribers_of, tell_subscriber, tell_subscribers
from participation.foundation.errors import Conflict, NotFound
from participation.jobs.models import Job
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.factories_engagements import KEY

HOUR = timedelta(hours=1)


def test_marks_tell_nothing_across_purposes_and_engagements():
    who = "browser:abc"
    marks = {
        participation_mark(KEY, engagement_id, purpose, who)
        for engagement_id in (1, 2)
        for purpose in ("contribution", "vote", "support", "response")
    }
    assert len(marks) == 8
    assert participation_mark(b"other", 1, "vote", who) not in marks


def test_the_token_of_a_subscription_opens_no_other():
    token = subscription_token(KEY, 12)
    assert read_subscription_token(KEY, token) == 12
    for wrong in (
        token.replace("12-", "13-"),
        token[:-1],
        "12-",
        "",
        "-",
        "12",
        "9" * 40 + "-a",
        "é-é",
    ):
        assert read_subscription_token(KEY, wrong) is None
    assert read_subscription_token(b"other", token) is None


def test_an_address_hears_nothing_before_it_is_confirmed(make, session):
    call = make.idea_call(make.municipality())
    subscription = operations.subscribe(
        session, engagement=call, address=" Max@Example.ORG ", at=NOON
    )
    assert subscription.address == "max@example.org"
    assert subscribers_of(session, call.id) == []
    tell(session, subscription)
    assert mails(session) == []
    operations.confirm_subscription(session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    assert subscribers_of(session, call.id) == [subscription]
    tell(session, subscription)
    tell(session, subscription)
    (mail,) = mails(session)
    assert mail.payload["unsubscribe_token"] == subscription_token(KEY, subscription.id)


def test_the_mail_that_asks_for_confirmation_is_written_once_a_day(make, session):
    call = make.idea_call(make.municipality())
    for at in (NOON, NOON + HOUR, NOON + timedelta(days=1)):
        subscription = operations.subscribe(session, engagement=call, address="a@b.de", at=at)
        operations.write_confirmation(session, subscription_id=subscription.id, key=KEY, at=at)
    assert len(mails(session)) == 2
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 1


def test_a_confirmed_address_that_subscribes_again_gets_no_mail(make, session):
    call = make.idea_call(make.municipality())
    one = operations.subscribe(session, engagement=call, address="a@b.de", at=NOON)
    operations.confirm_subscription(session, subscription=one, at=NOON)
    jobs = session.scalar(sa.select(sa.func.count()).select_from(Job))
    later = NOON + timedelta(days=2)
    assert operations.subscribe(session, engagement=call, address="A@b.de", at=later) is one
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == jobs


def test_an_address_is_not_flooded_by_strangers_forms(make, session):
    town = make.municipality()
    for _ in range(9):
        call = make.idea_call(town)
        operations.subscribe(session, engagement=call, address="victim@example.org", at=NOON)
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 5


def test_leaving_erases_the_address_and_may_be_repeated(make, session):
    call = make.idea_call(make.municipality())
    subscription = operations.subscribe(session, engagement=call, address="a@b.de", at=NOON)
    operations.confirm_subscription(session, subscription=subscription, at=NOON)
    for _ in range(2):
        operations.end_subscription(session, subscription=subscription, at=NOON)
    assert subscription.address == ""
    assert subscribers_of(session, call.id) == []
    with pytest.raises(Conflict):
        operations.confirm_subscription(session, subscription=subscription, at=NOON)
    again = operations.subscribe(session, engagement=call, address="a@b.de", at=NOON)
    assert again.id != subscription.id


def test_addresses_nobody_confirmed_are_forgotten_after_two_weeks(make, session):
    call = make.idea_call(make.municipality())
    old = NOON - timedelta(days=15)
    operations.subscribe(session, engagement=call, address="forgotten@b.de", at=old)
    kept = operations.subscribe(session, engagement=call, address="kept@b.de", at=old)
    operations.confirm_subscription(session, subscription=kept, at=old)
    operations.subscribe(session, engagement=call, address="new@b.de", at=NOON)
    assert operations.forget_unconfirmed(session, at=NOON) == 1
    addresses = set(session.scalars(sa.select(Subscription.address)))
    assert addresses == {"kept@b.de", "new@b.de"}


def test_a_subscription_is_found_by_its_token_only(make, session):
    call = make.idea_call(make.municipality())
    subscription = operations.subscribe(session, engagement=call, address="a@b.de", at=NOON)
    token = subscription_token(KEY, subscription.id)
    assert queries.find_subscription(session, KEY, token) is subscription
    for wrong in (token + "0", subscription_token(KEY, subscription.id + 1), "x"):
        with pytest.raises(NotFound):
            queries.find_subscription(session, KEY, wrong)


def tell(session, subscription):
    tell_subscriber(
        session,
        subscription=subscription,
        key=KEY,
        news="result:1",
        template="engagements/result",
        payload={},
        at=NOON,
    )


def mails(session):
    return session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def test_who_follows_the_whole_and_a_part_is_told_once_and_as_one_of_the_whole(make, session):
    call = make.idea_call(make.municipality())
    idea = make.idea(call)
    whole = operations.subscribe(session, engagement=call, address="anna@example.org", at=NOON)
    part = follow(session, contribution=idea, address="anna@example.org", at=NOON)
    other = follow(session, contribution=idea, address="omar@example.org", at=NOON)
    for one in (part, whole, other):
        operations.confirm_subscription(session, subscription=one, at=NOON, pace=Pace.AT_ONCE)
    assert subscribers_of(session, call.id) == [whole]
    assert subscribers_of(session, call.id, about_all=False) == [part, other]
    news: dict[str, Any] = {"key": KEY, "news": "n", "template": "t", "payload": {}, "at": NOON}
    assert len(list(tell_subscribers(session, engagement=call, **news))) == 1
    assert [mail.address for mail in mails(session)] == ["anna@example.org"]
    for _some in tell_subscribers(session, engagement=call, followers_too=True, **news):
        session.flush()
    told = {mail.address: mail.payload["unsubscribe_token"] for mail in mails(session)}
    assert told == {
        "anna@example.org": subscription_token(KEY, whole.id),
        "omar@example.org": subscription_token(KEY, other.id),
    }
