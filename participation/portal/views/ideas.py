"""The ideas of a call, and one of them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isqrt
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.places import small_number
from participation.engagements.policy import days_left, obstacle
from participation.engagements.queries import (
    elements_about,
    get_public_engagement,
)
from participation.engagements.visitors import guest_of, known_mark
from participation.foundation import clock
from participation.foundation import images as pictures
from participation.foundation.errors import NotFound, Refused
from participation.foundation.tiles import METRES, far_from
from participation.foundation.workbooks import Sheet
from participation.ideas import queries
from participation.ideas.call_fields import answers_of
from participation.ideas.groups import SeenGroup, group_seen, groups_seen, people_of
from participation.ideas.images import images_by_idea, public_picture, shown_images
from participation.ideas.models import Idea, IdeaCall, PlaceRule
from participation.ideas.places import LIST_STATE
from participation.ideas.wordings import edited_on, may_edit
from participation.portal.blueprint import blueprint
from participation.portal.chosen_ideas import (
    ORDERS,
    PLACES,
    STATES,
    ChosenIdeas,
    read_choice,
)
from participation.portal.idea_features import distance_text, place_text, words_in
from participation.portal.idea_rows import comments_on, idea_rows
from participation.portal.paths import path_rows
from participation.portal.queries.comments import thread_below
from participation.portal.queries.idea_lists import (
    MOST_COUNTED,
    IdeaOrder,
    WantedIdeas,
    count_listed,
    draw_beginning,
    idea_page,
)
from participation.portal.queries.ideas import Standing, standings
from participation.portal.queries.outcomes import changed_sentences
from participation.revisions.labels import TONES
from participation.revisions.queries import fate_of
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.kept_pages import same_for_everybody
from participation.web.maps import allow_map
from participation.web.tables import TABLE_TYPES, table_response


@blueprint.get("/beteiligung/<slug>/ideen")
@access.public
@same_for_everybody
def ideas(slug: str) -> ResponseReturnValue:
    """List the published ideas of a call."""
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    elements = elements_about(db.session(), call.id)
    chosen = read_choice(request.args, elements)
    if chosen.order is IdeaOrder.DRAWN and chosen.begin is None:
        return _draw(call, chosen)
    wanted, numbers, by_element = chosen.with_totals(db.session(), call)
    try:
        page = idea_page(db.session(), wanted, after=request.args.get("nach"))
    except Refused:
        raise NotFound("there is no such page") from None
    titles = {element.id: element.title for element in elements}
    groups = groups_seen(db.session(), page.ideas)
    supported = _supported(call, page.ideas, groups)
    text = render_template(
        "portal/ideas.html",
        call=call,
        page=page,
        chosen=chosen,
        kept=chosen.address,
        orders=ORDERS,
        states=STATES,
        numbers=numbers,
        found=_number_found(wanted, numbers.ideas),
        most_counted=MOST_COUNTED,
        images=images_by_idea(db.session(), [item.id for item in page.ideas]),
        comments=comments_on(db.session(), page.ideas, groups),
        groups=groups,
        words={item: _words(one) for item, one in _standings(page.ideas).items()},
        tags={item.id: [titles[one.id] for one in item.elements] for item in page.ideas},
        filters=[
            (element, by_element[element.id]) for element in elements if element.id in by_element
        ],
        place=[(name, value) for name in LIST_STATE for value in request.args.getlist(name)],
        is_first_page="nach" not in request.args,
        supported=supported,
        days_left=days_left(call, at=clock.now()),
        obstacle=obstacle(call, at=clock.now(), account=access.me(), guest=guest_of(call)),
        has_places=call.asks_place is not PlaceRule.NONE,
        place_filters=PLACES,
        where={item.id: _where(item, chosen) for item in page.ideas},
    )
    return allow_map(make_response(text))


@blueprint.get("/beteiligung/<slug>/ideen.<kind>")
@access.public
def ideas_file(slug: str, kind: str) -> ResponseReturnValue:
    """Return the ideas of a list as CSV or XLSX: what its pages show, in their order."""
    if kind not in TABLE_TYPES:
        raise NotFound("there is no such file")
    here = access.here()
    call = get_public_engagement(db.session(), here.id, slug, of=IdeaCall)
    chosen = read_choice(request.args, elements_about(db.session(), call.id))
    rows = idea_rows(db.session(), call, chosen.of(db.session(), call.id), here.kind)
    return table_response(f"ideen-{slug}", kind, [Sheet(str(_("Ideen")), rows)])


@blueprint.get("/beteiligung/<slug>/ideen/<int(max=2147483647):number>")
@access.public
@same_for_everybody
def idea(slug: str, number: int) -> ResponseReturnValue:
    """Show one published idea and what became of it."""
    call, found = queries.find_shown(db.session(), access.here().id, slug, number, with_place=True)
    fate = fate_of(db.session(), found)
    group = group_seen(db.session(), found)
    supported = _supported(call, [found], {found.group_id or 0: group} if group else {})
    page = render_template(
        "portal/idea.html",
        call=call,
        idea=found,
        elements=queries.elements_of(db.session(), found.id),
        images=shown_images(db.session(), found.id),
        answers=answers_of(db.session(), [found.id], public_only=True).get(found.id, {}),
        edited_on=edited_on(db.session(), found.id) if found.edited_at else None,
        may_edit=_may_edit(call, found),
        fate=fate,
        steps=path_rows(fate.steps),
        tones=TONES,
        thread=thread_below(
            db.session(), found, before=small_number(request.args.get("kommentare"))
        ),
        group=group,
        people=people_of(found, group),
        is_supported=found.id in supported,
        also_supported=group.another_of(found.id, supported) if group else None,
        sentences=changed_sentences(fate.made_changes),
        obstacle=obstacle(call, at=clock.now(), account=access.me(), guest=guest_of(call)),
    )
    response = make_response(page)
    return allow_map(response) if found.place is not None else response


@blueprint.get(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/bilder/"
    "<uuid:image_id>-<any(gross, klein):size>.webp"
)
@access.public
def idea_image(slug: str, number: int, image_id: uuid.UUID, size: str) -> ResponseReturnValue:
    """Show an image of an idea while the idea is public, to everybody who asks anew."""
    content = public_picture(
        db.session(), access.here().id, slug, number, image_id, is_small=size == "klein"
    )
    response = Response(content, mimetype=pictures.TYPE)
    # What a picture holds never changes; whether it may be seen is asked each time.
    response.set_etag(f"{image_id}-{size}")
    return response.make_conditional(request)


def _may_edit(call: IdeaCall, idea: Idea) -> bool:
    account = access.me()
    if account is None or account.id != idea.author_id:
        return False
    return may_edit(idea, call, at=clock.now())


def _draw(call: IdeaCall, chosen: ChosenIdeas) -> ResponseReturnValue:
    """Lead to a list that begins where chance has it; its address keeps the order."""
    begin = draw_beginning(db.session(), call.id, random.SystemRandom().random())
    kept: dict[str, Any] = dict(replace(chosen, begin=begin).address)
    return redirect(url_for("portal.ideas", slug=call.slug, **kept), 303)


def _number_found(wanted: WantedIdeas, every: int) -> int | None:
    """Return how many ideas a list holds; the nearest are not counted, they go on and on."""
    if wanted.near is not None:
        return None
    return count_listed(db.session(), wanted) if wanted.is_filtered else every


def _where(idea: Idea, chosen: ChosenIdeas) -> list[str]:
    """Say where an idea of a list is, and how far from where somebody looks."""
    if idea.place is None:
        return []
    said = [place_text(idea.place, words_in(access.here().kind))]
    if chosen.near is not None and chosen.order is IdeaOrder.NEAREST and idea.place.centre:
        metres = isqrt(far_from(chosen.near, idea.place.centre)) * METRES
        said.append(distance_text(metres))
    return said


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


def _supported(
    call: IdeaCall, ideas: Sequence[Idea], groups: Mapping[int, SeenGroup]
) -> frozenset[uuid.UUID]:
    """Return what the visitor supports among some ideas and those equal to them."""
    supporter = known_mark(call.id, "support")
    if supporter is None:
        return frozenset()
    equal = {one.id for group in groups.values() for one in group.ideas}
    return queries.supported_by(db.session(), {idea.id for idea in ideas} | equal, supporter)
