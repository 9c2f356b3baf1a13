"""Break the order of responses from the command line."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from participation.surveys import shuffling
from participation.web.extensions import db


@click.command("shuffle")
@with_appcontext
def shuffle() -> None:
    """Break the order in which answers came in.

    Writes responses, answers, remarks and participation marks anew in random order. Otherwise
    somebody with direct access to the database could link who took part with what was answered.
    The worker does this every night and whenever a survey closes.
    """
    session = db.session()
    surveys = shuffling.all_surveys(session)
    shuffling.rewrite(session, surveys)
    session.commit()
    session.close()
    shuffling.lay_out(db.engine)
    click.echo(f"Shuffled {len(surveys)} survey{'' if len(surveys) == 1 else 's'}.")


COMMANDS = [shuffle]
