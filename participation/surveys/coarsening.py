"""Numbers, days and places as they may leave: in the bands in which they are counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from participation.analysis.bands import Band, Period
from participation.surveys.counts import count_answers
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.tabling import ELSEWHERE, Exact, exact_of

_KINDS = frozenset({QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE})


class Coarse:
    """The bands of one question, which are those of its table."""

    def __init__(self, question: AskedQuestion, exact: Exact) -> None:
        self._kind = question.kind
        self._exact = exact
        codes = list(exact.counts.codes)
        # “No answer” stands last and is no band.
        self._words = [exact.label((code,), question.kind)[0] for code in codes[: len(exact.bands)]]

    @property
    def words(self) -> list[str]:
        """The words of all bands, in their order."""
        if self._kind is QuestionKind.PLACE:
            return [words for code, words in self._exact.words.items() if code != ELSEWHERE]
        return self._words

    def number(self, value: Decimal) -> str:
        """Return the band of a number."""
        place = 0
        for index, band in enumerate(self._exact.bands):
            if isinstance(band, Band) and band.low is not None and value >= band.low:
                place = index
        return self._words[place]

    def day(self, day: date) -> str:
        """Return the month or year, or the open end, that a day lies in."""
        value = 12 * day.year + day.month - 1 if self._exact.by_month else day.year
        for index, period in enumerate(self._exact.bands):
            if isinstance(period, Period) and (period.last is None or value <= period.last):
                return self._words[index]
        return self._words[-1]

    def place(self, north: int, east: int) -> str:
        """Return the square of a place; where fewer than five are, it is not told."""
        return self._exact.words.get(f"{north}/{east}") or self._exact.words[ELSEWHERE]


def coarse_of(session: Session, questionnaire: Questionnaire) -> dict[int, Coarse]:
    """Return the bands of the questions that have some, by the id of the question."""
    asked = [question for question in questionnaire.answered if question.kind in _KINDS]
    if not asked:
        return {}
    counted = count_answers(session, questionnaire)
    return {
        question.id: Coarse(question, exact_of(question, counted[question.id]))
        for question in asked
    }
