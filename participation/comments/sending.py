"""Take in the comment that a form was sent with, on a text or on an idea."""

from __future__ import annotations

import uuid

from flask import render_template

from participation.accounts import access
from participation.comments import operations
from participation.comments.forms import CommentForm
from participation.comments.models import CommentRound
from participation.contributions.models import Contribution
from participation.engagements.joining import joined
from participation.engagements.models import Engagement
from participation.engagements.operations import CannotTakePart
from participation.engagements.visitors import guest_of, visitor_mark
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.web.extensions import db
from participation.web.languages import current_language
from participation.web.refusals import show_refusal
from participation.web.secrets import secret_key


def send(
    form: CommentForm, engagement: Engagement, anchor: operations.Anchor
) -> operations.Submitted:
    """Take the comment in; its receipt commits. What speaks against it stands in the form."""
    guest = guest_of(engagement)
    try:
        submitted = operations.submit_comment(
            db.session(),
            round=engagement if isinstance(engagement, CommentRound) else None,
            anchor=anchor,
            **form.said(),
            language=current_language().code,
            author=access.me(),
            key=secret_key(),
            at=clock.now(),
            mark=visitor_mark(engagement.id, "contribution"),
            guest=guest,
            group=joined(engagement),
        )
    except CannotTakePart:
        db.session.rollback()
        raise
    except Refused as refusal:
        db.session.rollback()
        if refusal.field == "submission":
            # Whoever sends the key of another form gets a new one and may send again.
            form.submission.data = uuid.uuid4().hex
        show_refusal(form, refusal)
        raise
    return submitted


def hand_over(
    submitted: operations.Submitted,
    discussion: Engagement,
    *,
    is_followed: bool,
    **about: Contribution,
) -> str:
    """Store a comment that was taken in and return its receipt.

    The receipt is the answer itself: its code stands in no address and in no log. It is drawn
    before the commit, which would make the page read everything again, and it is shown only if
    the commit succeeds. `about` names what was commented on, where that is no text.
    """
    receipt = render_template(
        "comments/receipt.html",
        discussion=discussion,
        comment=submitted.comment,
        code=submitted.code,
        is_followed=is_followed,
        **about,
    )
    db.session.commit()
    return receipt
