"""Plan an engagement, publish it, note who took part, and let people hear of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, DutyText, Municipality
from participation.accounts.queries import missing_duty_texts
from participation.engagements import policy, queries
from participation.engagements.guests import Guest
from participation.engagements.marks import subscription_token
from participation.engagements.models import (
    Engagement,
    Pace,
    ParticipationMark,
    Subscription,
)
from participation.engagements.noting import note_on
from participation.engagements.plans import LONGEST_TITLE, EngagementPlan
from participation.engagements.policy import Obstacle
from participation.engagements.readiness import Uses, check_readiness, uses_of
from participation.engagements.slugs import free_slug, slug_of
from participation.engagements.telling import forget_waiting
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict, Refused
from participation.foundation.upsert import insert_once
from participation.jobs.operations import enqueue
from participation.notifications.operations import post

CONFIRMATION_JOB = "write_confirmation"
FORGETTING_JOB = "forget_unconfirmed"
UNCONFIRMED_LIFETIME = timedelta(days=14)
# Somebody else's address must not be flooded by forms that anybody can send.
_CONFIRMATIONS_A_DAY = 5


class CannotTakePart(Refused):
    """Somebody cannot take part; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(f"taking part is not possible: {obstacle.value}")
        self.obstacle = obstacle


class DutyTextsMissing(Refused):
    """Nothing is published while a duty text is not complete; `missing` lists them."""

    def __init__(self, missing: list[DutyText]) -> None:
        super().__init__("not complete yet: " + ", ".join(text.value for text in missing))
        self.missing = missing


class NothingToTakePartIn(Refused):
    """An engagement is not published while its content is missing, for example its questions."""

    def __init__(self) -> None:
        super().__init__("this engagement has no content yet")


class ElementsInUse(Refused):
    """Elements stay while parts of the engagement name them; `uses` says which, by code."""

    def __init__(self, uses: Uses) -> None:
        named = "; ".join(f"{code}: {', '.join(parts)}" for code, parts in uses.items())
        super().__init__(f"still named: {named}", field="elements")
        self.uses = uses


def begin_engagement(
    session: Session,
    *,
    engagement: Engagement,
    municipality: Municipality,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
) -> None:
    """Store a new engagement of whatever kind as a draft."""
    _check(plan)
    beginning = slug_of(plan.title)
    engagement.slug = free_slug(
        plan.title, queries.taken_slugs(session, municipality.id, beginning)
    )
    engagement.municipality_id = municipality.id
    engagement.created_at = at
    _apply(engagement, plan)
    session.add(engagement)
    session.flush()
    note_in_journal(session, "engagement.begun", engagement, actor, at)


def change_engagement(
    session: Session,
    *,
    engagement: Engagement,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
) -> None:
    """Change what an engagement says.

    Raises Conflict for what is fixed once it has opened, and ElementsInUse for elements that
    shall go while questions are about them.
    """
    _check(plan)
    if policy.rules_are_frozen(engagement, at=at):
        fixed = ("opens_at", "closes_at", "audience", "moderation_mode", "results_mode")
        if any(getattr(engagement, name) != getattr(plan, name) for name in fixed):
            raise Conflict("the rules of an engagement that has opened stay as they are")
        if not set(engagement.elements) <= set(plan.elements):
            raise Conflict("an engagement that has opened keeps its elements")
    gone = {element.id for element in engagement.elements} - {one.id for one in plan.elements}
    if uses := uses_of(session, engagement, gone):
        raise ElementsInUse(uses)
    _apply(engagement, plan)
    session.flush()
    note_in_journal(session, "engagement.changed", engagement, actor, at)


def publish_engagement(
    session: Session, *, engagement: Engagement, actor: Account | None, at: datetime
) -> None:
    """Make an engagement public; it opens by itself when its time comes.

    Raises DutyTextsMissing while a text that the municipality owes its citizens is missing,
    and what the room of its kind refuses: NothingToTakePartIn for a survey without questions.
    """
    if engagement.published_at is not None:
        raise Conflict("this engagement is published")
    check_readiness(session, engagement)
    missing = missing_duty_texts(session, engagement.municipality_id)
    if missing:
        raise DutyTextsMissing(missing)
    engagement.published_at = at
    session.flush()
    note_in_journal(session, "engagement.published", engagement, actor, at)


