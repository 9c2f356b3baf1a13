"""Factories of answers, revisions and the whole loop."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality, Role
from participation.ideas.models import Idea, IdeaCall
from participation.insights.models import Finding
from participation.revisions import operations
from participation.revisions.models import (
    Change,
    ChangeOperation,
    Disposition,
    OfficialAnswer,
    Revision,
    StatedReason,
)
from participation.revisions.operations import Reason
from participation.strategy import queries as strategy_queries
from participation.strategy.models import Element, Strategy, StrategyVersion


@dataclass
class Loop:
    """One idea from submission to the next version."""

    strategy: Strategy
    measure: Element
    call: IdeaCall
    idea: Idea
    code: str
    finding: Finding
    answer: OfficialAnswer
    revision: Revision
    lead: Account
    second: Account
    version: StrategyVersion | None = None


class MakeRevisions:
    """Answers and changes through the operations that people use."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def two_people(self, municipality: Municipality) -> tuple[Account, Account]:
        """Return a strategist and a moderator, who can sign together."""
        lead = self.member(Role.STRATEGIST, municipality=municipality, name="Lea Leitung")  # type: ignore[attr-defined]
        second = self.member(Role.MODERATOR, municipality=municipality, name="Zoe Zweite")  # type: ignore[attr-defined]
        return lead, second

    def answer(
        self,
        *findings: Finding,
        disposition: Disposition = Disposition.PARTLY_ADOPTED,
        reasons: str = "Drei offene Tage statt fünf: Für fünf Tage fehlen 1,5 Stellen.",
        with_adoption: bool = False,
        actor: Account | None = None,
    ) -> OfficialAnswer:
        """Return a draft."""
        return operations.draft_answer(
            self.session,
            findings=findings,
            disposition=disposition,
            reasons=reasons,
            with_adoption=with_adoption,
            actor=actor,
            at=self.at,
        )

    def signed(
        self, answer: OfficialAnswer, people: Sequence[Account], at: datetime | None = None
    ) -> OfficialAnswer:
        """Have an answer signed by these people, one after the other."""
        for person in people:
            operations.sign_answer(self.session, answer=answer, actor=person, at=at or self.at)
        return answer

    def revision(self, strategy: Strategy) -> Revision:
        """Open a revision of an adopted strategy."""
        return operations.open_revision(self.session, strategy=strategy, actor=None, at=self.at)

    def amended(
        self,
        revision: Revision,
        code: str,
        *,
        because: Sequence[Reason] = (),
        actor: Account | None = None,
        **fields: Any,
    ) -> Change | None:
        """Propose that an element of the base reads differently in some fields."""
        base = strategy_queries.contents_of(self.session, revision.base_version_id)
        element, content = base[code]
        return operations.propose_change(
            self.session,
            revision=revision,
            element=element,
            operation=ChangeOperation.AMEND,
            content=replace(content, **fields),
            because=because,
            actor=actor,
            at=self.at,
        )

    def stated(self, text: str = "Haushalt 2027") -> Reason:
        """Return a reason other than a finding."""
        return Reason(stated=StatedReason.BUDGET, text=text)

    def adopt(self, revision: Revision, at: datetime | None = None) -> StrategyVersion:
        """Adopt a revision from which nothing is missing."""
        return operations.adopt(
            self.session,
            revision=revision,
            resolution=self.resolution(),  # type: ignore[attr-defined]
            actor=None,
            at=at or self.at,
            despite_rounds=True,
        )

    def loop(self, municipality: Municipality, *, adopted: bool = True, **answer: Any) -> Loop:
        """Take one idea about M-01 through the whole loop, or up to the adoption."""
        make: Any = self
        strategy = make.adopted_strategy(municipality)
        measure = strategy_queries.get_element(self.session, strategy.id, "M-01")
        call = make.idea_call(municipality, elements=(measure,))
        submitted = make.submitted_idea(
            call,
            title="Einfach hingehen können",
            text="Meine Mutter ist 81 und hat keine E-Mail-Adresse.",
            elements=(measure,),
        )
        lead, second = self.two_people(municipality)
        make.decision(submitted.idea, actor=second)
        finding = make.finding(
            strategy,
            "Wer keinen Termin online buchen kann, bleibt heute außen vor.",
            elements=(measure,),
            contributions=(submitted.idea,),
        )
        revision = self.revision(strategy)
        self.amended(
            revision,
            "M-01",
            text="Das Bürgerbüro öffnet an fünf Tagen ohne Termin.",
            because=(Reason(finding=finding), self.stated()),
        )
        signed = self.signed(self.answer(finding, **answer), (lead, second))
        loop = Loop(
            strategy,
            measure,
            call,
            submitted.idea,
            submitted.code,
            finding,
            signed,
            revision,
            lead,
            second,
        )
        if adopted:
            loop.version = self.adopt(revision)
        return loop
