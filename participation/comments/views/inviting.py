"""Staff: ask organisations for their statements on a round."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import statements
from participation.comments.blueprint import blueprint
from participation.comments.models import CommentRound
from participation.comments.statement_forms import InviteForm
from participation.engagements import organisations, printing
from participation.engagements.models import OrganisationInvitation
from participation.engagements.organisations import Invited
from participation.engagements.policy import is_over
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.notifications.mails import link_from
from participation.notifications.operations import post
from participation.web.extensions import db
from participation.web.filters import local_date
from participation.web.headers import pdf_to_save
from participation.web.refusals import kept_or_told, show_refusal, told
from participation.web.secrets import secret_key

_LIST = "/verwaltung/beteiligungen/<slug>/organisationen"


@blueprint.route(_LIST, methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def organisations_of_round(slug: str) -> ResponseReturnValue:
    """List whom a round invited and what came of it; invite one more."""
    comment_round = _round(slug)
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(comment_round, form), 422 if form.errors else 200
    try:
        invited = organisations.invite_organisation(
            db.session(),
            engagement=comment_round,
            name=form.name.data or "",
            kind=form.kind.data,
            address=form.email.data or "",
            key=secret_key(),
            actor=access.actor(),
            at=clock.now(),
        )
    except (Refused, Conflict) as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return _page(_round(slug), form), 422
    _mail(comment_round, invited)
    db.session.commit()
    return _page(comment_round, InviteForm(formdata=None), invited)


@blueprint.post(_LIST + "/<int:invitation_id>/neuer-link")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def renew_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Make a new link; the one before is worthless."""
    comment_round = _round(slug)
    invitation = organisations.get_invitation(db.session(), comment_round.id, invitation_id)
    try:
        invited = organisations.renew_link(
            db.session(),
            invitation=invitation,
            key=secret_key(),
            actor=access.actor(),
            at=clock.now(),
        )
    except Conflict as conflict:
        db.session.rollback()
        flash(told(conflict), "warning")
        return redirect(url_for("comments.organisations_of_round", slug=slug), 303)
    _mail(comment_round, invited)
    db.session.commit()
    return _page(comment_round, InviteForm(formdata=None), invited)


@blueprint.post(_LIST + "/<int:invitation_id>/zurueckziehen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def revoke_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Make a link worthless."""
    comment_round = _round(slug)
    invitation = organisations.get_invitation(db.session(), comment_round.id, invitation_id)
    with kept_or_told(_("Die Einladung ist zurückgezogen. Ihr Link gilt nicht mehr.")):
        organisations.revoke_invitation(
            db.session(), invitation=invitation, actor=access.actor(), at=clock.now()
        )
    return redirect(url_for("comments.organisations_of_round", slug=slug), 303)


@blueprint.post(_LIST + "/<int:invitation_id>/brief")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def invitation_letter(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Return the letter with a link that was made just now; its code is kept nowhere."""
    comment_round = _round(slug)
    invitation = organisations.get_invitation(db.session(), comment_round.id, invitation_id)
    found, code = organisations.invitation_with_code(
        db.session(),
        municipality_id=comment_round.municipality_id,
        key=secret_key(),
        typed=request.form.get("code", ""),
    )
    if found.id != invitation.id:
        raise NotFound("this code belongs to another invitation")
    letter = printing.organisation_letter(
        comment_round,
        access.here(),
        invitation.organisation.name,
        code,
        address=_address(comment_round, code),
    )
    answer: Response = pdf_to_save(letter, f"{_('einladung')}-{slug}.pdf")
    return answer


def _round(slug: str) -> CommentRound:
    return get_engagement(db.session(), access.here().id, slug, of=CommentRound)


def _address(comment_round: CommentRound, code: str) -> str:
    return link_from(comment_round.municipality_id, "comments.state", token=code)


def _mail(comment_round: CommentRound, invited: Invited) -> None:
    invitation: OrganisationInvitation = invited.invitation
    if not invitation.address:
        return
    post(
        db.session(),
        municipality_id=comment_round.municipality_id,
        key=f"organisation:{invitation.code_hash}",
        address=invitation.address,
        template="comments/invitation",
        payload={
            "title": comment_round.title,
            "organisation": invitation.organisation.name,
            "slug": comment_round.slug,
            "code": invited.code,
            "until": local_date(comment_round.closes_at),
            "forget_address": True,
        },
        at=clock.now(),
    )


def _page(comment_round: CommentRound, form: InviteForm, invited: Invited | None = None) -> str:
    session = db.session()
    stated = {one.invitation_id: one for one in statements.statements_of(session, comment_round.id)}
    return render_template(
        "comments/organisations.html",
        comment_round=comment_round,
        invitations=organisations.invitations_of(session, comment_round.id),
        stated=stated,
        known=organisations.organisations_of(session, comment_round.municipality_id),
        form=form,
        invited=invited,
        address=_address(comment_round, invited.code) if invited else "",
        may_invite=comment_round.published_at is not None
        and not is_over(comment_round, at=clock.now()),
    )
