"""Voting on comments, one after the other, and what somebody said about them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.comments.forms import VoteForm
from participation.comments.models import CommentRound, VoteChoice
from participation.comments.places import small_number
from participation.comments.queries import get_public_round
from participation.comments.votes import own_votes
from participation.engagements.models import EngagementState
from participation.engagements.policy import Obstacle, days_left, obstacle
from participation.engagements.visitors import guest_of, known_mark
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.portal.blueprint import blueprint
from participation.portal.queries.comments import Card, card_of
from participation.web.extensions import db


@blueprint.get("/beteiligung/<slug>/kommentare/abstimmen")
@access.public
def vote_on_comments(slug: str) -> ResponseReturnValue:
    """Show one comment to vote on, or at the end what somebody said about all of them."""
    at = clock.now()
    found = get_public_round(db.session(), access.here().id, slug)
    if not found.voting or found.state_at(at) is EngagementState.PLANNED:
        raise NotFound("there is no voting here")
    hindrance = obstacle(found, at=at, account=access.me(), guest=guest_of(found))
    voter = known_mark(found.id, "vote")
    said = own_votes(db.session(), found.id, voter) if voter else []
    card = card_for(found, hindrance)
    return render_template(
        "portal/vote_on_comments.html",
        comment_round=found,
        obstacle=hindrance,
        days_left=days_left(found, at=at),
        card=card,
        vote_form=VoteForm(prefix="stimme-") if card else None,
        last_vote=small_number(request.args.get("zuletzt")),
        said=said,
        totals=[(choice, sum(vote.choice is choice for vote in said)) for choice in VoteChoice],
    )


def card_for(found: CommentRound, hindrance: Obstacle | None) -> Card | None:
    """Return the comment that whoever asks should vote on; None where they cannot."""
    if not found.voting or hindrance is not None:
        return None
    wanted = small_number(request.args.get("karte"))
    return card_of(db.session(), found, voter=known_mark(found.id, "vote"), wanted=wanted)
