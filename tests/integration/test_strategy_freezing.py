"""What the database itself refuses to do to a version that is no draft any more."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.strategy import freezing, operations, queries
from participation.strategy.content import Financing
from participation.strategy.models import (
    ElementKind,
    FundingSource,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from tests.factories import Make

PARTS = {
    "success_criterion": "UPDATE success_criterion SET target = 'anders'",
    "financing_line": "UPDATE financing_line SET amount = 1",
    "measure_goal": "UPDATE measure_goal SET goal_id = (SELECT min(id) FROM element)",
    "element_wording": "UPDATE element_wording SET title = 'anders'",
}


@pytest.fixture
def strategy(make: Make) -> Strategy:
    """A strategy whose draft has a row in every table that is kept."""
    strategy = make.strategy(make.municipality())
    make.measure(
        strategy, financing=(Financing(2026, FundingSource.OWN, 100),), **goal_of(make, strategy)
    )
    return strategy


def goal_of(make: Make, strategy: Strategy) -> dict[str, tuple[str, ...]]:
    return {"goals": (make.goal(strategy).code,)}


def refused(session: Session, statement: str) -> bool:
    """Tell whether the database refuses the statement because the version is kept."""
    session.commit()
    try:
        session.execute(sa.text(statement))
    except sa.exc.IntegrityError as error:
        return freezing.MESSAGE in str(error)
    finally:
        session.rollback()
    return False


def frozen(session: Session, make: Make, strategy: Strategy, status: VersionStatus) -> None:
    """Bring the strategy's wording into a status."""
    if status is VersionStatus.IN_CONSULTATION:
        draft = make.draft_of(strategy)
        said = make.contents(draft)
        operations.freeze_for_consultation(
            session, strategy=strategy, contents=said, actor=None, at=make.at
        )
        session.delete(draft)
        session.flush()
        return
    make.adopted(strategy)
    if status is VersionStatus.SUPERSEDED:
        make.next_version(strategy)


KEPT = [VersionStatus.IN_CONSULTATION, VersionStatus.ADOPTED, VersionStatus.SUPERSEDED]


@pytest.mark.parametrize("status", KEPT)
@pytest.mark.parametrize("table", PARTS)
def test_what_a_kept_version_says_can_be_neither_changed_nor_deleted(
    session, make, strategy, status, table
):
    assert not refused(session, PARTS[table])
    assert not refused(session, f"DELETE FROM {table}")
    frozen(session, make, strategy, status)
    assert refused(session, PARTS[table])
    assert refused(session, f"DELETE FROM {table}")


@pytest.mark.parametrize("status", KEPT)
@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO success_criterion (wording_id, position, what, target, due_on)"
            " SELECT min(id), 9, 'Zeit', '15', '2028-01-01' FROM element_wording"
        ),
        (
            "INSERT INTO financing_line (wording_id, position, year, source, amount)"
            " SELECT min(id), 9, 2026, 'own', 5 FROM element_wording"
        ),
        (
            "INSERT INTO measure_goal (wording_id, goal_id)"
            " SELECT min(id), (SELECT min(id) FROM element) FROM element_wording"
        ),
    ],
)
def test_nothing_is_added_to_the_wording_of_a_kept_version(
    session, make, strategy, status, statement
):
    assert not refused(session, statement)
    frozen(session, make, strategy, status)
    assert refused(session, statement)


def test_no_wording_is_added_to_a_kept_version(session, make, strategy):
    make.adopted(strategy)
    element = operations.mint_element(
        session, strategy=strategy, kind=ElementKind.MEASURE, at=make.at
    )
    assert refused(
        session,
        "INSERT INTO element_wording (version_id, element_id, row_version, position, title, text,"
        " expected_effect, lead, participants, data_protection, external_home)"
        f" SELECT min(id), {element.id}, 1, 0, 'Neu', '', '', '', '', '', ''"
        " FROM strategy_version",
    )


