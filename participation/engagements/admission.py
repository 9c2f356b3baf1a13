"""The page that asks a guest for their code or address, whatever they were about to do."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.engagements import codes
from participation.engagements.models import Engagement
from participation.engagements.policy import DOORS, Obstacle
from participation.engagements.visitor_forms import AddressForm, CodeForm
from participation.engagements.visitors import CODE_FIELD
from participation.web.kept_fields import fields_to_send_again
from participation.web.paths import current_path

_NOT_SENT_AGAIN = frozenset({CODE_FIELD, "website"})


def door_page(engagement: Engagement, obstacle: Obstacle) -> ResponseReturnValue | None:
    """Return the page that asks for what is missing; None where nothing can be asked for.

    What was typed into the form that could not be taken stays in the page, and is sent again
    to where it was going, together with the code.
    """
    if obstacle not in DOORS:
        return None
    if request.method != "POST":
        return render_door(engagement, obstacle)
    form = CodeForm() if obstacle is Obstacle.CODE_NEEDED else None
    if form is not None and (form.code.data or "").strip():
        form.code.errors = [why_not(form.code.data or "")]
    fields = [pair for pair in fields_to_send_again() if pair[0] not in _NOT_SENT_AGAIN]
    return render_door(engagement, obstacle, form=form, fields=fields), 409


def render_door(
    engagement: Engagement,
    obstacle: Obstacle,
    *,
    form: CodeForm | AddressForm | None = None,
    fields: list[tuple[str, str]] | None = None,
) -> str:
    """Return the page; `fields` are what a form that could not be taken was sent with."""
    if form is None:
        form = CodeForm(formdata=None) if obstacle is Obstacle.CODE_NEEDED else None
    return render_template(
        "engagements/door.html",
        engagement=engagement,
        obstacle=obstacle,
        form=form if form is not None else AddressForm(formdata=None),
        fields=fields,
        action=current_path(),
    )


def why_not(typed: str) -> str:
    """Return what is wrong with a code that lets nobody in, and what to do about it."""
    if not typed.strip():
        return str(_("Bitte geben Sie den Code aus unserem Brief ein."))
    if codes.read_written(typed) is None:
        return str(
            _(
                "In diesem Code stimmt ein Zeichen nicht, oder eines fehlt. Bitte vergleichen Sie "
                "ihn mit dem Brief: Es sind vier Gruppen mit je fünf Zeichen."
            )
        )
    if g.get("too_many_codes"):
        return str(
            _(
                "Aus Ihrem Netz kamen zu viele falsche Codes. Bitte versuchen Sie es in einer "
                "Stunde noch einmal."
            )
        )
    return str(
        _(
            "Diesen Code kennen wir nicht. Bitte prüfen Sie, ob der Brief zu dieser Beteiligung "
            "gehört."
        )
    )
