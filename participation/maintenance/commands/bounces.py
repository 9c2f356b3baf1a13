"""Read what mail servers write about mail that could not be delivered."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from participation.foundation import clock
from participation.foundation.errors import BrokenInput
from participation.notifications.bounces import LARGEST_REPORT, Bounce, note_bounce, read_report
from participation.notifications.models import OutboxMessage
from participation.web.extensions import db
from participation.web.secrets import secret_key

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE…")
@with_appcontext
def bounces(files: tuple[Path, ...]) -> None:
    """End the mail to addresses that take none.

    Each FILE is a report of a mail server as it came to the sender's address; - reads one from
    standard input, as a mail server's alias does. What is no report of a mail from here is
    passed over.
    """
    ended = sum(_take_in(file) for file in files)
    db.session.commit()
    click.echo(f"{ended} of {len(files)} reports end the mail to an address.")


def _take_in(file: Path) -> bool:
    with click.open_file(str(file), "rb") as stream:
        content = stream.read(LARGEST_REPORT + 1)
    try:
        bounce = read_report(content, secret_key())
    except BrokenInput as failure:
        click.echo(f"{file}: {failure}", err=True)
        return False
    return bounce is not None and _note(bounce)


def _note(bounce: Bounce) -> bool:
    session = db.session()
    message = session.get(OutboxMessage, bounce.message_id)
    if message is None or message.address.lower() != bounce.address:
        return False
    return note_bounce(session, message=message, at=clock.now())
