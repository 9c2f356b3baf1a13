"""The state of the database's tables, against the migrations and the models."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection, Engine

from participation.config import shipped_folder
from participation.foundation.errors import Conflict
from participation.foundation.orm import metadata


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision, all steps in one transaction."""
    with engine.connect() as connection:
        command.upgrade(configuration(connection), revision)
        connection.commit()


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the tables back to a revision."""
    with engine.connect() as connection:
        command.downgrade(configuration(connection), revision)
        connection.commit()


def knows(revision: str) -> bool:
    """Tell whether this program has the migration that leads to a revision."""
    scripts = ScriptDirectory.from_config(configuration())
    return revision in {script.revision for script in scripts.walk_revisions()}


class OtherTables(Conflict):
    """The tables carry the number of this program's latest migration and are not what it makes."""


def require_current(engine: Engine) -> None:
    """Raise Conflict if the tables are not those of this program.

    The columns are compared by name. That costs a few hundredths of a second at every start and
    finds data from before a migration was rewritten; `differences` finds more and takes seconds.
    """
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present != ScriptDirectory.from_config(configuration()).get_current_head():
        raise Conflict("the database is not up to date; run `participation migrate` first")
    if strange := _tables_with_other_columns(engine):
        raise OtherTables(
            f"the database was made by another version of this program (tables: {_some(strange)})"
        )


def _tables_with_other_columns(engine: Engine) -> list[str]:
    present = {
        name: {column["name"] for column in columns}
        for (_schema, name), columns in inspect(engine).get_multi_columns().items()
    }
    return [
        table.name
        for table in metadata.sorted_tables
        if {column.name for column in table.columns} != present.get(table.name)
    ]


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def differences(engine: Engine) -> list[str]:
    """Return what the models have and the migrated tables have not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [repr(difference) for difference in compare_metadata(context, metadata)]
