"""Where the administrator begins: what is missing, and the municipality's name."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, operations
from participation.accounts.models import MunicipalityKind, Role
from participation.foundation import clock
from participation.maintenance.blueprint import blueprint
from participation.maintenance.checks import missing_of
from participation.maintenance.forms import MunicipalityForm
from participation.notifications.transport import MailServer
from participation.web.extensions import db


@blueprint.get("/")
@access.requires(Role.ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """Show what is still missing and where to set what."""
    has_mail = isinstance(current_app.extensions["mail_transport"], MailServer)
    missing = missing_of(db.session(), access.here(), has_mail=has_mail)
    return render_template("maintenance/settings.html", missing=missing)


@blueprint.route("/kommune", methods=["GET", "POST"])
@access.requires(Role.ADMINISTRATOR)
def municipality() -> ResponseReturnValue:
    """Say what the municipality is called and how to reach it."""
    here = access.here()
    form = MunicipalityForm(obj=here)
    if not form.validate_on_submit():
        page = render_template("maintenance/municipality.html", form=form)
        return page, 422 if form.is_submitted() else 200
    operations.describe_municipality(
        db.session(),
        municipality=here,
        name=form.name.data or "",
        kind=MunicipalityKind(form.kind.data),
        postal_line=form.postal_line.data or "",
        contact_email=form.contact_email.data or "",
        embed_origins=form.origins,
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for("maintenance.settings"), 303)