def discard_draft(
    session: Session, *, engagement: Engagement, actor: Account | None, at: datetime
) -> None:
    """Delete an engagement that was never published and to which nothing came in.

    Raises Conflict for any other. Contributions and answers hold on to their engagement, so
    the database knows whether there are some.
    """
    if engagement.published_at is not None:
        raise Conflict("Was veröffentlicht ist, wird nicht mehr gelöscht.")
    note_in_journal(session, "engagement.discarded", engagement, actor, at)
    try:
        with session.begin_nested():
            session.delete(engagement)
    except sa.exc.IntegrityError:
        raise Conflict(
            "Hier sind schon Beiträge oder Antworten. Deshalb lässt sich der Entwurf nicht löschen."
        ) from None


def check_may_take_part(
    engagement: Engagement,
    *,
    at: datetime,
    account: Account | None,
    form_opened_at: datetime | None = None,
    guest: Guest | None = None,
) -> None:
    """Raise CannotTakePart if somebody may not take part."""
    obstacle = policy.obstacle(
        engagement, at=at, account=account, form_opened_at=form_opened_at, guest=guest
    )
    if obstacle is not None:
        raise CannotTakePart(obstacle)


def note_participation(session: Session, engagement: Engagement, *, mark: str) -> bool:
    """Note that somebody took part; return False if that was noted before.

    Whatever a person does in one engagement, pass the same mark (purpose "contribution", for
    a survey "response"), so that nobody is counted twice.
    """
    if not insert_once(session, ParticipationMark, engagement_id=engagement.id, mark=mark):
        return False
    session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id)
        .values(participants=Engagement.participants + 1)
    )
    return True


def note_imported_participants(
    session: Session, engagement: Engagement, *, marks: Collection[str]
) -> None:
    """Note people who took part elsewhere; their marks are new to the engagement."""
    if not marks:
        return
    # In the order of the marks, so that the rows say nothing about who came when.
    rows = [{"engagement_id": engagement.id, "mark": mark} for mark in sorted(marks)]
    session.execute(sa.insert(ParticipationMark.__table__), rows)  # type: ignore[arg-type]
    session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id)
        .values(participants=Engagement.participants + len(rows))
    )


def subscribe(
    session: Session, *, engagement: Engagement, address: str, at: datetime
) -> Subscription:
    """Let an address hear of an engagement once it is confirmed; a mail asks for that."""
    address = plain_address(address)
    stored = _find_whole(session, engagement.id, address)
    if stored is None:
        subscription = Subscription(
            engagement_id=engagement.id, address=address, about_all=True, created_at=at
        )
        try:
            with session.begin_nested():
                session.add(subscription)
        except sa.exc.IntegrityError:
            stored = _find_whole(session, engagement.id, address)
            if stored is None:
                raise
    subscription = stored or subscription
    if subscription.confirmed_at is None:
        ask_to_confirm(session, subscription=subscription, at=at)
    return subscription


def ask_to_confirm(session: Session, *, subscription: Subscription, at: datetime) -> None:
    """Have a mail written that asks whether the address is right; once a day at most."""
    lately = session.scalar(
        sa.select(sa.func.count())
        .select_from(Subscription)
        .where(
            Subscription.address == subscription.address,
            Subscription.confirmed_at.is_(None),
            Subscription.created_at > at - timedelta(days=1),
        )
    )
    if lately is not None and lately > _CONFIRMATIONS_A_DAY:
        return
    enqueue(
        session,
        kind=CONFIRMATION_JOB,
        key=f"{CONFIRMATION_JOB}:{subscription.id}:{local_date(at)}",
        due_at=at,
        payload={"subscription_id": subscription.id},
    )


