"""Factories of comment rounds, comments and votes, through the operations that people use."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.comments import operations
from participation.comments.models import (
    Comment,
    CommentRound,
    Passage,
    Stance,
    Statement,
    VoteChoice,
)
from participation.comments.operations import Submitted
from participation.comments.passages import PassageDraft
from participation.comments.statement_content import Said, StatementContent, Upload
from participation.comments.statements import hand_in
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import OrganisationKind
from participation.engagements.operations import publish_engagement
from participation.engagements.organisations import Invited, invite_organisation
from participation.engagements.plans import EngagementPlan

KEY = b"a key for tests only"

GUIDELINE = (
    PassageDraft("Die Stadt misst nur, was einer Aufgabe dient.", "Wozu wir messen"),
    PassageDraft(
        "Sensoren der Stadt zählen und messen. Kameras werden nur eingesetzt, wenn ein anderes"
        " Verfahren nicht möglich ist. Bilder verlassen das Gerät nicht.",
        "Keine Bilder von Menschen",
    ),
    PassageDraft("Rohwerte werden nach 30 Tagen gelöscht.", "Wie lange wir Daten behalten"),
)


class MakeComments:
    """Comment rounds, comments and votes."""

    session: Session
    at: datetime
    numbers: itertools.count[int]
    # The factory of engagements gives it.
    plan: Callable[..., EngagementPlan]

    def comment_round(
        self,
        municipality: Municipality,
        *,
        published: bool = True,
        passages: Sequence[PassageDraft] = GUIDELINE,
        voting: bool = True,
        version: Any = None,
        **plan: Any,
    ) -> CommentRound:
        """Return a comment round on a guideline, open unless its plan says otherwise."""
        begun = self.at - timedelta(days=2)
        opened = operations.open_round(
            self.session,
            municipality=municipality,
            plan=self.plan(**{"title": "Leitlinie für Sensoren"} | plan),
            passages=passages,
            version=version,
            voting=voting,
            actor=None,
            at=begun,
        )
        if published:
            publish_engagement(self.session, engagement=opened, actor=None, at=begun)
        return opened

    def submitted_comment(
        self,
        comment_round: CommentRound | None,
        anchor: Passage | Contribution | None = None,
        **more: Any,
    ) -> Submitted:
        """Return a comment as it comes in, with the code of its receipt."""
        values: dict[str, Any] = {
            "stance": None if isinstance(anchor, Contribution) else Stance.CONCERN,
            "text": "„Nicht möglich“ ist dehnbar. Wer entscheidet das?",
            "author": None,
            "submission": uuid.uuid4().hex,
            "key": KEY,
            "at": self.at,
        }
        return operations.submit_comment(
            self.session, round=comment_round, anchor=anchor, **values | more
        )

    def comment(
        self,
        comment_round: CommentRound | None,
        anchor: Passage | Contribution | None = None,
        *,
        status: ContributionStatus = ContributionStatus.PUBLISHED,
        **more: Any,
    ) -> Comment:
        """Return a comment in a status; without an anchor it is about the round as a whole."""
        comment = self.submitted_comment(comment_round, anchor, **more).comment
        self.moved(comment, status)
        return comment

    def moved(self, contribution: Contribution, status: ContributionStatus) -> None:
        """Bring a contribution that has just come in to a status."""
        if status is ContributionStatus.WITHDRAWN:
            contribution.withdraw()
        elif status is ContributionStatus.HIDDEN:
            if contribution.status is ContributionStatus.PENDING:
                contribution.move_to(ContributionStatus.PUBLISHED, at=self.at)
            contribution.move_to(ContributionStatus.HIDDEN, at=self.at)
        elif status is not contribution.status:
            contribution.move_to(status, at=self.at)
        self.session.flush()

    def vote(self, comment: Comment, voter: str, choice: VoteChoice, **more: Any) -> bool:
        """Cast a vote."""
        values: dict[str, Any] = {"account": None, "at": self.at}
        return operations.cast_vote(
            self.session, comment=comment, voter=voter, choice=choice, **values | more
        )

    def votes(
        self, comment: Comment, *, agree: int = 0, disagree: int = 0, passed: int = 0
    ) -> None:
        """Cast that many votes, by voters `1`, `2`, …: first who agree, then who do not."""
        choices: Iterable[VoteChoice] = [
            *[VoteChoice.AGREE] * agree,
            *[VoteChoice.DISAGREE] * disagree,
            *[VoteChoice.PASS] * passed,
        ]
        for number, choice in enumerate(choices, start=1):
            self.vote(comment, str(number), choice)

    def invited(
        self, comment_round: CommentRound, name: str = "Handwerkskammer", **more: Any
    ) -> Invited:
        """Return an invitation with the code of its link."""
        values: dict[str, Any] = {
            "kind": OrganisationKind.CHAMBER,
            "address": "",
            "key": KEY,
            "actor": None,
            "at": self.at,
        }
        return invite_organisation(
            self.session, engagement=comment_round, name=name, **values | more
        )

    def statement(
        self,
        comment_round: CommentRound,
        *,
        name: str = "Handwerkskammer",
        status: ContributionStatus = ContributionStatus.PUBLISHED,
        pieces: Sequence[Said] = (),
        pdf: bytes | None = None,
        **more: Any,
    ) -> Statement:
        """Return a statement that was handed in and brought to a status."""
        values: dict[str, Any] = {
            "text": "Wir tragen den Entwurf mit.",
            "signer_name": "Vera Muster",
            "signer_role": "Geschäftsführerin",
        }
        upload = Upload(pdf, 2) if pdf else None
        content = StatementContent(**values | more, pieces=tuple(pieces), document=upload)
        statement = hand_in(
            self.session,
            comment_round=comment_round,
            invitation=self.invited(comment_round, name).invitation,
            content=content,
            submission=uuid.uuid4().hex,
            key=KEY,
            at=self.at,
        ).statement
        self.moved(statement, status)
        return statement
