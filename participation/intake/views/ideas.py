"""Staff: ideas that came by letter, by phone, from a workshop or to the counter."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import elements_about, get_engagement
from participation.foundation.excerpts import first_words
from participation.ideas.fitting import action_fields_of
from participation.ideas.models import Idea, IdeaCall, PlaceRule
from participation.ideas.policy import LONGEST_TITLE
from participation.intake import operations
from participation.intake.blueprint import blueprint
from participation.intake.forms import IdeaForm
from participation.intake.views.entering import (
    ENTERING,
    common,
    draw,
    enter,
    offer_decision,
    starting_way,
)
from participation.web.extensions import db


@blueprint.route("/verwaltung/beteiligungen/<slug>/eingeben", methods=["GET", "POST"])
@access.requires(*ENTERING)
def enter_idea(slug: str) -> ResponseReturnValue:
    """Enter ideas, one after the other."""
    call = get_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    return enter(
        _form(call, data=starting_way()),
        store=lambda form: _store(call, form),
        fresh=lambda kept: _form(call, formdata=None, data=kept),
        page=lambda form, desk: draw("intake/enter_idea.html", call, form, desk),
    )


def _form(call: IdeaCall, **more: Any) -> IdeaForm:
    form = IdeaForm(**more)
    offered = elements_about(db.session(), call.id)
    form.offer_elements(offered, action_fields_of(db.session(), offered))
    offer_decision(form)
    if call.asks_place is PlaceRule.NONE:
        form.ask_no_place()
    return form


def _store(call: IdeaCall, form: IdeaForm) -> tuple[Idea, str]:
    wanted, text = set(form.elements.data or ()), form.text.data or ""
    words = operations.IdeaWords(
        title=form.title.data or first_words(text, LONGEST_TITLE - 2),
        text=text,
        elements=[element for element in call.elements if element.code in wanted],
        place=(form.place_address.data or "") if "place_address" in form else "",
    )
    submitted = operations.enter_idea(db.session(), call=call, words=words, **common(form))
    return submitted.idea, submitted.code
