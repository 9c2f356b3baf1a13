"""What needs doing: the first page of whoever works for the municipality."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.portal.blueprint import blueprint
from participation.portal.queries.overview import closes_soon, overview_of
from participation.web.extensions import db


@blueprint.get("/ueberblick")
@access.requires(Role.MODERATOR, Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def overview() -> ResponseReturnValue:
    """Show what waits, for each role the part that it can do something about."""
    at = clock.now()
    found = overview_of(
        db.session(), municipality_id=access.here().id, roles=access.my_roles(), at=at
    )
    soon = {engagement.id for engagement in found.running if closes_soon(engagement, at)}
    return render_template("portal/overview.html", overview=found, soon=soon)
