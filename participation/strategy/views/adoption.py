"""Read the draft, put it out for comment, adopt it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.accounts.queries import missing_duty_texts
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.strategy import operations, profile, queries
from participation.strategy.blueprint import blueprint
from participation.strategy.forms import AdoptionForm
from participation.strategy.outline import outline
from participation.strategy.views.plan import READERS, draft_here, missing_in
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal, told


@blueprint.get("/werkstatt/strategie/entwurf")
@access.requires(*READERS)
def draft() -> ResponseReturnValue:
    """Show the draft as one text, to read and to print."""
    strategy, version = draft_here()
    contents = queries.contents_of(db.session(), version.id)
    return render_template(
        "strategy/draft.html",
        strategy=strategy,
        version=version,
        outline=outline(contents),
        draw=profile,
    )


@blueprint.post("/werkstatt/strategie/stellungnahme")
@access.requires(Role.STRATEGIST)
def put_out_for_consultation() -> ResponseReturnValue:
    """Freeze the draft so that a comment round can be about it."""
    strategy, version = draft_here()
    contents = queries.contents_of(db.session(), version.id)
    if not Form().validate_on_submit():
        return redirect(url_for("strategy.manage"), 303)
    try:
        frozen = operations.freeze_for_consultation(
            db.session(),
            strategy=strategy,
            contents={code: said for code, (_element, said) in contents.items()},
            actor=access.actor(),
            at=clock.now(),
        )
    except Refused as refusal:
        db.session.rollback()
        flash(told(refusal), "danger")
        return redirect(url_for("strategy.manage"), 303)
    db.session.commit()
    flash(
        _(
            "Der Entwurf liegt zur Stellungnahme aus (Nummer %(number)s). Eröffnen Sie jetzt eine"
            " Kommentarrunde dazu.",
            number=frozen.consultation,
        ),
        "success",
    )
    return redirect(url_for("strategy.manage"), 303)


@blueprint.route("/werkstatt/strategie/beschluss", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def adopt() -> ResponseReturnValue:
    """Enter the council's resolution and adopt version 1."""
    strategy, version = draft_here()
    contents = queries.contents_of(db.session(), version.id)
    missing = missing_in(contents)
    missing_texts = missing_duty_texts(db.session(), access.here().id)
    form = AdoptionForm()
    if form.validate_on_submit() and not missing:
        try:
            adopted = operations.adopt_first(
                db.session(),
                strategy=strategy,
                resolution=form.resolution(),
                actor=access.actor(),
                at=clock.now(),
            )
            db.session.commit()
            flash(_("Fassung %(number)s ist beschlossen.", number=adopted.number), "success")
            return redirect(url_for("strategy.manage"), 303)
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
    page = render_template(
        "strategy/adopt.html", form=form, missing=missing, missing_texts=missing_texts
    )
    return page, 422 if form.errors or (missing and form.is_submitted()) else 200
