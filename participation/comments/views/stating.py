"""An invited organisation writes its statement: saved for later, then handed in."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments import queries, statement_drafts, statements
from participation.comments.blueprint import blueprint
from participation.comments.models import CommentRound
from participation.comments.statement_content import StatementContent
from participation.comments.statement_forms import StatementForm
from participation.comments.statements import StatementClosed
from participation.engagements.models import OrganisationInvitation
from participation.engagements.organisations import invitation_with_code
from participation.engagements.policy import Obstacle
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.pdf_reading import LARGEST_PDF
from participation.web.bounds import takes_files
from participation.web.extensions import db
from participation.web.kept_fields import texts_to_copy
from participation.web.limits import limited
from participation.web.refusals import show_refusal
from participation.web.secrets import secret_key


@blueprint.route("/stellungnahme/<token>", methods=["GET", "POST"])
@access.public
@limited("60/hour", at_most="600/hour")
@takes_files(LARGEST_PDF + 4_000_000, allowed=LARGEST_PDF)
def state(token: str) -> ResponseReturnValue:
    """Show what an organisation has saved, save it again, or hand it in for good."""
    session = db.session()
    try:
        invitation, code = invitation_with_code(
            session, municipality_id=access.here().id, key=secret_key(), typed=token
        )
    except NotFound:
        return _no_way_in()
    comment_round = session.get(CommentRound, invitation.engagement_id)
    if comment_round is None:
        return _no_way_in()
    at = clock.now()
    saved = statement_drafts.read_draft(session, invitation=invitation, code=code)
    form = StatementForm.on(
        queries.passages_of(session, comment_round.id), saved[0] if saved else None
    )
    form.is_final = "save" not in request.form
    found = statements.find_statement_of(session, invitation.id)
    if found is not None and request.method == "GET":
        return render_template(
            "comments/stated.html", comment_round=comment_round, statement=found, code=None
        )
    if form.is_submitted() and found is None and not form.is_final:
        return _save(form, comment_round, invitation, code)
    if form.validate_on_submit():
        return _hand_in(form, comment_round, invitation, code)
    if form.is_submitted():
        _keep_document(form, invitation, code)
    why = statements.statement_obstacle(comment_round, at=at)
    return _page(form, comment_round, invitation, code, why, saved_at=saved[1] if saved else None)


def _save(
    form: StatementForm,
    comment_round: CommentRound,
    invitation: OrganisationInvitation,
    code: str,
) -> ResponseReturnValue:
    at = clock.now()
    why = statements.statement_obstacle(comment_round, at=at, form_opened_at=form.opened_at)
    if why is not None or not form.validate():
        return _page(form, comment_round, invitation, code, why)
    statement_drafts.save_draft(
        db.session(), invitation=invitation, content=form.content(), code=code, at=at
    )
    db.session.commit()
    flash(_("Gespeichert. Mit demselben Link machen Sie weiter."), "success")
    return redirect(url_for("comments.state", token=code), 303)


def _hand_in(
    form: StatementForm,
    comment_round: CommentRound,
    invitation: OrganisationInvitation,
    code: str,
) -> ResponseReturnValue:
    session = db.session()
    try:
        handed_in = statements.hand_in(
            session,
            comment_round=comment_round,
            invitation=invitation,
            content=form.content(),
            submission=form.submission.data or "",
            key=secret_key(),
            at=clock.now(),
            form_opened_at=form.opened_at,
        )
    except StatementClosed as closed:
        session.rollback()
        return _page(form, comment_round, invitation, code, closed.obstacle)
    except Refused as refusal:
        session.rollback()
        if refusal.field == "submission":
            form.submission.data = uuid.uuid4().hex
        show_refusal(form, refusal)
        _keep_document(form, invitation, code)
        return _page(form, comment_round, invitation, code, None)
    except Conflict:
        session.rollback()
        return redirect(url_for("comments.state", token=code), 303)
    session.commit()
    # The receipt is the answer itself: its code stands in no address and in no log.
    return render_template(
        "comments/stated.html",
        comment_round=comment_round,
        statement=handed_in.statement,
        code=handed_in.code,
    )


def _keep_document(form: StatementForm, invitation: OrganisationInvitation, code: str) -> None:
    """Save a good PDF where something else is wrong: no browser would send it again."""
    if not form.document.data or form.document.errors or form.kept_document is None:
        return
    session = db.session()
    if statements.find_statement_of(session, invitation.id) is not None:
        return
    saved = statement_drafts.read_draft(session, invitation=invitation, code=code)
    before = saved[0] if saved else StatementContent()
    statement_drafts.save_draft(
        session,
        invitation=invitation,
        content=StatementContent(
            before.text,
            before.signer_name,
            before.signer_role,
            before.is_public,
            before.pieces,
            form.kept_document,
        ),
        code=code,
        at=clock.now(),
    )
    session.commit()


def _page(
    form: StatementForm,
    comment_round: CommentRound,
    invitation: OrganisationInvitation,
    code: str,
    why: Obstacle | None,
    *,
    saved_at: object = None,
) -> ResponseReturnValue:
    is_sent = request.method == "POST"
    page = render_template(
        "comments/state.html",
        comment_round=comment_round,
        organisation=invitation.organisation,
        token=code,
        form=form,
        obstacle=why,
        saved_at=saved_at,
        texts=texts_to_copy() if is_sent and why is not None else [],
    )
    status = 409 if is_sent and why is not None else 422 if form.errors or form.form_errors else 200
    return page, status


def _no_way_in() -> ResponseReturnValue:
    """The link is unknown, revoked or replaced: said alike, and nothing typed is lost."""
    texts = texts_to_copy() if request.method == "POST" else []
    return render_template("comments/no_way_in.html", texts=texts), 404
