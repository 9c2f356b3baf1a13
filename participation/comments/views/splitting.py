"""Staff: take a long statement apart into comments on passages, beside its original."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import queries, statements
from participation.comments.blueprint import blueprint
from participation.comments.models import CommentRound, Statement
from participation.comments.places import small_number
from participation.comments.statement_forms import PieceForm
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.pdf_reading import text_of_page
from participation.web.extensions import db
from participation.web.headers import pdf_to_save
from participation.web.refusals import kept_or_told, show_refusal

_ONE = "/verwaltung/beteiligungen/<slug>/stellungnahmen/<int:number>"
_STAFF = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)


@blueprint.route(_ONE, methods=["GET", "POST"])
@access.requires(*_STAFF)
def split_statement(slug: str, number: int) -> ResponseReturnValue:
    """Show the words of a page beside the passages, and take pieces from it."""
    comment_round, statement = _found(slug, number)
    passages = queries.passages_of(db.session(), comment_round.id)
    page = _page_number(statement)
    form = PieceForm.on(passages, page)
    status = 200
    if form.validate_on_submit():
        try:
            piece = statements.add_piece(
                db.session(),
                statement=statement,
                said=form.said(),
                page=form.page.data,
                actor=access.actor(),
                at=clock.now(),
            )
        except (Refused, Conflict) as refusal:
            db.session.rollback()
            comment_round, statement = _found(slug, number)
            show_refusal(form, refusal)
            status = 422
        else:
            added, here = piece.number, form.page.data
            db.session.commit()
            flash(_("Kommentar %(number)s ist angelegt.", number=added), "success")
            return redirect(
                url_for("comments.split_statement", slug=slug, number=number, seite=here), 303
            )
    elif form.errors:
        status = 422
    document = statement.document
    words = text_of_page(document.content, page) if document and page else ""
    return render_template(
        "comments/split.html",
        comment_round=comment_round,
        statement=statement,
        document=document,
        passages=passages,
        page=page,
        words=words,
        form=form,
    ), status


@blueprint.post(_ONE + "/teile/<int:value>/entfernen")
@access.requires(*_STAFF)
def remove_piece(slug: str, number: int, value: int) -> ResponseReturnValue:
    """Take back a piece that staff took from the original."""
    _round, statement = _found(slug, number)
    with kept_or_told(_("Kommentar %(number)s ist wieder entfernt.", number=value)):
        statements.take_back_piece(
            db.session(),
            statement=statement,
            number=value,
            actor=access.actor(),
            at=clock.now(),
        )
    return redirect(url_for("comments.split_statement", slug=slug, number=number), 303)


@blueprint.get(_ONE + "/original.pdf")
@access.requires(*_STAFF)
def statement_original(slug: str, number: int) -> ResponseReturnValue:
    """Return the PDF of a statement, to save."""
    _round, statement = _found(slug, number)
    if statement.document is None:
        raise NotFound("this statement has no PDF")
    answer: Response = pdf_to_save(
        statement.document.content, f"{_('stellungnahme')}-{slug}-{number}.pdf"
    )
    return answer


def _found(slug: str, number: int) -> tuple[CommentRound, Statement]:
    comment_round = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    return comment_round, statements.get_statement(db.session(), comment_round.id, number)


def _page_number(statement: Statement) -> int | None:
    """Return the page that is looked at; the first one unless the address names another."""
    if statement.document is None:
        return None
    wanted = small_number(request.args.get("seite")) or 1
    return min(wanted, statement.document.pages)
