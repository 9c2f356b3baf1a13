"""Factories of engagements, ideas and decisions, through the operations that people use."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.contributions.models import ContributionStatus
from participation.engagements.codes import new_list_key
from participation.engagements.invitations import make_codes
from participation.engagements.models import Engagement, ParticipantGroup
from participation.engagements.operations import publish_engagement
from participation.engagements.participant_groups import invite_group
from participation.engagements.plans import EngagementPlan
from participation.ideas import operations
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import Submitted
from participation.moderation.models import Action, Ground, ModerationDecision
from participation.moderation.operations import decide
from participation.strategy.models import Element

KEY = b"a key for tests only"


class MakeEngagements:
    """Idea calls and ideas; `plan` serves every kind of engagement."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def plan(self, **more: Any) -> EngagementPlan:
        """Return a plan that is open from a day before to ten days after now."""
        values: dict[str, Any] = {
            "title": f"Digitale Orte {next(self.numbers)}",
            "opens_at": self.at - timedelta(days=1),
            "closes_at": self.at + timedelta(days=10),
            "scope_open": "Wo es öffentliches Netz gibt.",
            "scope_closed": "Wie schnell die Post arbeitet.",
        }
        return EngagementPlan(**values | more)

    def participant_group(
        self, engagement: Engagement, name: str = "Jugendbeirat"
    ) -> ParticipantGroup:
        """Return a group that an engagement invited."""
        return invite_group(self.session, engagement=engagement, name=name, actor=None, at=self.at)

    def idea_call(
        self,
        municipality: Municipality,
        *,
        published: bool = True,
        question: str = "",
        guide: str = "",
        **plan: Any,
    ) -> IdeaCall:
        """Return an idea call, open unless its plan says otherwise."""
        call = operations.open_call(
            self.session,
            municipality=municipality,
            plan=self.plan(**plan),
            question=question,
            guide=guide,
            actor=None,
            at=self.at - timedelta(days=2),
        )
        if published:
            publish_engagement(
                self.session, engagement=call, actor=None, at=self.at - timedelta(days=2)
            )
        return call

    def submitted_idea(self, call: IdeaCall, **more: Any) -> Submitted:
        """Return an idea as it comes in, with the code of its receipt."""
        values: dict[str, Any] = {
            "title": "Sprechende Anzeige",
            "text": "An der Haltestelle fehlt eine Anzeige, die vorliest.",
            "elements": (),
            "author": None,
            "submission": uuid.uuid4().hex,
            "key": KEY,
            "at": self.at,
        }
        return operations.submit_idea(self.session, call=call, **values | more)

    def invitations(self, engagement: Engagement, number: int = 3) -> tuple[str, ...]:
        """Return the codes of that many letters without addresses."""
        made = make_codes(
            self.session,
            engagement=engagement,
            letters=[("number", str(count)) for count in range(number)],
            list_key=new_list_key(),
            submission=uuid.uuid4().hex,
            is_reminder=False,
            group="",
            key=KEY,
            actor=None,
            at=self.at,
        )
        return made.codes

    def idea(
        self,
        call: IdeaCall,
        *,
        status: ContributionStatus = ContributionStatus.PUBLISHED,
        supports: int = 0,
        **more: Any,
    ) -> Idea:
        """Return an idea in a status, with that many supports."""
        idea = self.submitted_idea(call, **more).idea
        if status is ContributionStatus.WITHDRAWN:
            idea.withdraw()
        elif status is ContributionStatus.HIDDEN:
            idea.move_to(ContributionStatus.PUBLISHED, at=self.at)
            idea.move_to(ContributionStatus.HIDDEN, at=self.at)
        elif status is not idea.status:
            idea.move_to(status, at=self.at)
        self.session.flush()
        for number in range(supports):
            operations.support_idea(
                self.session, idea=idea, supporter=f"mark {number}", at=self.at, account=None
            )
        return idea

    def ideas(
        self, call: IdeaCall, number: int, elements: Iterable[Element] = (), **more: Any
    ) -> list[Idea]:
        """Return that many published ideas."""
        return [
            self.idea(call, title=f"Idee Nummer {count}", elements=tuple(elements), **more)
            for count in range(number)
        ]

    def decision(
        self, idea: Idea, action: Action = Action.PUBLISH, *, actor: Account, **more: Any
    ) -> ModerationDecision:
        """Return a decision about an idea, with a ground where one is needed."""
        if action in {Action.REJECT, Action.HIDE}:
            more.setdefault("ground", Ground.OFF_TOPIC)
        more.setdefault("at", self.at)
        return decide(self.session, contribution=idea, action=action, actor=actor, **more)
