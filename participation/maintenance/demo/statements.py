"""Organisations that the demo town asked for a statement, and what staff took from one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from participation.accounts.models import Account
from participation.comments import queries
from participation.comments.models import CommentRound, Statement
from participation.comments.statement_content import Said, StatementContent, Upload
from participation.comments.statements import add_piece, hand_in
from participation.engagements.models import OrganisationInvitation, OrganisationKind
from participation.engagements.organisations import invite_organisation
from participation.foundation.pdf_reading import check_pdf
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.staging import (
    last_moment_of,
    moderate,
    next_office_hour,
    submission,
)
from participation.maintenance.demo.texts import read_file

_UNTIL_INVITED = timedelta(hours=4)
_UNTIL_HANDED_IN = timedelta(days=12)


def ask_organisations(
    stage: Stage, comment_round: CommentRound, texts: dict[str, Any], staff: dict[str, Account]
) -> None:
    """Invite organisations, take in what some wrote, and take their letters apart."""
    for asked in texts.get("asked", ()):
        _invite(stage, comment_round, asked, staff["strategie"])
    for stated in texts.get("statements", ()):
        invitation = _invite(stage, comment_round, stated, staff["strategie"])
        at = min(comment_round.opens_at + _UNTIL_HANDED_IN, last_moment_of(stage, comment_round))
        statement = _state(stage, comment_round, invitation, stated, at)
        moderate(stage, statement, {}, staff["moderation"], at)
        taken_apart_at = min(next_office_hour(at + timedelta(days=1)), stage.now)
        _take_apart(stage, statement, stated, staff["strategie"], taken_apart_at)


def _invite(
    stage: Stage, comment_round: CommentRound, asked: dict[str, Any], actor: Account
) -> OrganisationInvitation:
    return invite_organisation(
        stage.session,
        engagement=comment_round,
        name=asked["name"],
        kind=OrganisationKind(asked["kind"]),
        address="",
        key=stage.key,
        actor=actor,
        at=comment_round.opens_at + _UNTIL_INVITED,
    ).invitation


def _state(
    stage: Stage,
    comment_round: CommentRound,
    invitation: OrganisationInvitation,
    stated: dict[str, Any],
    at: datetime,
) -> Statement:
    letter = read_file(stated["file"])
    signer_name, signer_role = stated["signer"]
    content = StatementContent(
        text=stated["text"],
        signer_name=signer_name,
        signer_role=signer_role,
        is_public=True,
        document=Upload(letter, check_pdf(letter, field="document")),
    )
    return hand_in(
        stage.session,
        comment_round=comment_round,
        invitation=invitation,
        content=content,
        submission=submission(stage),
        key=stage.key,
        at=at,
    ).statement


def _take_apart(
    stage: Stage, statement: Statement, stated: dict[str, Any], actor: Account, at: datetime
) -> None:
    passages = queries.passages_of(stage.session, statement.round_id)
    for piece in stated["pieces"]:
        said = Said(
            passage=passages[piece["passage"] - 1].code,
            stance=piece["stance"],
            text=piece["text"],
            rewording=piece.get("rewording", ""),
        )
        add_piece(
            stage.session,
            statement=statement,
            said=said,
            page=piece["page"],
            actor=actor,
            at=at,
        )