def write_confirmation(session: Session, *, subscription_id: int, key: bytes, at: datetime) -> None:
    """Write the mail that asks for confirmation."""
    subscription = session.get(Subscription, subscription_id)
    if subscription is None or subscription.ended_at or subscription.confirmed_at:
        return
    post(
        session,
        municipality_id=subscription.engagement.municipality_id,
        key=f"{CONFIRMATION_JOB}:{subscription.id}:{local_date(at)}",
        address=subscription.address,
        template="engagements/confirm",
        payload={
            "token": subscription_token(key, subscription.id),
            "title": subscription.engagement.title,
            "about_all": subscription.about_all,
        },
        at=at,
    )


def confirm_subscription(
    session: Session, *, subscription: Subscription, at: datetime, pace: Pace = Pace.DAILY
) -> None:
    """Note that the address is right, and how often it wants mail. Again it changes nothing."""
    if subscription.ended_at is not None:
        raise Conflict("this subscription has ended")
    if subscription.confirmed_at is None:
        subscription.confirmed_at = at
        subscription.pace = pace
        session.flush()


def change_pace(session: Session, *, subscriptions: Iterable[Subscription], pace: Pace) -> None:
    """Write to an address at once or once a day, whatever it follows."""
    for subscription in subscriptions:
        subscription.pace = pace
    session.flush()


def end_subscription(session: Session, *, subscription: Subscription, at: datetime) -> None:
    """Stop all mail to an address and erase it. Doing so again changes nothing."""
    if subscription.ended_at is None:
        subscription.ended_at = at
        subscription.address = ""
        forget_waiting(session, subscription)
        session.flush()


def end_unreachable(session: Session, *, address: str, at: datetime) -> int:
    """End everything that an address hears of, in all towns; return how much that was.

    For an address that takes no mail: writing to it again would only harm the sender's name.
    """
    wanted = plain_address(address)
    found = session.scalars(sa.select(Subscription).where(Subscription.address == wanted)).all()
    for subscription in found if wanted else ():
        end_subscription(session, subscription=subscription, at=at)
    return len(found) if wanted else 0


def forget_unconfirmed(session: Session, *, at: datetime) -> int:
    """Delete the addresses that nobody confirmed in time; return how many."""
    result = session.execute(
        sa.delete(Subscription).where(
            Subscription.confirmed_at.is_(None),
            Subscription.ended_at.is_(None),
            Subscription.created_at < at - UNCONFIRMED_LIFETIME,
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def plain_address(address: str) -> str:
    """Return an address as it is stored and compared."""
    return address.strip().lower()


def _find_whole(session: Session, engagement_id: int, address: str) -> Subscription | None:
    return session.scalars(
        sa.select(Subscription).where(
            Subscription.engagement_id == engagement_id,
            Subscription.address == address,
            Subscription.about_all,
            Subscription.ended_at.is_(None),
        )
    ).first()


def _check(plan: EngagementPlan) -> None:
    if not plan.title.strip():
        raise Refused("an engagement needs a title", field="title")
    if len(plan.title) > LONGEST_TITLE:
        raise Refused(f"a title has at most {LONGEST_TITLE} characters", field="title")
    if plan.closes_at <= plan.opens_at:
        raise Refused("the end must be later than the beginning", field="closes_on")


def _apply(engagement: Engagement, plan: EngagementPlan) -> None:
    engagement.title = plan.title.strip()
    engagement.summary = plan.summary.strip()
    engagement.scope_open = plan.scope_open.strip()
    engagement.scope_closed = plan.scope_closed.strip()
    engagement.opens_at = plan.opens_at
    engagement.closes_at = plan.closes_at
    engagement.audience = plan.audience
    engagement.moderation_mode = plan.moderation_mode
    engagement.results_mode = plan.results_mode
    engagement.remind_days = plan.remind_days
    engagement.elements = list(plan.elements)


def note_in_journal(
    session: Session, action: str, engagement: Engagement, actor: Account | None, at: datetime
) -> None:
    """Record what was done with an engagement, and its dates."""
    note_on(
        session,
        action,
        engagement,
        actor=actor,
        at=at,
        kind=engagement.kind.value,
        opens_at=engagement.opens_at.isoformat(),
        closes_at=engagement.closes_at.isoformat(),
    )
