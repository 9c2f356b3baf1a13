"""The demo town loads whole, once, on both databases."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.contributions.models import Contribution
from participation.insights.models import Aggregate, Finding
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults
from participation.maintenance.demo.loading import load_demo
from participation.maintenance.journal_words import ACTIONS, FACTS, LEFT_OUT
from participation.revisions.models import (
    Announcement,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.policy import Obstacle
from participation.revisions.queries import blockers
from participation.strategy.models import StrategyVersion, VersionStatus
from tests.conftest import NOON
from tests.factories import PASSWORDS


def _load(session: Session) -> bool:
    return load_demo(session, passwords=PASSWORDS, key=b"a key", now=NOON)


def test_the_demo_town_has_been_through_the_whole_loop(session: Session) -> None:
    assert _load(session)
    session.commit()
    versions = session.scalars(sa.select(StrategyVersion.status).order_by(StrategyVersion.number))
    assert list(versions) == [
        VersionStatus.SUPERSEDED,
        VersionStatus.SUPERSEDED,
        VersionStatus.ADOPTED,
    ]
    for rows in (Aggregate, Finding, OfficialAnswer, Announcement, Contribution):
        assert session.scalar(sa.select(sa.func.count()).select_from(rows)), rows.__name__
    answers = session.scalars(sa.select(OfficialAnswer).order_by(OfficialAnswer.id)).all()
    assert [answer.published_at is None for answer in answers] == [False] * 4 + [True]
    revision = session.scalars(
        sa.select(Revision).where(Revision.status == RevisionStatus.OPEN)
    ).one()
    assert {blocker.obstacle for blocker in blockers(session, revision)} == {
        Obstacle.UNANSWERED,
        Obstacle.UNSIGNED,
        Obstacle.NO_REASON,
    }
    assert list(find_faults(session)) == []


def test_every_entry_of_the_demos_journal_reads_in_words(session: Session) -> None:
    assert _load(session)
    for entry in session.scalars(sa.select(JournalEntry)):
        assert entry.action in ACTIONS
        assert set(entry.facts) <= set(FACTS) | LEFT_OUT, entry.action


def test_a_second_start_leaves_everything_as_it_is(session: Session) -> None:
    assert _load(session)
    session.commit()
    assert not _load(session)
    assert session.scalar(sa.select(sa.func.count()).select_from(Municipality)) == 1
