"""Groups that an engagement invites: staff give each its link, and people come by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements import joining, participant_groups, policy, queries
from participation.engagements.blueprint import blueprint
from participation.engagements.forms import GroupForm
from participation.engagements.models import Engagement, ParticipantGroup
from participation.engagements.participant_groups import code_of_group, groups_of
from participation.engagements.policy import DOORS, obstacle
from participation.engagements.views.admitting import entrance, not_open
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.qr_codes import qr_response
from participation.web.refusals import kept_or_told, show_refusal
from participation.web.secrets import secret_key

_LIST = "/verwaltung/beteiligungen/<slug>/gruppen"
_ONE = _LIST + "/<int(max=2147483647):group_id>"

blueprint.add_app_template_global(joining.joining, "joining")
blueprint.after_app_request(joining.forget_group)


@blueprint.route("/beteiligung/<slug>/gruppe/<token>", methods=["GET", "POST"])
@access.public
@limited("120/hour", at_most="1200/hour")
def join_group(slug: str, token: str) -> ResponseReturnValue:
    """Come in by a group's link, with a button: programs that open mailed links do nothing."""
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    group = participant_groups.group_with_code(
        db.session(), engagement_id=engagement.id, key=secret_key(), typed=token
    )
    if group is None:
        page = render_template("engagements/no_group.html", engagement=engagement)
        return page, 404
    why_not = obstacle(engagement, at=clock.now(), account=access.me())
    if policy.is_over(engagement, at=clock.now()):
        return not_open(engagement)
    if request.method == "GET":
        return render_template(
            "engagements/join_group.html",
            engagement=engagement,
            group=group,
            token=token,
            is_open=why_not is None or why_not in DOORS,
            obstacle=why_not,
        )
    answer = make_response(redirect(entrance(engagement), 303))
    return joining.join(answer, engagement, code_of_group(secret_key(), group))


@blueprint.post("/beteiligung/<slug>/ohne-gruppe")
@access.public
@limited("120/hour")
def leave_group(slug: str) -> ResponseReturnValue:
    """Take part without the group from now on."""
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    joining.leave_group(engagement.id)
    return redirect(url_for("portal.engagement", slug=engagement.slug), 303)


@blueprint.route(_LIST, methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def groups(slug: str) -> ResponseReturnValue:
    """List the groups that an engagement invited; invite one more."""
    engagement = _engagement(slug)
    form = GroupForm()
    if not form.validate_on_submit():
        return _page(engagement, form), 422 if form.errors else 200
    try:
        participant_groups.invite_group(
            db.session(),
            engagement=engagement,
            name=form.name.data or "",
            actor=access.actor(),
            at=clock.now(),
        )
    except (Refused, Conflict) as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return _page(_engagement(slug), form), 422
    db.session.commit()
    return redirect(url_for("engagements.groups", slug=slug), 303)


@blueprint.route(_ONE, methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def rename_group(slug: str, group_id: int) -> ResponseReturnValue:
    """Give a group another name."""
    engagement = _engagement(slug)
    group = participant_groups.get_group(db.session(), engagement.id, group_id)
    form = GroupForm(obj=group)
    if form.validate_on_submit():
        try:
            participant_groups.rename_group(
                db.session(),
                engagement=engagement,
                group=group,
                name=form.name.data or "",
                actor=access.actor(),
                at=clock.now(),
            )
        except (Refused, Conflict) as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            db.session.commit()
            return redirect(url_for("engagements.groups", slug=slug), 303)
    page = render_template(
        "engagements/rename_group.html", engagement=engagement, group=group, form=form
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get(_ONE + "/qr.svg")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def group_qr(slug: str, group_id: int) -> ResponseReturnValue:
    """Draw a group's link."""
    engagement = _engagement(slug)
    group = participant_groups.get_group(db.session(), engagement.id, group_id)
    return qr_response(_address(engagement, group))


@blueprint.post(_ONE + "/neuer-link")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def renew_group_link(slug: str, group_id: int) -> ResponseReturnValue:
    """Make a new link; the one before is worthless."""
    words = _("Die Gruppe hat einen neuen Link. Der alte gilt nicht mehr.")
    return _change(slug, group_id, participant_groups.renew_group_link, words)


@blueprint.post(_ONE + "/schliessen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def close_group(slug: str, group_id: int) -> ResponseReturnValue:
    """Take in nothing more from a group."""
    words = _("Die Gruppe ist geschlossen. Was aus ihr kam, zählt weiter.")
    return _change(slug, group_id, participant_groups.close_group, words)


@blueprint.post(_ONE + "/oeffnen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def reopen_group(slug: str, group_id: int) -> ResponseReturnValue:
    """Let a group that was closed take part again."""
    words = _("Die Gruppe kann wieder teilnehmen.")
    return _change(slug, group_id, participant_groups.reopen_group, words)


@blueprint.post(_ONE + "/entfernen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def remove_group(slug: str, group_id: int) -> ResponseReturnValue:
    """Remove a group from which nothing has come."""
    return _change(slug, group_id, participant_groups.remove_group, _("Die Gruppe ist entfernt."))


def _change(
    slug: str, group_id: int, operation: Callable[..., None], words: str
) -> ResponseReturnValue:
    engagement = _engagement(slug)
    group = participant_groups.get_group(db.session(), engagement.id, group_id)
    with kept_or_told(words):
        operation(
            db.session(),
            engagement=engagement,
            group=group,
            actor=access.actor(),
            at=clock.now(),
        )
    return redirect(url_for("engagements.groups", slug=slug), 303)


def _engagement(slug: str) -> Engagement:
    return queries.get_engagement(db.session(), access.here().id, slug)


def _address(engagement: Engagement, group: ParticipantGroup) -> str:
    return link_from(
        engagement.municipality_id,
        "engagements.join_group",
        slug=engagement.slug,
        token=code_of_group(secret_key(), group),
    )


def _page(engagement: Engagement, form: GroupForm) -> str:
    rows: list[dict[str, Any]] = [
        {"group": group, "address": _address(engagement, group)}
        for group in groups_of(db.session(), engagement.id)
    ]
    return render_template(
        "engagements/groups.html",
        engagement=engagement,
        rows=rows,
        form=form,
        most=participant_groups.MOST_GROUPS,
        may_change=not policy.is_over(engagement, at=clock.now()),
    )
