"""The command that loads the demo town."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from participation.accounts.queries import municipalities
from participation.foundation import clock
from participation.maintenance.demo.loading import load_demo
from participation.maintenance.demo.people import PASSWORD, PEOPLE, SLUG
from participation.web.extensions import db
from participation.web.secrets import secret_key


@click.command()
@with_appcontext
def demo() -> None:
    """Load Lindenow, an invented town, and say who can sign in.

    A database that holds something is left as it is.
    """
    session = db.session()
    known = [town.slug for town in municipalities(session)]
    if known and SLUG not in known:
        click.echo("The database holds other municipalities; the demo is not loaded.")
        return
    if load_demo(
        session,
        passwords=current_app.extensions["passwords"],
        key=secret_key(),
        now=clock.now(),
    ):
        db.session.commit()
        click.echo("Loaded Lindenow.")
    else:
        click.echo("Lindenow is there already; what you did is kept.")
    _say_who_can_sign_in()


def _say_who_can_sign_in() -> None:
    address = current_app.config["BASE_ADDRESS"]
    settings = current_app.extensions["settings"]
    click.echo(f"\n  Site      {address}/")
    click.echo(f"  Sign in   {address}/konto/anmelden   password for all: {PASSWORD}")
    for person in PEOPLE:
        roles = ", ".join(role.value for role in person.roles) or "citizen"
        click.echo(f"            {person.email:<30} {roles}")
    if settings.smtp_url is None:
        click.echo(f"  Mails     are kept as files in {settings.mail_folder}")
    click.echo("")
