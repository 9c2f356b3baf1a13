"""An engagement that is still a draft, as citizens would see it. For staff only, never public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments.forms import CommentForm
from participation.comments.models import CommentRound
from participation.engagements.models import Engagement, EngagementState
from participation.engagements.queries import get_engagement
from participation.engagements.visitor_forms import SubscriptionForm
from participation.engagements.wordings import shown_words
from participation.foundation import clock
from participation.ideas.answer_fields import idea_form
from participation.ideas.call_fields import fields_of
from participation.ideas.models import IdeaCall
from participation.ideas.offering import offer_parts
from participation.portal.blueprint import blueprint
from participation.portal.queries.comments import round_view
from participation.portal.queries.engagements import cards_of, shown_elements
from participation.portal.released import results_section
from participation.revisions.consulted import fate_of_text
from participation.surveys.models import Survey
from participation.web.extensions import db
from participation.web.languages import current_language

READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
_METHODS = ("GET", "POST")

# Where the pages of an engagement lead while they are only shown to staff.
_TAKING_PART = {"surveys.take_part", "ideas.new", "portal.comment_round", "comments.add"}
_INSIDE = {"portal.engagement", "portal.ideas", "engagements.subscribe"}


@blueprint.route("/verwaltung/beteiligungen/<slug>/vorschau", methods=_METHODS)
@access.requires(*READERS)
def preview(slug: str) -> ResponseReturnValue:
    """Show the page of a draft as it will be once it is open."""
    found = get_engagement(db.session(), access.here().id, slug)
    elsewhere = _elsewhere(found, "portal.preview")
    if elsewhere is not None:
        return elsewhere
    (card,) = cards_of(db.session(), [found], found.opens_at)
    return _shown(
        "portal/engagement.html",
        found,
        shown=shown_words(db.session(), found, current_language().code),
        card=replace(card, state=EngagementState.OPEN),
        elements=shown_elements(db.session(), found, clock.now()),
        origin=None,
        extensions=(),
        subscription_form=SubscriptionForm(formdata=None),
        fate=fate_of_text(db.session(), found),
        **results_section(db.session(), found),
    )


@blueprint.route("/verwaltung/beteiligungen/<slug>/vorschau/mitmachen", methods=_METHODS)
@access.requires(*READERS)
def preview_taking_part(slug: str) -> ResponseReturnValue:
    """Show the form of a draft as it will be once it is open."""
    found = get_engagement(db.session(), access.here().id, slug)
    elsewhere = _elsewhere(found, "portal.preview_taking_part")
    if elsewhere is not None:
        return elsewhere
    if isinstance(found, Survey):
        return redirect(url_for("surveys.preview", slug=slug), 303)
    if isinstance(found, IdeaCall):
        form = idea_form(fields_of(db.session(), found.id), formdata=None)
        offer_parts(form, found)
        return _shown("ideas/new.html", found, call=found, form=form, similar=[], fitting=[])
    if isinstance(found, CommentRound):
        return _comment_round(found)
    return redirect(url_for("portal.preview", slug=slug), 303)


def _comment_round(found: CommentRound) -> ResponseReturnValue:
    view = round_view(
        db.session(),
        found,
        stance=None,
        opened=request.args.get("abschnitt"),
        before=None,
        at=found.opens_at,
    )
    opened = next((section for section in view.sections if section.is_open), None)
    return _shown(
        "portal/comment_round.html",
        found,
        comment_round=found,
        view=view,
        filters=[],
        form=CommentForm.about(opened.passage) if opened else None,
        card=None,
        vote_form=None,
        last_vote=None,
        fate=fate_of_text(db.session(), found),
        stance="",
        days_left=None,
    )


def _elsewhere(found: Engagement, endpoint: str) -> ResponseReturnValue | None:
    """Return where to go instead: what is published has real pages, and nothing is sent here."""
    if found.published_at is not None:
        return redirect(url_for("portal.engagement", slug=found.slug), 303)
    if request.method == "POST":
        flash(_("In der Vorschau wird nichts gesendet und nichts gespeichert."), "info")
        return redirect(url_for(endpoint, slug=found.slug), 303)
    return None


def _shown(template: str, found: Engagement, **context: Any) -> ResponseReturnValue:
    flash(
        _(
            "Vorschau: So sehen Bürgerinnen und Bürger die Beteiligung, sobald sie offen ist."
            " Jetzt sieht sie nur das Team."
        ),
        "warning",
    )
    return render_template(
        template, engagement=found, obstacle=None, url_for=_within(found.slug), **context
    )


def _within(slug: str) -> Callable[..., str]:
    """Return a `url_for` that stays inside the preview of this engagement."""

    def address(endpoint: str, **values: Any) -> str:
        if values.get("slug") == slug:
            if endpoint in _TAKING_PART:
                section = values.get("abschnitt")
                return url_for("portal.preview_taking_part", slug=slug, abschnitt=section)
            if endpoint in _INSIDE:
                return url_for("portal.preview", slug=slug)
        return url_for(endpoint, **values)

    return address
