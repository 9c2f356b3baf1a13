"""Who works for the municipality, and who is invited to."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, operations, policy, queries, second_factor
from participation.accounts.models import Account, Role
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.maintenance.blueprint import blueprint
from participation.maintenance.forms import InvitationForm
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import kept_or_told
from participation.web.secrets import secret_key


@blueprint.get("/personen")
@access.requires(Role.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """Show members, their roles and open invitations."""
    return _page(InvitationForm(formdata=None), 200)


@blueprint.post("/personen/einladen")
@access.requires(Role.ADMINISTRATOR)
def invite() -> ResponseReturnValue:
    """Invite somebody to a role by mail."""
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    if _has_role(form):
        form.email.errors = [_("Diese Person hat die Rolle schon.")]
        return _page(form, 422)
    operations.invite(
        db.session(),
        municipality=access.here(),
        email=form.email.data or "",
        role=Role(form.role.data),
        key=secret_key(),
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Die Einladung an %(address)s ist unterwegs.", address=form.email.data), "success")
    return redirect(url_for("maintenance.people"), 303)


def _has_role(form: InvitationForm) -> bool:
    asked = (form.email.data or "").strip().lower(), Role(form.role.data)
    members = queries.members(db.session(), access.here().id)
    return any((account.email, role) == asked for account, role in members)


@blueprint.post("/personen/einladungen/<int:invitation_id>/zuruecknehmen")
@access.requires(Role.ADMINISTRATOR)
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = queries.get_invitation(db.session(), access.here().id, invitation_id)
    operations.withdraw_invitation(
        db.session(), invitation=invitation, actor=access.actor(), at=clock.now()
    )
    db.session.commit()
    flash(_("Die Einladung ist zurückgenommen."), "success")
    return redirect(url_for("maintenance.people"), 303)


@blueprint.route("/personen/<int:account_id>/<role_name>/entziehen", methods=["GET", "POST"])
@access.requires(Role.ADMINISTRATOR)
def revoke_role(account_id: int, role_name: str) -> ResponseReturnValue:
    """Take a role from somebody, once that is confirmed."""
    member = _member(account_id)
    role = next((role for role in Role if role.value == role_name), None)
    if role is None:
        raise NotFound("there is no such role")
    form = Form()
    if not form.validate_on_submit():
        return _ask_before_revoking(form, member, role)
    with kept_or_told(_("%(name)s hat diese Rolle nicht mehr.", name=member.display_name)):
        operations.revoke_role(
            db.session(),
            account=member,
            municipality=access.here(),
            role=role,
            actor=access.actor(),
            at=clock.now(),
        )
    return redirect(url_for("maintenance.people"), 303)


def _ask_before_revoking(form: Form, member: Account, role: Role) -> ResponseReturnValue:
    members = queries.members(db.session(), access.here().id)
    kept = [theirs for account, theirs in members if account.id == member.id and theirs != role]
    if not any(account.id == member.id and theirs is role for account, theirs in members):
        raise NotFound("nobody has this role")
    return render_template(
        "maintenance/revoke_role.html",
        form=form,
        person=member,
        role=role,
        kept=kept,
        is_me=member.id == access.actor().id,
    )


@blueprint.route("/personen/<int:account_id>/zweiter-faktor", methods=["GET", "POST"])
@access.requires(Role.ADMINISTRATOR)
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    """Forget somebody's second factor, once that is confirmed; they can set up a new phone."""
    member = _member(account_id)
    if len({place.id for place, _role in queries.places_of(db.session(), member.id)}) > 1:
        # One town must not weaken an account that another one trusts.
        raise Conflict(
            _("Diese Person arbeitet auch für eine andere Kommune. Das kann nur der Betreiber.")
        )
    form = Form()
    if not form.validate_on_submit():
        return render_template(
            "maintenance/reset_second_factor.html",
            form=form,
            person=member,
            is_me=member.id == access.actor().id,
        )
    second_factor.turn_off(db.session(), account=member, actor=access.actor(), at=clock.now())
    db.session.commit()
    flash(
        _(
            "%(name)s richtet den zweiten Faktor beim nächsten Mal neu ein.",
            name=member.display_name,
        ),
        "success",
    )
    return redirect(url_for("maintenance.people"), 303)


def _member(account_id: int) -> Account:
    """Return somebody who works here. Nobody else's account is an administrator's business."""
    for account, _role in queries.members(db.session(), access.here().id):
        if account.id == account_id:
            return account
    raise NotFound("nobody of this municipality")


def _page(form: InvitationForm, status: int) -> ResponseReturnValue:
    members = queries.members(db.session(), access.here().id)
    html = render_template(
        "maintenance/people.html",
        form=form,
        people=_by_person(members),
        invitations=queries.open_invitations(db.session(), access.here().id, clock.now()),
        has_second_person=policy.has_second_person(members),
    )
    return html, status


def _by_person(members: Sequence[tuple[Account, Role]]) -> list[tuple[Account, list[Role]]]:
    people: dict[int, tuple[Account, list[Role]]] = {}
    for account, role in members:
        people.setdefault(account.id, (account, []))[1].append(role)
    return list(people.values())
