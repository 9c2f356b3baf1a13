"""What tests share does not show: an emptied database is as good as new, and so is a town."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.app import create_app
from participation.engagements.models import Engagement
from participation.foundation.orm import tune_engine
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults
from participation.maintenance.backup import tables
from tests.arranged import arranged
from tests.conftest import NOON, settings_for
from tests.factories import Make
from tests.servers.kept import Databases
from tests.site import Site


@pytest.fixture
def databases(postgres_databases: Databases) -> Iterator[Databases]:
    """A lender of its own, so that no test gets what is done to these."""
    databases = Databases(postgres_databases.server, postgres_databases.template)
    yield databases
    databases.drop_all()


def fill(url: str) -> None:
    engine = sa.create_engine(url)
    with Session(engine) as session:
        make = Make(session, at=NOON)
        make.loop(make.municipality())
        session.commit()
    engine.dispose()


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    conninfo = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.postgres
def test_the_next_test_finds_no_row_and_every_number_free(databases: Databases):
    url = databases.lend()
    fill(url)
    assert {"announcement", "finding", "journal_entry"} <= set(databases.lent[url].filled())
    databases.take_back(url)
    assert databases.lend() == url
    assert databases.lent[url].filled() == []
    fill(url)
    assert ask(url, "SELECT id FROM municipality") == [(1,)]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE town (name text)",
        "ALTER TABLE idea ADD COLUMN colour text",
        "ALTER TABLE change_reason DISABLE TRIGGER USER",
        "ALTER TABLE finding DROP CONSTRAINT pk_finding CASCADE",
        "UPDATE alembic_version SET version_num = 'another'",
    ],
)
def test_a_database_that_is_not_what_it_was_serves_no_other_test(
    databases: Databases, statement: str
):
    url = databases.lend()
    ask(url, statement)
    databases.take_back(url)
    assert databases.lend() != url


@pytest.mark.postgres
def test_a_database_in_which_something_goes_on_serves_no_other_test(databases: Databases):
    url = databases.lend()
    engine = databases.lent[url].engine()
    connection = engine.connect()
    connection.execute(sa.text("SELECT 1"))
    databases.take_back(url)
    assert databases.lend() != url
    connection.invalidate()


@pytest.mark.postgres
def test_what_a_test_says_about_its_connection_is_forgotten(databases: Databases):
    url = databases.lend()
    with databases.lent[url].engine().connect() as connection:
        connection.execute(sa.text("SET TIME ZONE 'Pacific/Apia'"))
        connection.commit()
    databases.take_back(url)
    assert databases.lend() == url
    with databases.lent[url].engine().connect() as connection:
        assert connection.scalar(sa.text("SHOW TIME ZONE")) != "Pacific/Apia"


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: [tuple(row) for row in session.execute(sa.select(table))] for table in tables()
    }


def test_a_town_that_is_stored_again_is_the_one_that_was_founded(sqlite_url: str):
    engine = sa.create_engine(sqlite_url)
    tune_engine(engine)
    with Session(engine) as session:
        make, contents = Make(session, at=NOON), []
        for found in (make.found, make.municipality, make.municipality):
            found("neustadt", "Neustadt", complete=False)
            session.flush()
            contents.append(rows(session))
            session.rollback()
    engine.dispose()
    founded, *stored = contents
    assert len(founded["journal_entry"]) == len(founded["municipality_text"]) + 1
    assert stored == [founded, founded]


def test_a_town_with_another_number_or_beside_another_one_is_founded(make: Make, session: Session):
    make.municipality()
    session.rollback()
    town, other = make.municipality(), make.municipality("neustadt", "Neustadt")
    session.flush()
    assert {entry.subject for entry in session.scalars(sa.select(JournalEntry))} == {
        f"municipality:{one.id}" for one in (town, other)
    }
    assert list(find_faults(session)) == []


def test_a_strategy_that_is_stored_again_is_the_one_that_was_adopted(sqlite_url: str):
    engine = sa.create_engine(sqlite_url)
    tune_engine(engine)
    contents = []
    with Session(engine) as session:
        for write in ("_adopted_strategy", "adopted_strategy", "adopted_strategy"):
            make = Make(session, at=NOON)
            town = make.municipality()
            number = {"number": "2026/001"} if write == "_adopted_strategy" else {}
            getattr(make, write)(town, **number)
            session.flush()
            contents.append(rows(session))
            assert list(find_faults(session)) == []
            session.rollback()
    engine.dispose()
    written, *stored = contents
    assert len(written["element_wording"]) == len(written["element"]) == 6
    assert stored == [written, written]


def test_a_strategy_beside_another_one_or_with_other_numbers_is_written(
    make: Make, session: Session
):
    make.adopted_strategy(make.municipality())
    session.rollback()
    # On PostgreSQL the numbers go on where they were.
    first = make.adopted_strategy(make.municipality())
    second = make.adopted_strategy(make.municipality("neustadt", "Neustadt"))
    assert [len(make.contents(make.in_force(one))) for one in (first, second)] == [6, 6]
    assert list(find_faults(session)) == []


def test_what_is_copied_is_what_was_written_and_only_where_nothing_else_is(
    sqlite_template: Path, tmp_path: Path
):
    def write(site: Site) -> Engagement:
        return site.make.idea_call(site.municipality)

    contents, found = [], []
    for name, takes_part in (("written", False), ("copied", False), ("beside", True)):
        shutil.copy(sqlite_template, tmp_path / f"{name}.sqlite")
        app = create_app(settings_for(f"sqlite:///{tmp_path / name}.sqlite", tmp_path))
        with Site.opened(app, at=NOON) as site:
            if takes_part:
                site.make.member(Role.STRATEGIST, municipality=site.municipality)
            found.append(arranged(site, "a call of a test", write).title)
            contents.append(rows(site.session))
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
    written, copied, beside = contents
    assert copied == written
    assert beside != written
    assert found[0] == found[1] != ""
    assert len(beside["account"]) == 1
