"""Questions and sheets for tests that know beforehand what is counted."""

from __future__ import annotations

from participation.contributions.models import Channel
from participation.foundation.clock import local_date
from participation.surveys import operations
from participation.surveys.models import QuestionKind as Kind
from participation.surveys.questionnaire import AskedChoice, AskedQuestion
from participation.surveys.sheets import Sheet


def choices(*texts: str) -> tuple[AskedChoice, ...]:
    return tuple(AskedChoice(0, str(place), text) for place, text in enumerate(texts, start=1))


def asked(kind: Kind, code: str = "F1", **more) -> AskedQuestion:
    return AskedQuestion(0, code, kind, f"Frage {code}?", **more)


def take_in(make, session, survey, sheets) -> None:
    operations.take_in(
        session,
        survey=survey,
        sheets=sheets,
        channel=Channel.PAPER,
        day=local_date(make.at),
    )


def ticked(code: str, **counts: int) -> list[Sheet]:
    """Return `ticked("F1", _1=12)`: twelve sheets on which choice 1 is ticked."""
    return [
        Sheet(choices={code: (choice.strip("_"),)})
        for choice, number in counts.items()
        for _ in range(number)
    ]
