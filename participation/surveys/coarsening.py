"""Numbers, days and places as they may leave: in the bands in which they are counted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from participation.analysis.bands import Band, Period
from participation.surveys.counts import count_answers
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.tabling import ELSEWHERE, Exact, exact_of

_KINDS = frozenset({QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE})


# The words of bands or of a square, by their codes.
Say = Callable[[QuestionKind, Sequence[str]], str]


class Coarse:
    """The bands of one question, which are those of its table, in the words that `say` gives."""

    def __init__(self, question: AskedQuestion, exact: Exact, say: Say) -> None:
        self._kind = question.kind
        self._by_month = exact.by_month
        codes = list(exact.counts.codes)
        # “No answer” stands last and is no band.
        self._words = [say(question.kind, (code,)) for code in codes[: len(exact.bands)]]
        if question.kind is QuestionKind.PLACE:
            own = {choice.code for choice in question.choices}
            codes = [code for code in exact.words if code not in own]
            self._squares = {code: say(question.kind, (code,)) for code in codes}
        # Where each band but the first begins, and where each period but the last ends.
        self._starts = [
            band.low for band in exact.bands[1:] if isinstance(band, Band) and band.low is not None
        ]
        self._ends = [
            period.last
            for period in exact.bands[:-1]
            if isinstance(period, Period) and period.last is not None
        ]

    @property
    def words(self) -> list[str]:
        """The words of all bands, in their order."""
        if self._kind is QuestionKind.PLACE:
            return [words for code, words in self._squares.items() if code != ELSEWHERE]
        return self._words

    def words_for(self, written: str) -> str:
        """Return the band of a number, of a month as `12 * year + month - 1`, or of a square.

        A number that lies between two bands belongs to the lower one. The square is written
        `north/east`; one in which fewer than five are is not told.
        """
        if self._kind is QuestionKind.NUMBER:
            return self._words[bisect_right(self._starts, Decimal(written))]
        if self._kind is QuestionKind.DATE:
            month = int(written)
            period = month if self._by_month else month // 12
            return self._words[bisect_left(self._ends, period)]
        return self._squares.get(written) or self._squares[ELSEWHERE]


def coarse_of(session: Session, questionnaire: Questionnaire, say: Say) -> dict[int, Coarse]:
    """Return the bands of the questions that have some, by the id of the question."""
    asked = [question for question in questionnaire.answered if question.kind in _KINDS]
    if not asked:
        return {}
    counted = count_answers(session, questionnaire, asked)
    return {
        question.id: Coarse(question, exact_of(question, counted[question.id]), say)
        for question in asked
    }
