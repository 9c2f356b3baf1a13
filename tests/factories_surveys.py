"""Factories of surveys and responses, through the operations that people use."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.contributions.models import Channel
from participation.engagements.operations import publish_engagement
from participation.foundation.clock import local_date
from participation.strategy.models import Element
from participation.surveys import building, operations
from participation.surveys.drafts import QuestionDraft, TermDraft
from participation.surveys.models import Operator, Question, QuestionKind, Survey
from participation.surveys.operations import Submitted, TakenIn
from participation.surveys.sheets import Sheet
from tests.factories_engagements import KEY, MakeEngagements


class MakeSurveys:
    """Surveys, questions and responses."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def survey(
        self,
        municipality: Municipality,
        *,
        published: bool = True,
        questions: Iterable[QuestionDraft] | None = None,
        **plan: Any,
    ) -> Survey:
        """Return a survey, open unless its plan says otherwise, asking `questions`."""
        make: Any = self
        plan = {"title": f"Digital im Alltag {next(self.numbers)}"} | plan
        survey = building.open_survey(
            self.session,
            municipality=municipality,
            plan=MakeEngagements.plan(make, **plan),
            actor=None,
            at=self.at - timedelta(days=2),
        )
        for draft in self.questions() if questions is None else questions:
            self.question(survey, draft)
        if published:
            publish_engagement(
                self.session, engagement=survey, actor=None, at=self.at - timedelta(days=2)
            )
        return survey

    def questions(self, about: Sequence[Element] = ()) -> list[QuestionDraft]:
        """Return one question of each kind, F1 to F4; the first is required and may be `about`."""
        return [
            QuestionDraft(
                QuestionKind.SINGLE,
                "Wie möchten Sie Ihr Anliegen erledigen?",
                choices=("online", "vor Ort ohne Termin", "vor Ort mit Termin", "am Telefon"),
                required=True,
                elements=tuple(about),
            ),
            QuestionDraft(
                QuestionKind.MULTIPLE,
                "Welche Angebote nutzen Sie?",
                choices=("Termine", "Anträge", "Stadtkalender"),
                max_choices=2,
            ),
            QuestionDraft(
                QuestionKind.SCALE,
                "Wie leicht erledigen Sie Dinge mit der Stadt?",
                points=5,
                low="sehr schwer",
                high="sehr leicht",
            ),
            QuestionDraft(
                QuestionKind.TEXT,
                "Was sollte die Stadt als Erstes ändern?",
                help="Bitte keine Namen nennen.",
            ),
        ]

    def every_kind(self) -> list[QuestionDraft]:
        """Return a question of every kind on four pages, F1 to F13, two of them conditional."""
        return [
            QuestionDraft(
                QuestionKind.SINGLE,
                "Wie kommen Sie meist in die Stadt?",
                choices=("zu Fuß", "mit dem Rad", "mit dem Bus", "mit dem Auto"),
                other="anders",
                required=True,
                page=1,
            ),
            QuestionDraft(
                QuestionKind.SINGLE,
                "Wo stellen Sie Ihr Rad ab?",
                choices=("am Bahnhof", "am Markt"),
                terms=(TermDraft("F1", Operator.TICKED, choice="2"),),
                page=1,
            ),
            QuestionDraft(
                QuestionKind.MULTIPLE,
                "Welche Angebote nutzen Sie?",
                choices=("Termine", "Anträge", "Stadtkalender"),
                other="etwas anderes",
                no_answer="weiß nicht",
                max_choices=2,
                page=1,
            ),
            QuestionDraft(
                QuestionKind.SCALE,
                "Wie leicht erledigen Sie Dinge mit der Stadt?",
                points=5,
                low="sehr schwer",
                high="sehr leicht",
                no_answer="kann ich nicht sagen",
                required=True,
                page=2,
            ),
            QuestionDraft(
                QuestionKind.MATRIX,
                "Wie oft nutzen Sie diese Wege?",
                choices=("nie", "selten", "oft"),
                rows=("Telefon", "Internet", "persönlich im Rathaus"),
                page=2,
            ),
            QuestionDraft(
                QuestionKind.TEXT,
                "Was macht es schwer?",
                terms=(TermDraft("F4", Operator.AT_MOST, number=Decimal(2)),),
                page=2,
            ),
            QuestionDraft(
                QuestionKind.RANKING,
                "Was soll zuerst kommen?",
                choices=("Radwege", "Busse", "Bäume", "Bänke"),
                max_choices=3,
                page=3,
            ),
            QuestionDraft(
                QuestionKind.POINTS,
                "Wofür soll die Stadt Geld ausgeben?",
                choices=("Schulen", "Straßen", "Parks"),
                budget=100,
                page=3,
            ),
            QuestionDraft(
                QuestionKind.NUMBER,
                "Wie viele Kilometer ist Ihr Arbeitsweg lang?",
                unit="km",
                lowest=Decimal(0),
                highest=Decimal(1000),
                decimals=1,
                page=3,
            ),
            QuestionDraft(QuestionKind.DATE, "Wann waren Sie zuletzt im Rathaus?", page=4),
            QuestionDraft(QuestionKind.PLACE, "Wo fehlt eine Bank?", page=4),
            QuestionDraft(QuestionKind.SHORT_TEXT, "Ihr Wunsch in einem Wort?", page=4),
            QuestionDraft(QuestionKind.TEXT, "Was sollen wir noch wissen?", page=4),
        ]

    def question(self, survey: Survey, draft: QuestionDraft, code: str | None = None) -> Question:
        """Add a question to a survey."""
        return building.add_question(self.session, survey=survey, draft=draft, code=code)

    def sheet(self, texts: dict[str, str] | None = None, **choices: str | Iterable[str]) -> Sheet:
        """Return a sheet: `sheet(F1="2", F2=["1", "3"], texts={"F4": "Mehr Bänke"})`."""
        return Sheet(
            choices={
                code: (ticked,) if isinstance(ticked, str) else tuple(ticked)
                for code, ticked in choices.items()
            },
            texts=texts or {},
        )

    def response(self, survey: Survey, sheet: Sheet | None = None, **more: Any) -> Submitted:
        """Submit a sheet, from a browser of its own."""
        values: dict[str, Any] = {
            "submission": uuid.uuid4().hex,
            "key": KEY,
            "mark": uuid.uuid4().hex,
            "at": self.at,
        }
        return operations.submit_response(
            self.session, survey=survey, sheet=sheet or self.sheet(F1="1"), **values | more
        )

    def responses(self, survey: Survey, sheets: Iterable[Sheet]) -> TakenIn:
        """Store many sheets at once."""
        return operations.take_in(
            self.session,
            survey=survey,
            sheets=sheets,
            channel=Channel.IMPORTED,
            day=local_date(self.at),
        )

    def answered(self, survey: Survey, **counts: dict[str, int]) -> TakenIn:
        """Store sheets so that each question gets these ticks: `answered(s, F1={"1": 12})`."""
        people = max(sum(of_question.values()) for of_question in counts.values())
        columns = {
            code: [choice for choice, number in of_question.items() for _ in range(number)]
            for code, of_question in counts.items()
        }
        return self.responses(
            survey,
            (
                Sheet(
                    {
                        code: (ticks[number],)
                        for code, ticks in columns.items()
                        if number < len(ticks)
                    }
                )
                for number in range(people)
            ),
        )
