"""The ideas of a call, and one of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.places import small_number
from participation.comments.queries import count_below
from participation.engagements.policy import days_left, obstacle
from participation.engagements.queries import (
    elements_about,
    get_public_engagement,
)
from participation.engagements.visitors import guest_of, known_mark
from participation.foundation import clock
from participation.foundation.errors import NotFound, Refused
from participation.ideas import queries
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.places import LIST_STATE
from participation.ideas.queries import IdeaOrder
from participation.portal.blueprint import blueprint
from participation.portal.paths import path_rows
from participation.portal.queries.comments import thread_below
from participation.portal.queries.ideas import Standing, standings
from participation.revisions.labels import TONES
from participation.revisions.queries import fate_of
from participation.web.extensions import db
from participation.web.filters import label

_ORDERS = {"neu": IdeaOrder.NEWEST, "unterstuetzt": IdeaOrder.MOST_SUPPORTED}
_MOST_FILTERS = 60


@blueprint.get("/beteiligung/<slug>/ideen")
@access.public
def ideas(slug: str) -> ResponseReturnValue:
    """List the published ideas of a call."""
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    elements = elements_about(db.session(), call.id)
    wanted = set(request.args.getlist("element")[:_MOST_FILTERS])
    chosen = [element for element in elements if element.code in wanted]
    sorting = request.args.get("sortierung", "neu")
    try:
        page = queries.ideas_page(
            db.session(),
            call.id,
            order=_ORDERS.get(sorting, IdeaOrder.NEWEST),
            element_ids=[element.id for element in chosen],
            after=request.args.get("nach"),
        )
    except Refused:
        raise NotFound("there is no such page") from None
    titles = {element.id: element.title for element in elements}
    numbers, by_element = queries.call_totals(db.session(), call.id)
    return render_template(
        "portal/ideas.html",
        call=call,
        page=page,
        numbers=numbers,
        comments=count_below(db.session(), [item.id for item in page.ideas]),
        words={item: _words(one) for item, one in _standings(page.ideas).items()},
        tags={item.id: [titles[one.id] for one in item.elements] for item in page.ideas},
        filters=[
            (element, by_element[element.id]) for element in elements if element.id in by_element
        ],
        wanted=[element.code for element in chosen],
        sorting=sorting if sorting in _ORDERS else "neu",
        kept=[(name, value) for name in LIST_STATE for value in request.args.getlist(name)],
        is_first_page="nach" not in request.args,
        supported=_supported(call, page.ideas),
        days_left=days_left(call, at=clock.now()),
        obstacle=obstacle(call, at=clock.now(), account=access.me(), guest=guest_of(call)),
    )


@blueprint.get("/beteiligung/<slug>/ideen/<int(max=2147483647):number>")
@access.public
def idea(slug: str, number: int) -> ResponseReturnValue:
    """Show one published idea and what became of it."""
    call, found = queries.find_shown(db.session(), access.here().id, slug, number)
    fate = fate_of(db.session(), found)
    return render_template(
        "portal/idea.html",
        call=call,
        idea=found,
        elements=queries.elements_of(db.session(), found.id),
        fate=fate,
        steps=path_rows(fate.steps),
        tones=TONES,
        thread=thread_below(
            db.session(), found, before=small_number(request.args.get("kommentare"))
        ),
        is_supported=found.id in _supported(call, [found]),
        obstacle=obstacle(call, at=clock.now(), account=access.me(), guest=guest_of(call)),
    )


def _standings(ideas: Sequence[Idea]) -> dict[uuid.UUID, Standing]:
    return standings(db.session(), [idea.id for idea in ideas])


def _words(standing: Standing) -> dict[str, Any]:
    """How far an idea has come: its badge and its path, as the components take them."""
    steps = [
        (_("eingegangen"), True),
        (_("veröffentlicht"), True),
        (_("in einer Erkenntnis"), standing.is_in_finding),
        (_("beantwortet"), standing.disposition is not None),
    ]
    if not standing.is_refused:
        steps.append((_("in der Strategie"), standing.version is not None))
        steps.append((_("umgesetzt"), False))
    path = [{"label": word, "state": "done" if done else "todo"} for word, done in steps]
    if standing.is_refused:
        path[-1]["state"] = "ended"
    if standing.disposition is not None:
        badge, tone = label(standing.disposition), TONES[standing.disposition]
    elif standing.is_in_finding:
        badge, tone = _("in Auswertung"), "neutral"
    else:
        badge, tone = None, "neutral"
    return {"badge_text": badge, "badge_tone": tone, "steps": path}


def _supported(call: IdeaCall, ideas: Sequence[Idea]) -> frozenset[uuid.UUID]:
    supporter = known_mark(call.id, "support")
    if supporter is None:
        return frozenset()
    return queries.supported_by(db.session(), [idea.id for idea in ideas], supporter)
