"""Commands of the operator: import, backup, restore."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from participation.accounts.models import Municipality
from participation.accounts.queries import get_municipality
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.ideas.models import IdeaCall
from participation.ideas.operations import open_call
from participation.maintenance import backup as backups
from participation.maintenance.demo.command import demo
from participation.maintenance.import_ideas import IdeaColumns, import_ideas
from participation.maintenance.tables import Table
from participation.maintenance.targets import (
    closed_plan,
    elements_named,
    find_target,
    publish_if_allowed,
)
from participation.web.extensions import db
from participation.web.secrets import secret_key

Command = Callable[..., Any]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Take in what was collected elsewhere.

    Each import creates a closed engagement (--municipality, --title, --about) or fills the
    one that --engagement names. A broken file stores nothing; the line with the fault is
    named. The last line printed is JSON.
    """


def _target_options(command: Command) -> Command:
    options = (
        click.option("--municipality", metavar="SLUG", help="For which municipality."),
        click.option("--title", help="Title of the new engagement."),
        click.option("--about", metavar="CODES", default="", help="For example HF-7,M-07."),
        click.option("--engagement", metavar="SLUG", help="Fill this engagement instead."),
        click.option(
            "--status",
            type=click.Choice(["published", "pending"]),
            default="published",
            show_default=True,
            help="Pending contributions wait in the moderation queue.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@import_group.command("ideas")
@click.argument("file", type=_FILE)
@click.option("--body-column", required=True, help="The column with the text.")
@click.option("--title-column", help="The column with the title, if there is one.")
@click.option("--url-column", help="The column with the address, if there is one.")
@_target_options
@with_appcontext
def ideas(
    file: Path,
    body_column: str,
    title_column: str | None,
    url_column: str | None,
    **target: str | None,
) -> None:
    """Import ideas from a CSV file."""
    session, at = db.session(), clock.now()
    columns = IdeaColumns(body=body_column, title=title_column, url=url_column)
    rows = Table(file, required=columns.names()).count_rows()
    municipality, elements = _where(target)
    if target["engagement"]:
        call = find_target(session, IdeaCall, target["engagement"], target["municipality"])
    else:
        plan = closed_plan(_title(target), elements, at=at)
        call = open_call(session, municipality=municipality, plan=plan, actor=None, at=at)
    with _progress("Ideas", rows) as advance:
        imported = import_ideas(
            session,
            call=call,
            file=file,
            columns=columns,
            status=ContributionStatus(target["status"]),
            elements=elements or call.elements,
            at=at,
            progress=advance,
        )
    _finish(call, new=not target["engagement"])
    _print(engagement=call.slug, ideas=imported.ideas, skipped=imported.skipped)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database into one archive.

    The secret key is not in it; keep the file secret.key apart, in a safe place.
    """
    manifest = backups.write_backup(db.engine, file, key=secret_key(), at=clock.now())
    rows = sum(table.rows for table in manifest.tables)
    click.echo(f"Wrote {rows} rows of {len(manifest.tables)} tables to {file}.")


@click.command()
@click.argument("file", type=_FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database from a backup, of either kind of database."""
    manifest = backups.restore_backup(db.engine, file)
    current_app.extensions["tenancy"].forget()
    rows = sum(table.rows for table in manifest.tables)
    click.echo(f"Restored {rows} rows of {len(manifest.tables)} tables from {file}.")
    if manifest.key_fingerprint != backups.fingerprint(secret_key()):
        click.echo(
            "This backup was made with another secret key: receipts and mailed links from "
            "before will not work until secret.key is put back.",
            err=True,
        )


COMMANDS: list[click.Command] = [import_group, backup, restore, demo]


def _where(target: dict[str, str | None]) -> tuple[Municipality, tuple[Any, ...]]:
    session = db.session()
    if not target["municipality"]:
        if not target["engagement"]:
            raise Refused("name the --municipality, or the --engagement to fill")
        found = find_target(session, IdeaCall, target["engagement"], None)
        municipality = found.municipality
    else:
        municipality = get_municipality(session, target["municipality"])
    codes = [code.strip() for code in (target["about"] or "").split(",") if code.strip()]
    return municipality, elements_named(session, municipality, codes)


def _title(target: dict[str, str | None]) -> str:
    if not target["title"]:
        raise Refused("name the --title of the new engagement")
    return target["title"]


def _finish(engagement: Any, *, new: bool) -> None:
    if new and not publish_if_allowed(db.session(), engagement, at=clock.now()):
        click.echo(
            "The engagement stays a draft: a duty text of the municipality is missing.", err=True
        )
    db.session.commit()


def _print(**facts: object) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False))


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label=label, file=click.get_text_stream("stderr")) as bar:
        yield bar.update
