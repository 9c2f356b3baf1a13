"""Tell an address what happened to what it follows: at once, or gathered in one mail a day.

What is told once is not told again, to whatever an address follows: a key of the news and the
address keeps it. The key of another piece of news is another one, so that nobody can join them
to what one person follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.engagements.marks import mailbox_token, subscription_token
from participation.engagements.models import Engagement, Notice, Pace, Subscription
from participation.engagements.queries import is_heard, mailbox_of
from participation.foundation.tokens import keyed_hash
from participation.foundation.upsert import insert_once
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import post

# So many mails are written in one transaction; the rest of the site waits no longer than that.
_AT_ONCE = 100
# A longer mail nobody reads; how much more there was is said.
_MOST_PARTS = 40


def tell_subscriber(
    session: Session,
    *,
    subscription: Subscription,
    key: bytes,
    news: str,
    template: str,
    payload: dict[str, Any],
    at: datetime,
) -> None:
    """Tell a confirmed address something, at once or with the mail of the day.

    `news` names what is told: the same news reaches an address once.
    """
    if subscription.confirmed_at is None or subscription.ended_at is not None:
        return
    told = _key_of(key, subscription, news)
    if _is_told(session, told):
        return
    if subscription.pace is Pace.DAILY:
        insert_once(
            session,
            Notice,
            subscription_id=subscription.id,
            key=told,
            template=template,
            payload=payload,
            written_at=at,
        )
        return
    post(
        session,
        municipality_id=subscription.engagement.municipality_id,
        key=told,
        address=subscription.address,
        template=template,
        payload=payload
        | {
            "unsubscribe_token": subscription_token(key, subscription.id),
            "mailbox_token": _mailbox_token(session, key, subscription),
        },
        at=at,
    )


def tell_subscribers(
    session: Session,
    *,
    engagement: Engagement,
    key: bytes,
    news: str,
    template: str,
    payload: dict[str, Any],
    at: datetime,
    followers_too: bool = False,
) -> Iterator[None]:
    """Tell everybody who hears of an engagement; stop after some, so that a job can commit.

    With `followers_too` also those who follow only a contribution to it. The title and the
    address of the engagement are told always.
    """
    payload = {"slug": engagement.slug, "title": engagement.title} | payload
    engagement_id = engagement.id
    # Whoever follows both is told as one who follows the whole.
    for about_all in (True, False) if followers_too else (True,):
        last = 0
        while some := subscribers_of(session, engagement_id, about_all=about_all, after=last):
            for subscription in some:
                tell_subscriber(
                    session,
                    subscription=subscription,
                    key=key,
                    news=news,
                    template=template,
                    payload=payload,
                    at=at,
                )
            last = some[-1].id
            yield


def subscribers_of(
    session: Session,
    engagement_id: int,
    *,
    about_all: bool = True,
    after: int = 0,
    limit: int = 500,
) -> Sequence[Subscription]:
    """Return who hears of an engagement as a whole, confirmed, by id; `after` pages on.

    Without `about_all`, who hears of a single contribution to it.
    """
    return session.scalars(
        sa.select(Subscription)
        .where(
            Subscription.engagement_id == engagement_id,
            Subscription.about_all == about_all,
            is_heard(),
            Subscription.id > after,
        )
        .order_by(Subscription.id)
        .limit(limit)
    ).all()


def gather(session: Session, *, day: str, key: bytes, at: datetime) -> int:
    """Write the mails of a day for some addresses; return for how many.

    What is written is marked in the same transaction: whoever dies after it goes on with the
    others.
    """
    boxes = session.execute(
        sa.select(Engagement.municipality_id, Subscription.address)
        .join(Subscription, Subscription.engagement_id == Engagement.id)
        .join(Notice, Notice.subscription_id == Subscription.id)
        .where(Notice.told_at.is_(None), is_heard())
        .group_by(Engagement.municipality_id, Subscription.address)
        .order_by(Engagement.municipality_id, Subscription.address)
        .limit(_AT_ONCE)
    ).all()
    for municipality_id, address in boxes:
        _write(session, municipality_id, address, day, key, at)
    session.flush()
    return len(boxes)


def forget_waiting(session: Session, subscription: Subscription) -> None:
    """Drop what an address was still to hear of something that it follows no longer."""
    session.execute(
        sa.delete(Notice).where(Notice.subscription_id == subscription.id, Notice.told_at.is_(None))
    )


def _write(
    session: Session, municipality_id: int, address: str, day: str, key: bytes, at: datetime
) -> None:
    notices = session.scalars(
        sa.select(Notice)
        .join(Notice.subscription)
        .join(Subscription.engagement)
        .where(
            Notice.told_at.is_(None),
            is_heard(),
            Subscription.address == address,
            Engagement.municipality_id == municipality_id,
        )
        .options(joinedload(Notice.subscription))
        .order_by(Notice.id)
    ).all()
    first = notices[0]
    post(
        session,
        municipality_id=municipality_id,
        key=f"digest:{day}:{first.id}",
        address=address,
        template="engagements/digest",
        payload={
            "parts": [_part(one, key) for one in notices[:_MOST_PARTS]],
            "more": max(0, len(notices) - _MOST_PARTS),
            "mailbox_token": _mailbox_token(session, key, first.subscription),
        },
        at=at,
    )
    for notice in notices:
        # The key is enough to know that it was told.
        notice.told_at, notice.payload = at, {}


def _part(notice: Notice, key: bytes) -> dict[str, Any]:
    return {
        "template": notice.template,
        "payload": notice.payload
        | {"unsubscribe_token": subscription_token(key, notice.subscription_id)},
    }


def _mailbox_token(session: Session, key: bytes, subscription: Subscription) -> str:
    return mailbox_token(key, [one.id for one in mailbox_of(session, [subscription])])


def _key_of(key: bytes, subscription: Subscription, news: str) -> str:
    town = str(subscription.engagement.municipality_id)
    return f"{news}:{keyed_hash(key, 'told', town, news, subscription.address)[:24]}"


def _is_told(session: Session, told: str) -> bool:
    known: Sequence[sa.Select[int]] = (
        sa.select(Notice.id).where(Notice.key == told),
        sa.select(OutboxMessage.id).where(OutboxMessage.key == told),
    )
    return session.execute(sa.union_all(*known).limit(1)).first() is not None
