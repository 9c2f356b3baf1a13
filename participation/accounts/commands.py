"""Set up municipalities and let people in, from the command line."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from participation.accounts import (
    default_texts,
    operations,
    queries,
    second_factor,
    sessions,
)
from participation.accounts.models import Account, MunicipalityKind, Role
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.secrets import secret_key


@click.group()
def municipality() -> None:
    """Set up the municipalities that this installation serves."""


@municipality.command("create")
@click.option("--slug", required=True, help="Short name in addresses: small letters, digits, -.")
@click.option("--name", required=True, help="The name as it is written, without „Stadt“.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in MunicipalityKind]),
    default=MunicipalityKind.TOWN.value,
    show_default=True,
    help="What kind of body it is.",
)
@click.option("--demo", is_flag=True, help="Say on every page that the municipality is invented.")
@with_appcontext
def create_municipality(slug: str, name: str, kind: str, demo: bool) -> None:
    """Set a municipality up.

    Its duty texts are drafts with gaps, to be filled in on its settings page.
    """
    found = MunicipalityKind(kind)
    operations.create_municipality(
        db.session(),
        slug=slug,
        name=name.strip(),
        kind=found,
        texts=default_texts.default_texts(name.strip(), found),
        at=clock.now(),
        is_demo=demo,
    )
    db.session.commit()
    click.echo(f"{name} is set up. Next, let somebody in who administers it:")
    click.echo(f"  participation invite ADDRESS --role administrator --municipality {slug}")


@municipality.command("list")
@with_appcontext
def list_municipalities() -> None:
    """Name the municipalities and what they lack."""
    for found in queries.municipalities(db.session()):
        missing = queries.missing_duty_texts(db.session(), found.id)
        note = f"missing texts: {', '.join(text.value for text in missing)}" if missing else "ready"
        click.echo(f"{found.slug}  {found.name}  ({note})")


@click.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What they may do.",
)
@click.option(
    "--municipality", "slug", metavar="SLUG", required=True, help="In which municipality."
)
@with_appcontext
def invite(email: str, role: str, slug: str) -> None:
    """Invite somebody to a role. The link is sent by mail and printed."""
    place = queries.get_municipality(db.session(), slug)
    token = operations.invite(
        db.session(),
        municipality=place,
        email=email,
        role=Role(role),
        key=secret_key(),
        actor=None,
        at=clock.now(),
    )
    db.session.commit()
    days = operations.INVITATION_LIFETIME.days
    click.echo(f"The invitation is on its way to {email}. It holds for {days} days:")
    click.echo(link_from(place.id, "accounts.accept_invitation", token=token))


@click.group()
def account() -> None:
    """Keep people out, let them in again, help with a lost phone."""


@account.command("suspend")
@click.argument("email")
@with_appcontext
def suspend(email: str) -> None:
    """Sign somebody out, and keep them out."""
    sessions.suspend(db.session(), account=_account(email), actor=None, at=clock.now())
    db.session.commit()
    click.echo(f"{email} is suspended.")


@account.command("readmit")
@click.argument("email")
@with_appcontext
def readmit(email: str) -> None:
    """Let somebody in again who was suspended."""
    sessions.readmit(db.session(), account=_account(email), actor=None, at=clock.now())
    db.session.commit()
    click.echo(f"{email} may sign in again.")


@account.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Forget somebody's second factor.

    They can set up a new phone when they have signed in.
    """
    second_factor.turn_off(db.session(), account=_account(email), actor=None, at=clock.now())
    db.session.commit()
    click.echo(f"{email} sets the second factor up anew at {current_app.config['BASE_ADDRESS']}.")


def _account(email: str) -> Account:
    found = queries.find_account(db.session(), email)
    if found is None:
        raise NotFound(f"there is no account with the address {email}")
    return found


COMMANDS = [municipality, invite, account]
