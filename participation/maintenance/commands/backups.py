"""Write a backup, and fill an empty database from one."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from participation.foundation import clock
from participation.maintenance import backup as backups
from participation.maintenance.commands.progress import progress_bar
from participation.maintenance.restore import restore_backup
from participation.surveys import shuffling
from participation.web.extensions import db
from participation.web.secrets import secret_key

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database into one archive.

    Only you can read it. Shuffles the answers first, so that nothing links them to who gave
    them. The secret key is not in the archive; keep the file secret.key apart, in a safe place.
    """
    _shuffle()
    with progress_bar("Tables", len(backups.tables())) as advance:
        manifest = backups.write_backup(
            db.engine, file, key=secret_key(), at=clock.now(), progress=advance
        )
    click.echo(f"Wrote {manifest.rows} rows of {len(manifest.tables)} tables to {file}.")


@click.command()
@click.argument("file", type=_FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database from a backup.

    The backup may be of the other kind of database, or of an older version.
    """
    with progress_bar("Tables", len(backups.tables())) as advance:
        manifest = restore_backup(db.engine, file, progress=advance)
    current_app.extensions["tenancy"].forget()
    click.echo(f"Restored {manifest.rows} rows of {len(manifest.tables)} tables from {file}.")
    if manifest.key_fingerprint != backups.fingerprint(secret_key()):
        click.echo(
            "This backup was made with another secret key: receipts and mailed links from "
            "before will not work until secret.key is put back.",
            err=True,
        )


def _shuffle() -> None:
    session = db.session()
    shuffling.rewrite(session, shuffling.all_surveys(session))
    session.commit()
    shuffling.lay_out(db.engine)
