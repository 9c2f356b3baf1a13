"""The duty texts: imprint, privacy notice, accessibility statement, rules, easy language."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from participation.accounts import access, default_texts, operations, policy, queries
from participation.accounts.models import DutyText, Role
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.foundation.richtext import render_markdown
from participation.maintenance.blueprint import blueprint
from participation.maintenance.forms import DutyTextForm
from participation.web.extensions import db

_PAGES = {
    "impressum": DutyText.IMPRINT,
    "datenschutz": DutyText.PRIVACY,
    "barrierefreiheit": DutyText.ACCESSIBILITY,
    "regeln": DutyText.RULES,
    "leichte-sprache": DutyText.EASY_LANGUAGE,
}


@blueprint.get("/texte")
@access.requires(Role.ADMINISTRATOR)
def texts() -> ResponseReturnValue:
    """Show which duty texts are complete."""
    rows = [
        (page, kind, queries.find_duty_text(db.session(), access.here().id, kind))
        for page, kind in _PAGES.items()
    ]
    return render_template("maintenance/texts.html", rows=rows)


@blueprint.route(
    '/texte/<any(impressum, datenschutz, barrierefreiheit, regeln, "leichte-sprache"):page>',
    methods=["GET", "POST"],
)
@access.requires(Role.ADMINISTRATOR)
def edit_text(page: str) -> ResponseReturnValue:
    """Write a duty text: look at it first, keep it as a draft, or complete it."""
    kind = _PAGES[page]
    form = DutyTextForm(source=_present_source(kind))
    intent = request.form.get("intent", "preview")
    if not form.validate_on_submit():
        return _page(page, kind, form, 422 if form.is_submitted() else 200)
    if intent == "preview":
        return _page(page, kind, form, 200, shows_preview=True)
    try:
        operations.put_duty_text(
            db.session(),
            municipality=access.here(),
            kind=kind,
            source=form.source.data or "",
            completed=intent == "complete",
            actor=access.actor(),
            at=clock.now(),
        )
    except Refused:
        form.source.errors = [*form.source.errors, _what_is_open(form.source.data or "")]
        return _page(page, kind, form, 422)
    db.session.commit()
    flash(
        _("Der Text ist vollständig und öffentlich.")
        if intent == "complete"
        else _("Der Entwurf ist gespeichert. Öffentlich ist er erst, wenn er vollständig ist."),
        "success",
    )
    return redirect(url_for("maintenance.texts"), 303)


def _present_source(kind: DutyText) -> str:
    here = access.here()
    text = queries.find_duty_text(db.session(), here.id, kind)
    return text.source if text else default_texts.default_text(kind, here.name, here.kind)


def _what_is_open(source: str) -> str:
    gaps = policy.gaps(source)
    text = ngettext(
        "Im Text ist noch eine Lücke: %(first)s",
        "Im Text sind noch %(num)s Lücken. Die erste: %(first)s",
        len(gaps),
        first=gaps[0],
    )
    return str(text)


def _page(
    page: str, kind: DutyText, form: DutyTextForm, status: int, *, shows_preview: bool = False
) -> ResponseReturnValue:
    source = form.source.data or ""
    # The sanitiser has cleaned it, as it does before the text is stored.
    preview = Markup(render_markdown(source)) if shows_preview else None  # noqa: S704
    html = render_template(
        "maintenance/edit_text.html",
        page=page,
        kind=kind,
        form=form,
        preview=preview,
        gaps=policy.gaps(source),
    )
    return html, status
