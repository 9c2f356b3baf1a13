"""As one of which invited group somebody takes part, from the link to what they send.

The link leads to a page with a button, and the button gives the browser a cookie with the
group's code, for a few hours. Every form repeats it in a box that is ticked, so that it says
what will be counted, and whoever clears the box takes part without the group.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, g, request

from participation.engagements.guests import PASS_LIFETIME
from participation.engagements.models import Engagement, ParticipantGroup
from participation.engagements.participant_groups import check_is_there, group_with_code
from participation.web.extensions import db
from participation.web.secrets import cookie_name, secret_key

FIELD = "_group"


@dataclass(frozen=True)
class Joining:
    """The group that is offered, the code of its link, and whether its box is ticked."""

    group: ParticipantGroup
    code: str
    is_chosen: bool


def joining(engagement: Engagement) -> Joining | None:
    """Return what a form says about the group; None where no group is offered."""
    wanted = g.get("group_code", _sent() if request.method == "POST" else None)
    for code in (wanted, request.cookies.get(_cookie(engagement.id))):
        group = _group(engagement.id, code) if code else None
        if code and group is not None:
            return Joining(group, code, is_chosen=wanted is None or code == wanted)
    return None


def joined(engagement: Engagement) -> ParticipantGroup | None:
    """Return the group that what is sent counts for. Raises GroupGone."""
    sent = _sent()
    if not sent:
        return None
    return check_is_there(_group(engagement.id, sent))


def chosen_code() -> str:
    """Return the code that a form sends along; nothing if its box is not ticked."""
    return _sent()


def go_on_as(code: str) -> None:
    """Offer the group with which a sheet was kept, ticked as it was then."""
    g.group_code = code


def join(response: Response, engagement: Engagement, code: str) -> Response:
    """Let a browser take part as one of a group."""
    name = _cookie(engagement.id)
    response.set_cookie(
        name,
        code,
        max_age=PASS_LIFETIME,
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return response


def leave_group(engagement_id: int) -> None:
    """Let a browser take part without the group, with the response to come."""
    g.left_group = engagement_id


def forget_group(response: Response) -> Response:
    """Let whoever uses a browser next begin without the group. For every response."""
    left: int | None = g.get("left_group", g.get("left"))
    if left is None or _cookie(left) not in request.cookies:
        return response
    name = _cookie(left)
    response.delete_cookie(
        name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="Lax"
    )
    return response


def _sent() -> str:
    return request.form.get(FIELD, "").strip() if request.method == "POST" else ""


def _group(engagement_id: int, code: str) -> ParticipantGroup | None:
    """Look a code up once in a request, however often it is asked for."""
    known: dict[tuple[int, str], ParticipantGroup | None] = g.setdefault("groups_by_code", {})
    if (engagement_id, code) not in known:
        known[engagement_id, code] = group_with_code(
            db.session(), engagement_id=engagement_id, key=secret_key(), typed=code
        )
    return known[engagement_id, code]


def _cookie(engagement_id: int) -> str:
    return cookie_name(f"group-{engagement_id}")
