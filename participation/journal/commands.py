"""Check the journal from the command line."""

from __future__ import annotations

from contextlib import closing

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from participation.foundation.errors import Conflict
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults, last_entry
from participation.web.extensions import db


@click.command("check-journal")
@click.option(
    "--known", metavar="NUMBER:DIGEST", help="What an earlier check printed; it must still hold."
)
@with_appcontext
def check_journal(known: str | None) -> None:
    """Check that nobody has changed the journal.

    No entry was changed, removed or put in later. Prints the last number with its digest. Kept
    somewhere else and given as --known to a later check, it shows that nothing up to there was
    cut off or written anew.
    """
    session = db.session()
    with closing(find_faults(session)) as faults:
        fault = next(faults, None)
    if fault is not None:
        raise Conflict(f"the journal is broken at number {fault.number}: {fault.why}")
    if known is not None:
        _check_known(session, known)
    last = last_entry(session)
    if last is None:
        click.echo("The journal is empty.")
        return
    click.echo(f"The journal is whole: {last.number} entries.\n{last.number}:{last.digest}")


def _check_known(session: Session, known: str) -> None:
    number, _, digest = known.partition(":")
    entry = session.get(JournalEntry, int(number)) if number.isdecimal() else None
    if entry is None or entry.digest != digest:
        raise Conflict(f"the journal is not the one that was checked before, at number {number}")


COMMANDS = [check_journal]
