"""Take a contribution in, let its author follow it, and let them take it back."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.changes import lock, settle
from participation.contributions.models import (
    Contribution,
    ContributionKind,
    ContributionStatus,
    Follow,
    Receipt,
)
from participation.contributions.queries import find_by_hash
from participation.contributions.receipts import contribution_hash, receipt_code
from participation.engagements.models import Subscription
from participation.engagements.operations import (
    ask_to_confirm,
    end_subscription,
    plain_address,
)
from participation.foundation.errors import Conflict, Refused

Kind = TypeVar("Kind", bound=Contribution)


def find_received(
    session: Session, *, kind: type[Kind], engagement_id: int, key: bytes, submission: str
) -> tuple[Kind, str] | None:
    """Return what a submission left when it was sent before, with its code.

    Raises Refused if the same key was used for something else.
    """
    code = receipt_code(key, submission)
    stored = find_by_hash(session, contribution_hash(key, code))
    if stored is None:
        return None
    if not isinstance(stored, kind) or stored.engagement_id != engagement_id:
        raise Refused("this form was sent before, for something else", field="submission")
    return stored, code


def receive(
    session: Session, contribution: Kind, *, key: bytes, submission: str, at: datetime
) -> tuple[Kind, str]:
    """Store a contribution with its receipt and return it with the receipt's code.

    Whoever calls this has looked whether the submission was received before. One that came in
    since then, however close behind, is returned instead.
    """
    code = receipt_code(key, submission)
    contribution.received_at = at
    try:
        with session.begin_nested():
            session.add(contribution)
            session.flush()
            session.add(
                Receipt(code_hash=contribution_hash(key, code), contribution_id=contribution.id)
            )
    except sa.exc.IntegrityError:
        stored = find_received(
            session,
            kind=type(contribution),
            engagement_id=contribution.engagement_id,
            key=key,
            submission=submission,
        )
        if stored is None:
            raise
        return stored
    return contribution, code


def follow(
    session: Session, *, contribution: Contribution, address: str, at: datetime
) -> Subscription:
    """Let an address hear what becomes of a contribution, once it is confirmed."""
    if contribution.kind is ContributionKind.SURVEY_REMARK:
        raise Refused("no address stands beside what belongs to a response")
    subscription = _find_follow(session, contribution, plain_address(address))
    if subscription is not None and subscription.confirmed_at is not None:
        return subscription
    if subscription is None:
        subscription = Subscription(
            engagement_id=contribution.engagement_id,
            address=plain_address(address),
            about_all=False,
            created_at=at,
        )
        session.add(subscription)
        session.flush()
        session.add(Follow(subscription_id=subscription.id, contribution_id=contribution.id))
        session.flush()
    ask_to_confirm(session, subscription=subscription, at=at)
    return subscription


def _find_follow(session: Session, contribution: Contribution, address: str) -> Subscription | None:
    return session.scalars(
        sa.select(Subscription)
        .join(Follow, Follow.subscription_id == Subscription.id)
        .where(
            Follow.contribution_id == contribution.id,
            Subscription.address == address,
            Subscription.ended_at.is_(None),
        )
        .limit(1)
    ).first()


def withdraw(session: Session, *, contribution: Contribution, at: datetime) -> None:
    """Take a contribution back for good: its text is erased, and so is who followed it.

    Nothing of it is journalled: the remarks of one response are withdrawn together, and equal
    times would tell which belong together.
    """
    lock(session, contribution)
    if contribution.status is ContributionStatus.WITHDRAWN:
        raise Conflict("this contribution was withdrawn before")
    contribution.withdraw()
    followers = session.scalars(
        sa.select(Subscription)
        .join(Follow, Follow.subscription_id == Subscription.id)
        .where(Follow.contribution_id == contribution.id)
    ).all()
    for subscription in followers:
        end_subscription(session, subscription=subscription, at=at)
    settle(session, contribution)
