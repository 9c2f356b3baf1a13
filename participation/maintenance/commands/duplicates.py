"""List what was said twice."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from participation.analysis.duplicates import same_pairs
from participation.engagements.queries import find_by_slug
from participation.foundation.orm import only_reading
from participation.maintenance.commands.progress import progress_bar
from participation.maintenance.duplicates import excerpts, statements_of
from participation.web.extensions import db

_SHOWN = 60


@click.command()
@click.argument("engagement")
@click.option("--municipality", metavar="SLUG", help="Needed where the slug is not unique.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each pair.")
@with_appcontext
def duplicates(engagement: str, municipality: str | None, as_json: bool) -> None:
    """List ideas or comments that say the same.

    Each pair has a score from 0.9 to 1, and is named by the ids that the ideas had where they
    were imported from, or by their numbers. Nothing is changed. Whatever was not withdrawn is
    compared, also what is not public.
    """
    session = db.session()
    # Who writes meanwhile need not wait until everything was compared.
    with only_reading():
        statements = statements_of(session, find_by_slug(session, engagement, municipality))
        session.rollback()
    shown = {} if as_json else excerpts(statements, _SHOWN)
    # Each is read first and compared then.
    with progress_bar("Reading and comparing", 2 * len(statements)) as advance:
        for pair in same_pairs(statements, progress=advance):
            if as_json:
                facts = {"a": pair.one, "b": pair.other, "score": pair.score}
                click.echo(json.dumps(facts, ensure_ascii=False))
            else:
                click.echo(f"{pair.score:.3f}  {pair.one}  {pair.other}")
                click.echo(f"       {shown[pair.one]}\n       {shown[pair.other]}")
