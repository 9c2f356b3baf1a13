"""A revision that is given up, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.foundation.errors import Conflict, Forbidden
from participation.journal.models import JournalEntry
from participation.revisions import operations, queries
from participation.revisions.models import AnswerState, RevisionStatus
from participation.strategy.queries import adopted_version
from tests.conftest import NOON
from tests.presence import there


@pytest.fixture
def town(make):
    return make.municipality()


def abandon(session, loop, actor=None):
    operations.abandon_revision(
        session, revision=loop.revision, reason="Es fehlt das Geld.", actor=actor, at=NOON
    )


def test_the_version_in_force_stays_and_another_revision_may_open(make, session, town):
    loop = make.loop(town, adopted=False)
    abandon(session, loop, loop.lead)
    assert loop.revision.status is RevisionStatus.ABANDONED
    assert loop.revision.closed_at == NOON
    assert there(adopted_version(session, loop.strategy.id)).number == 1
    assert queries.open_revision_of(session, loop.strategy.id) is None
    again = make.revision(loop.strategy)
    assert again.changes == []
    entry = session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "revision.abandoned")
    ).one()
    assert entry.facts == {"changes": 1, "answers": 0}


def test_a_published_answer_stays_and_one_that_waited_is_a_draft_again(make, session, town):
    loop = make.loop(town, adopted=False, with_adoption=True)
    published = make.finding(loop.strategy, elements=(loop.measure,), contributions=(loop.idea,))
    answer = make.signed(make.answer(published), (loop.lead, loop.second))
    waited, _ = loop.answer.state, abandon(session, loop)
    assert (waited, loop.answer.state) == (AnswerState.SIGNED, AnswerState.DRAFT)
    assert loop.answer.with_adoption
    assert answer.state is AnswerState.PUBLISHED
    open_codes = [one.code for one, _answer in queries.open_findings(session, loop.strategy.id)]
    assert open_codes == [loop.finding.code]


def test_nothing_of_an_abandoned_revision_counts_as_made(make, session, town):
    loop = make.loop(town, adopted=False)
    abandon(session, loop)
    assert not queries.fate_of(session, loop.idea).made_changes


def test_only_an_open_revision_is_abandoned_and_only_by_the_lead(make, session, town):
    loop = make.loop(town, adopted=False)
    analyst = make.member(Role.ANALYST, municipality=town)
    with pytest.raises(Forbidden):
        abandon(session, loop, analyst)
    make.adopt(loop.revision)
    with pytest.raises(Conflict):
        abandon(session, loop)