def test_a_wording_cannot_be_moved_into_a_kept_version(session, make, strategy):
    make.adopted(strategy)
    other = make.strategy(make.municipality("seefeld", "Seefeld"))
    target = make.in_force(strategy)
    source = make.draft_of(other)
    assert refused(
        session,
        f"UPDATE element_wording SET version_id = {target.id} WHERE version_id = {source.id}",
    )


@pytest.mark.parametrize("status", KEPT)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM strategy_version",
        "UPDATE strategy_version SET resolution_number = '1' WHERE status <> 'draft'",
        "UPDATE strategy_version SET number = number + 7 WHERE status <> 'draft'",
        (
            "UPDATE strategy_version SET status = 'draft', adopted_at = NULL, consultation = 0"
            " WHERE status <> 'draft'"
        ),
    ],
)
def test_a_kept_version_itself_never_changes(session, make, strategy, status, statement):
    frozen(session, make, strategy, status)
    assert refused(session, statement)


def test_an_adopted_version_can_only_be_superseded(session, make, strategy):
    make.adopted(strategy)
    assert not refused(session, "UPDATE strategy_version SET status = 'superseded'")
    assert refused(
        session, "UPDATE strategy_version SET status = 'superseded', resolution_body = 'Amt'"
    )


def test_a_draft_cannot_be_superseded(session, make, strategy):
    day = make.at.date().isoformat()
    assert refused(
        session,
        f"UPDATE strategy_version SET status = 'superseded', adopted_at = '{day} 10:00',"
        f" resolution_body = 'Rat', resolution_number = '1', resolution_on = '{day}'",
    )


def test_a_draft_can_be_deleted_with_everything_that_it_says(session, strategy):
    session.delete(queries.draft_version(session, strategy.id))
    session.flush()
    assert session.scalar(sa.text("SELECT count(*) FROM element_wording")) == 0
    assert session.scalar(sa.text("SELECT count(*) FROM success_criterion")) == 0


def test_no_adopted_version_without_a_resolution_is_stored(session, make, strategy):
    version = make.draft_of(strategy)
    version.status, version.adopted_at = VersionStatus.ADOPTED, make.at
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_strategy_has_one_version_in_force(session, make, strategy):
    adopted = make.adopted(strategy)
    session.add(
        StrategyVersion(
            strategy_id=strategy.id,
            number=2,
            status=VersionStatus.ADOPTED,
            created_at=make.at,
            adopted_at=make.at,
            resolution_body="Rat",
            resolution_on=adopted.resolution_on,
            resolution_number="2",
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("status", "consultation"),
    [(VersionStatus.IN_CONSULTATION, 0), (VersionStatus.ADOPTED, 1)],
)
def test_only_a_version_in_consultation_has_a_consultation_number(
    session, make, strategy, status, consultation
):
    version = make.draft_of(strategy)
    version.status, version.consultation = status, consultation
    if status is VersionStatus.ADOPTED:
        version.adopted_at, version.resolution_on = make.at, make.at.date()
        version.resolution_body = version.resolution_number = "x"
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_wording_waits_for_an_adoption_that_is_under_way(
    engine: Engine, session: Session, make: Make, strategy: Strategy
):
    if engine.dialect.name == "sqlite":
        return  # One writer at a time: the second cannot begin before the first has committed.
    session.commit()
    make.adopted(strategy)
    outcome: list[str] = []

    def write() -> None:
        try:
            with engine.begin() as connection:
                connection.execute(sa.text(PARTS["element_wording"]))
            outcome.append("written")
        except sa.exc.IntegrityError as error:
            outcome.append(str(error))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(timeout=0.5)
    assert writer.is_alive()
    session.commit()
    writer.join(timeout=10)
    assert freezing.MESSAGE in outcome[0]


def test_the_same_statements_are_known_for_both_databases():
    assert set(freezing.CREATE) == set(freezing.DROP) == {"sqlite", "postgresql"}
    for statements in freezing.CREATE.values():
        for table in freezing.GUARDED_TABLES:
            assert any(f" ON {table} " in statement for statement in statements)


def test_the_municipality_of_a_strategy_is_told_apart(session, make, strategy):
    other: Municipality = make.municipality("seefeld", "Seefeld")
    assert queries.find_strategy(session, other.id) is None
