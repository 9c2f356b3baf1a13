"""Factories of released results and findings."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import Contribution
from participation.engagements.models import Engagement
from participation.insights import operations
from participation.insights.models import Aggregate, AggregateKind, Finding
from participation.strategy.models import Element, Strategy
from participation.surveys.models import QuestionKind
from participation.surveys.tables import CountRow, QuestionTable


class MakeInsights:
    """Results as a release leaves them, and findings through the operation that people use."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def aggregate(
        self, engagement: Engagement, *, elements: Iterable[Element] = (), **more: Any
    ) -> Aggregate:
        """Return a released result of a question, three bars and n = 615 unless told otherwise."""
        number = next(self.numbers)
        values: dict[str, Any] = {
            "release": 1,
            "final": True,
            "kind": AggregateKind.SURVEY_QUESTION,
            "subject": f"frage-{number}",
            "position": number,
            "title": "Wie möchten Sie Ihr Anliegen erledigen?",
            "method": "test",
            "parameters": {},
            "seed": 0,
            "n": 615,
            "result": self.counted(),
            "released_at": self.at,
        }
        aggregate = Aggregate(engagement=engagement, elements=list(elements), **values | more)
        self.session.add(aggregate)
        self.session.flush()
        return aggregate

    def counted(self) -> dict[str, Any]:
        """Return the stored form of a question's result: three bars."""
        shares = {"online von zu Hause": 40, "vor Ort ohne Termin": 35, "am Telefon": 25}
        rows = tuple(
            CountRow((label,), round(615 * share / 100), share) for label, share in shares.items()
        )
        table = QuestionTable(
            code="frage",
            question="Wie möchten Sie Ihr Anliegen erledigen?",
            kind=QuestionKind.SINGLE,
            n=615,
            rows=rows,
        )
        return table.as_json()

    def finding(
        self,
        strategy: Strategy,
        sentence: str | None = None,
        *,
        elements: Sequence[Element],
        contributions: Sequence[Contribution] = (),
        aggregates: Sequence[Aggregate] = (),
        actor: Account | None = None,
        at: datetime | None = None,
    ) -> Finding:
        """Return a finding about elements, resting on what is given."""
        return operations.record_finding(
            self.session,
            strategy=strategy,
            sentence=sentence or f"Erkenntnis Nummer {next(self.numbers)} über den Alltag.",
            elements=elements,
            contributions=contributions,
            aggregates=aggregates,
            actor=actor,
            at=at or self.at,
        )
