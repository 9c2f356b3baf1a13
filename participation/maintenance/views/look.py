"""The municipality's colour and logo."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, operations
from participation.accounts.models import Role
from participation.foundation import clock, images
from participation.foundation.errors import Refused
from participation.maintenance.blueprint import blueprint
from participation.maintenance.forms import LARGEST_LOGO, ColourForm, LogoForm
from participation.web.bounds import takes_files
from participation.web.extensions import db
from participation.web.refusals import told

_LONGEST_SIDE = 480
# More than a logo may have: a photograph of a phone is refused at the field, in words.
_LARGEST_BODY = 8 * 1024 * 1024


@blueprint.get("/aussehen")
@access.requires(Role.ADMINISTRATOR)
def look() -> ResponseReturnValue:
    """Show colour and logo."""
    return _page()


@blueprint.post("/aussehen/farbe")
@access.requires(Role.ADMINISTRATOR)
def paint() -> ResponseReturnValue:
    """Set the accent colour."""
    form = ColourForm()
    if not form.validate_on_submit():
        return _page(colour_form=form)
    operations.paint_municipality(
        db.session(),
        municipality=access.here(),
        colour=form.colour.data or "",
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(
        _("Die Farbe ist gespeichert. Im Browser erscheint sie nach spätestens fünf Minuten."),
        "success",
    )
    return redirect(url_for("maintenance.look"), 303)


@blueprint.post("/aussehen/logo")
@access.requires(Role.ADMINISTRATOR)
@takes_files(_LARGEST_BODY, allowed=LARGEST_LOGO)
def put_logo() -> ResponseReturnValue:
    """Set the logo. It is decoded and written anew, so that nothing hides in it."""
    form = LogoForm()
    if not form.validate_on_submit():
        return _page(logo_form=form)
    try:
        logo = images.clean_picture(
            form.logo.data.read(), longest_side=_LONGEST_SIDE, lossless=True
        )
    except Refused as refusal:
        form.logo.errors = [*form.logo.errors, told(refusal)]
        return _page(logo_form=form)
    operations.put_logo(
        db.session(),
        municipality=access.here(),
        logo=logo,
        logo_type=images.TYPE,
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Das Logo ist gespeichert."), "success")
    return redirect(url_for("maintenance.look"), 303)


@blueprint.post("/aussehen/logo/entfernen")
@access.requires(Role.ADMINISTRATOR)
def remove_logo() -> ResponseReturnValue:
    """Show the plain shield again."""
    operations.put_logo(
        db.session(),
        municipality=access.here(),
        logo=None,
        logo_type=None,
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Das Logo ist entfernt."), "success")
    return redirect(url_for("maintenance.look"), 303)


def _page(
    *, colour_form: ColourForm | None = None, logo_form: LogoForm | None = None
) -> ResponseReturnValue:
    page = render_template(
        "maintenance/look.html",
        colour_form=colour_form or ColourForm(formdata=None, colour=access.here().accent_colour),
        logo_form=logo_form or LogoForm(formdata=None),
        wrong_form=colour_form or logo_form,
        has_logo=access.here().logo_type is not None,
    )
    return page, 422 if colour_form or logo_form else 200
