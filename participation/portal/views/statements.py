"""What organisations say on a round: each statement whole, and its original."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.models import CommentRound, Statement
from participation.comments.queries import get_public_round
from participation.comments.statements import get_published_statement, published_pieces
from participation.foundation.errors import NotFound
from participation.portal import paths
from participation.portal.blueprint import blueprint
from participation.portal.queries.comments import stated_views
from participation.revisions.labels import TONES
from participation.revisions.queries import fate_of
from participation.web.extensions import db
from participation.web.headers import pdf_to_save
from participation.web.kept_pages import same_for_everybody


@blueprint.get("/beteiligung/<slug>/stellungnahmen/<int:number>")
@access.public
@same_for_everybody
def statement(slug: str, number: int) -> ResponseReturnValue:
    """Show the statement of an organisation with all its pieces."""
    comment_round, found = _found(slug, number)
    pieces = published_pieces(db.session(), comment_round.id, found.id)
    fate = fate_of(db.session(), found)
    return render_template(
        "portal/statement.html",
        comment_round=comment_round,
        statement=found,
        organisation=found.invitation.organisation,
        document=found.document,
        pieces=stated_views(pieces),
        fate=fate,
        steps=paths.path_rows(fate.steps),
        tones=TONES,
    )


@blueprint.get("/beteiligung/<slug>/stellungnahmen/<int:number>/original.pdf")
@access.public
def statement_original(slug: str, number: int) -> ResponseReturnValue:
    """Return the original, to save, if the organisation wants everybody to have it."""
    _round, found = _found(slug, number)
    if found.document is None or not found.document.is_public:
        raise NotFound("this statement has no public PDF")
    answer: Response = pdf_to_save(
        found.document.content, f"{_('stellungnahme')}-{slug}-{number}.pdf"
    )
    return answer


def _found(slug: str, number: int) -> tuple[CommentRound, Statement]:
    comment_round = get_public_round(db.session(), access.here().id, slug)
    return comment_round, get_published_statement(db.session(), comment_round.id, number)
