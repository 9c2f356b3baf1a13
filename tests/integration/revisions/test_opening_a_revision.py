"""One revision is open at a time, and some people only may change it."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.foundation.errors import Conflict, Forbidden
from participation.revisions import operations
from participation.revisions.models import Revision
from participation.strategy.models import Strategy
from tests.conftest import NOON


def test_a_strategy_without_an_adopted_version_has_nothing_to_revise(make, town):
    draft = make.strategy(town)
    with pytest.raises(Conflict):
        make.revision(draft)


def test_one_revision_is_open_at_a_time(make, session, strategy, revision):
    with pytest.raises(Conflict):
        make.revision(strategy)


def test_the_table_refuses_a_second_open_revision(session, strategy, revision):
    session.add(
        Revision(strategy_id=strategy.id, base_version_id=revision.base_version_id, opened_at=NOON)
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_of_revisions_opened_at_the_same_time_one_is_opened(make, engine, session, strategy):
    strategy_id = strategy.id
    session.commit()
    session.close()
    start, outcomes = threading.Barrier(5), []

    def open_one() -> None:
        with Session(engine) as own:
            start.wait()
            try:
                operations.open_revision(
                    own, strategy=own.get_one(Strategy, strategy_id), actor=None, at=NOON
                )
                own.commit()
                outcomes.append("opened")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=open_one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["opened"] + ["refused"] * 4


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.ADMINISTRATOR])
def test_only_a_strategist_opens_puts_out_and_adopts(make, session, town, strategy, role):
    actor = make.member(role, municipality=town)
    with pytest.raises(Forbidden):
        operations.open_revision(session, strategy=strategy, actor=actor, at=NOON)
    revision = make.revision(strategy)
    make.amended(revision, "M-01", title="Neuer Titel", because=[make.stated()])
    with pytest.raises(Forbidden):
        operations.put_out_for_consultation(session, revision=revision, actor=actor, at=NOON)
    with pytest.raises(Forbidden):
        operations.adopt(
            session, revision=revision, resolution=make.resolution(), actor=actor, at=NOON
        )


def test_an_analyst_may_propose_a_change_and_a_moderator_may_not(make, session, town, revision):
    analyst = make.member(Role.ANALYST, municipality=town)
    change = make.amended(revision, "M-01", title="Neuer Titel", actor=analyst)
    assert change.proposed_by_id == analyst.id
    with pytest.raises(Forbidden):
        make.amended(
            revision, "M-01", title="x", actor=make.member(Role.MODERATOR, municipality=town)
        )
