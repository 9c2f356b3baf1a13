"""Release the results of an engagement: count, freeze, journal, and have people told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.analysis.disclosure import PUBLIC_THRESHOLD, ROUNDING, rounded
from participation.comments.models import CommentRound
from participation.contributions.models import Contribution, ContributionStatus
from participation.contributions.queries import by_people, let_stand
from participation.engagements.models import (
    GRACE,
    Engagement,
    EngagementState,
    ResultsMode,
)
from participation.engagements.noting import note_on
from participation.engagements.participant_groups import groups_of
from participation.foundation.errors import Conflict, Forbidden
from participation.ideas.models import IdeaCall
from participation.insights import policy
from participation.insights.aggregation_comments import count_comments
from participation.insights.aggregation_ideas import count_ideas
from participation.insights.aggregation_surveys import count_survey
from participation.insights.counting import Counted
from participation.insights.feeding import measure_by_survey
from participation.insights.models import Aggregate, AggregateElement
from participation.insights.queries import released, roles_of_actor
from participation.insights.results import as_json
from participation.jobs.operations import enqueue
from participation.surveys.models import Survey
from participation.surveys.operations import forget_groups
from participation.surveys.queries import response_count

ANNOUNCEMENT_JOB = "announce_results"

# An interim release must hide the newest people among at least as many others.
INTERIM_GROWTH = 10
_PEOPLE = "people"


def aggregate(
    session: Session,
    *,
    engagement: Engagement,
    actor: Account | None,
    at: datetime,
    final: bool,
) -> list[Aggregate]:
    """Freeze a release of an engagement's results and return it.

    The final one is made once, after closing. Interim ones only where the engagement chose
    them, while it is open, and when at least ten more took part since the last. Raises Conflict
    for everything else, and Forbidden if the actor may not release.
    """
    if not policy.may_release(roles_of_actor(session, actor, engagement.municipality_id)):
        raise Forbidden("Ergebnisse gibt nur das Strategie-Team frei.")
    # Two releases at once would both think that they are the next.
    session.execute(
        sa.select(Engagement.id).where(Engagement.id == engagement.id).with_for_update()
    )
    before = released(session, engagement)
    people = _people(session, engagement)
    _check(engagement, before, people, at=at, final=final)
    counted = _count(session, engagement, before, final=final)
    if not counted:
        raise Conflict("Hier gibt es nichts auszuzählen: Alle Fragen sind frei zu beantworten.")
    release = before[0].release + 1 if before else 1
    rows = [
        _frozen(one, position, engagement, release, people, actor=actor, at=at, final=final)
        for position, one in enumerate(counted, start=1)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        AggregateElement(aggregate_id=row.id, element_id=element_id)
        for row, one in zip(rows, counted, strict=True)
        for element_id in one.elements
    )
    session.flush()
    if final:
        engagement.evaluated_at = at
        if isinstance(engagement, Survey) and groups_of(session, engagement.id):
            forget_groups(session, engagement.id)
        measure_by_survey(session, engagement=engagement, aggregates=rows, at=at)
    _note(session, engagement, rows, actor=actor, at=at, final=final)
    return rows


def is_final(aggregates: Sequence[Aggregate]) -> bool:
    """Tell whether a release is the last one of its engagement."""
    return bool(aggregates) and aggregates[0].final


def has_pending(session: Session, engagement_id: int) -> bool:
    """Tell whether moderation still has to decide about contributions to an engagement."""
    waiting = sa.exists().where(
        Contribution.engagement_id == engagement_id,
        Contribution.status == ContributionStatus.PENDING,
    )
    return bool(session.scalar(sa.select(waiting)))


def _check(
    engagement: Engagement,
    before: Sequence[Aggregate],
    people: int,
    *,
    at: datetime,
    final: bool,
) -> None:
    if is_final(before):
        raise Conflict("Das Endergebnis ist schon freigegeben. Es ändert sich nicht mehr.")
    if final:
        if at < engagement.closes_at:
            raise Conflict("Das Endergebnis gibt es erst, wenn die Beteiligung beendet ist.")
        if _may_still_come_in(engagement, at):
            raise Conflict(
                "Wer das Formular vor dem Ende geöffnet hat, darf es noch absenden. Das"
                " Endergebnis gibt es eine Viertelstunde nach dem Ende."
            )
        if takes_slips(engagement, at=at):
            raise Conflict(
                "Es werden noch Papierbögen eingegeben. Das Endergebnis gibt es, wenn die Frist"
                " dafür vorbei ist. Sie können die Frist auf der Seite „Papierbögen“ beenden."
            )
        return
    if engagement.results_mode is not ResultsMode.INTERIM:
        raise Conflict("Für diese Beteiligung sind keine Zwischenstände vorgesehen.")
    if engagement.state_at(at) is not EngagementState.OPEN:
        raise Conflict("Zwischenstände gibt es nur, solange die Beteiligung läuft.")
    # The number of the last release was rounded; it stood for at most two people more.
    last = before[0].parameters[_PEOPLE] + ROUNDING // 2 if before else 0
    if people - last < INTERIM_GROWTH:
        raise Conflict("Seit dem letzten Zwischenstand haben zu wenige weitere teilgenommen.")


def takes_slips(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether slips on paper are still being entered after the end of a survey."""
    until = engagement.slips_until if isinstance(engagement, Survey) else None
    return until is not None and engagement.closes_at <= at < until


