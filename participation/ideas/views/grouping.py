"""Staff puts ideas that say the same into groups, and takes them out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.places import row_number
from participation.engagements.queries import get_public_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.ideas import grouping
from participation.ideas import groups as reading
from participation.ideas.blueprint import blueprint
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.queries import get_idea, ideas_numbered
from participation.ideas.search import LONGEST_SEARCH, found_by_staff
from participation.ideas.similar import similar_ideas
from participation.ideas.suggestions import Suggestion, suggestions
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import kept_or_told, told

_MODERATION = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
_STAFF = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)
_MOST_FOUND = 20
_LONGEST_NUMBER = 10


@blueprint.get("/verwaltung/beteiligungen/<slug>/gleiche-ideen")
@access.requires(*_STAFF)
def groups(slug: str) -> ResponseReturnValue:
    """Show which ideas of a call seem to say the same, and the groups there are."""
    call = _call(slug)
    before = row_number(request.args.get("vor"))
    found = reading.groups_of_call(db.session(), call.id, before=before, limit=_MOST_FOUND)
    shown = [(group_id, _readable(ideas)) for group_id, ideas in found]
    return render_template(
        "ideas/groups.html",
        call=call,
        suggestions=_suggestions(call) if before is None else [],
        is_compared=call.compared_number >= call.last_number,
        groups=[(group_id, ideas) for group_id, ideas in shown if ideas],
        next_before=found[-1][0] if len(found) == _MOST_FOUND else None,
        is_first_page=before is None,
    )


@blueprint.post("/verwaltung/beteiligungen/<slug>/gleiche-ideen")
@access.requires(*_STAFF)
def group(slug: str) -> ResponseReturnValue:
    """Group the ideas that were ticked, or note that they do not say the same."""
    call = _call(slug)
    wanted = _numbers(request.form.getlist("idea"))
    ideas = _readable(ideas_numbered(db.session(), call.id, wanted))
    if not Form().validate_on_submit():
        return _back(slug)
    try:
        words = _tell_apart(ideas) if "apart" in request.form else _group(ideas)
    except (Refused, Conflict) as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return _back(slug)
    db.session.commit()
    flash(words, "success")
    return _back(slug)


@blueprint.get("/verwaltung/beteiligungen/<slug>/ideen/<int(max=2147483647):number>/gleiche")
@access.requires(*_STAFF)
def equals(slug: str, number: int) -> ResponseReturnValue:
    """Look for ideas that say the same as one, and group it with them."""
    call = _call(slug)
    idea = _idea(call, number)
    words = " ".join(request.args.get("suche", "").split())[:LONGEST_SEARCH]
    members = grouping.members_of(db.session(), idea.group_id) if idea.group_id else []
    known = {one.id for one in members} | {idea.id}
    found = _readable(_alike(call, idea, words))
    return render_template(
        "ideas/equals.html",
        call=call,
        idea=idea,
        words=words,
        members=_readable(members),
        found=[one for one in found if one.id not in known],
        numbers=_group_numbers(found),
    )


@blueprint.post(
    "/verwaltung/beteiligungen/<slug>/ideen/<int(max=2147483647):number>/aus-der-gruppe"
)
@access.requires(*_STAFF)
def leave_group(slug: str, number: int) -> ResponseReturnValue:
    """Take one idea out of its group."""
    idea = _idea(_call(slug), number)
    if not Form().validate_on_submit():
        return _back(slug)
    with kept_or_told(_("Idee %(number)s steht wieder für sich.", number=number)):
        grouping.remove_from_group(db.session(), idea=idea, actor=access.actor(), at=clock.now())
    return _back(slug)


@blueprint.post(
    "/verwaltung/beteiligungen/<slug>/gleiche-ideen/<int(max=2147483647):group_id>/aufloesen"
)
@access.requires(*_STAFF)
def dissolve_group(slug: str, group_id: int) -> ResponseReturnValue:
    """Let all ideas of a group stand for themselves again."""
    found = reading.get_group(db.session(), _call(slug).id, group_id)
    if found is None:
        raise NotFound("there is no such group")
    if not Form().validate_on_submit():
        return _back(slug)
    with kept_or_told(_("Die Gruppe ist aufgelöst. Jede Idee steht wieder für sich.")):
        grouping.dissolve(db.session(), group=found, actor=access.actor(), at=clock.now())
    return _back(slug)


def _call(slug: str) -> IdeaCall:
    return get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)


def _idea(call: IdeaCall, number: int) -> Idea:
    """Return an idea that the person may read. Raises NotFound."""
    for found in _readable([get_idea(db.session(), call.id, number)]):
        return found
    raise NotFound("there is no such idea")


def _readable(ideas: Sequence[Idea]) -> list[Idea]:
    """Return the ideas that the person may read: the moderation all, others what is public."""
    if access.my_roles() & _MODERATION:
        return list(ideas)
    return [idea for idea in ideas if idea.status is ContributionStatus.PUBLISHED]


def _suggestions(call: IdeaCall) -> list[Suggestion]:
    found = [replace(one, ideas=_readable(one.ideas)) for one in suggestions(db.session(), call.id)]
    return [one for one in found if len(one.ideas) > 1]


def _group(ideas: Sequence[Idea]) -> str:
    found = grouping.group_ideas(db.session(), ideas=ideas, actor=access.actor(), at=clock.now())
    numbers = [str(one.number) for one in grouping.members_of(db.session(), found.id)]
    return str(_("Jetzt in einer Gruppe: die Ideen %(numbers)s.", numbers=", ".join(numbers)))


def _tell_apart(ideas: Sequence[Idea]) -> str:
    grouping.dismiss(db.session(), ideas=ideas, actor=access.actor(), at=clock.now())
    return str(_("Gemerkt: Das sind verschiedene Ideen. Wir schlagen sie nicht mehr vor."))


def _alike(call: IdeaCall, idea: Idea, words: str) -> Sequence[Idea]:
    """Return what somebody looks for, or else what is like the idea."""
    if words:
        return found_by_staff(db.session(), call.id, words, limit=_MOST_FOUND)
    return similar_ideas(
        db.session(), call_id=call.id, title=idea.title, text=idea.text, limit=_MOST_FOUND
    )


def _group_numbers(ideas: Sequence[Idea]) -> dict[int, list[int]]:
    """Return the numbers of the ideas in the groups of some; whoever joins one joins all."""
    found = reading.groups_seen(db.session(), ideas)
    return {group_id: [one.number for one in group.ideas] for group_id, group in found.items()}


def _numbers(written: Sequence[str]) -> set[int]:
    return {
        int(one)
        for one in written[: grouping.MOST_IDEAS]
        if one.isascii() and one.isdigit() and len(one) < _LONGEST_NUMBER
    }


def _back(slug: str) -> ResponseReturnValue:
    """Back to the page of the idea that somebody came from, or to the whole list."""
    number = row_number(request.form.get("von"))
    if number is not None:
        return redirect(url_for("ideas.equals", slug=slug, number=number), 303)
    return redirect(url_for("ideas.groups", slug=slug), 303)