def _may_still_come_in(engagement: Engagement, at: datetime) -> bool:
    """Tell whether forms opened in time can still be sent; not to what was only imported."""
    was_open = (
        engagement.published_at is not None and engagement.published_at < engagement.closes_at
    )
    return was_open and at < engagement.closes_at + GRACE


def _people(session: Session, engagement: Engagement) -> int:
    """Return the exact number that a release must have grown by; it is not for showing."""
    if isinstance(engagement, Survey):
        return response_count(session, engagement.id)
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Contribution)
            .where(Contribution.engagement_id == engagement.id, let_stand(), by_people())
        )
        or 0
    )


def _count(
    session: Session, engagement: Engagement, before: Sequence[Aggregate], *, final: bool
) -> list[Counted]:
    # What shows before the end are totals without breakdown.
    groups = groups_of(session, engagement.id) if final else ()
    if isinstance(engagement, Survey):
        return count_survey(session, engagement, final=final, before=before, groups=groups)
    if isinstance(engagement, IdeaCall):
        return count_ideas(session, engagement, groups=groups)
    if isinstance(engagement, CommentRound):
        return count_comments(session, engagement, final=final, before=before, groups=groups)
    raise NotImplementedError(f"nobody counts a {engagement.kind.value}")


def _frozen(
    one: Counted,
    position: int,
    engagement: Engagement,
    release: int,
    people: int,
    *,
    actor: Account | None,
    at: datetime,
    final: bool,
) -> Aggregate:
    shown_people = rounded(people) if people >= PUBLIC_THRESHOLD else 0
    return Aggregate(
        engagement_id=engagement.id,
        release=release,
        final=final,
        kind=one.kind,
        subject=one.subject,
        position=position,
        title=one.title,
        method=one.method,
        parameters=dict(one.parameters) | {_PEOPLE: shown_people},
        seed=0,
        n=one.n,
        result=as_json(one.result),
        released_at=at,
        released_by_id=actor.id if actor else None,
    )


def _note(
    session: Session,
    engagement: Engagement,
    rows: Sequence[Aggregate],
    *,
    actor: Account | None,
    at: datetime,
    final: bool,
) -> None:
    note_on(
        session,
        "results.released",
        engagement,
        actor=actor,
        at=at,
        release=rows[0].release,
        final=final,
        results=len(rows),
    )
    if final:
        enqueue(
            session,
            kind=ANNOUNCEMENT_JOB,
            key=f"{ANNOUNCEMENT_JOB}:{engagement.id}",
            due_at=at,
            payload={"engagement_id": engagement.id},
        )
