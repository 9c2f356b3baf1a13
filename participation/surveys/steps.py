"""The way through a survey that is answered page by page. Pure: what is asked, and what was typed.

A page whose questions all fall away by conditions is no step. A condition about a question on
the same page cannot be decided before the page is sent: that question is shown with its
condition in words, and dropped afterwards where it was not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from participation.surveys.conditions import asked_of, is_true
from participation.surveys.models import ConditionMode
from participation.surveys.questionnaire import (
    AskedCondition,
    AskedPage,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Sheet

# A survey on one page is one step with this number.
EVERYTHING = 0


@dataclass(frozen=True)
class Way:
    """Where somebody stands: the sheet so far, and the codes of the questions they have seen."""

    questionnaire: Questionnaire
    sheet: Sheet
    seen: frozenset[str] = frozenset()

    @cached_property
    def asked(self) -> frozenset[str]:
        """The codes of the questions that the sheet is asked as it is now."""
        return asked_of(self.questionnaire, self.sheet)

    @cached_property
    def pages(self) -> tuple[AskedPage, ...]:
        """All pages, whether they are asked or not."""
        return self.questionnaire.pages

    def page(self, number: int) -> AskedPage | None:
        """Return the page of a number."""
        return next((page for page in self.pages if page.number == number), None)

    @cached_property
    def steps(self) -> tuple[AskedPage, ...]:
        """The pages that ask something."""
        return tuple(page for page in self.pages if self._asks(page, self.asked))

    def after(self, number: int) -> AskedPage | None:
        """Return the next step; None where only the check is left."""
        return next((page for page in self.steps if page.number > number), None)

    def before(self, number: int) -> AskedPage | None:
        """Return the step before; None at the first."""
        return next((page for page in reversed(self.steps) if page.number < number), None)

    def first_unseen(self, below: int | None = None) -> AskedPage | None:
        """Return the first step with a question that was never shown, before a page if given."""
        for page in self.steps:
            if below is not None and page.number >= below:
                return None
            if any(one.code in self.asked - self.seen for one in page.questions):
                return page
        return None

    def seeing(self, page: AskedPage) -> frozenset[str]:
        """Return what was seen once this page is answered."""
        return self.seen | {one.code for one in page.questions if one.code in self.asked}

    def count(self, number: int) -> tuple[int, int]:
        """Return which step of how many a page is; what may still be asked counts as asked."""
        answered = [page for page in self.pages if page.number < number]
        possible = outlook(
            self.questionnaire,
            self.sheet,
            open_codes={
                one.code for page in self.pages if page.number >= number for one in page.questions
            },
        )
        likely = {code for code, one in possible.items() if one.is_asked is not False}
        earlier = sum(self._asks(page, self.asked) for page in answered)
        later = sum(self._asks(page, likely) for page in self.pages if page.number > number)
        return earlier + 1, earlier + 1 + later

    @staticmethod
    def _asks(page: AskedPage, codes: Collection[str]) -> bool:
        return any(question.code in codes for question in page.questions)


@dataclass(frozen=True)
class Outlook:
    """Whether a question is asked; None where that hangs on an answer that is still open.

    Then `terms` are those of its condition, with the verdict instead of each that is decided.
    """

    is_asked: bool | None
    terms: tuple[AskedTerm | bool, ...] = ()


def outlook(
    questionnaire: Questionnaire, sheet: Sheet, open_codes: Collection[str]
) -> dict[str, Outlook]:
    """Tell of each question whether it is asked, and of each row, if its matrix is.

    `open_codes` are the questions whose answers can still change before this is decided.
    """
    found: dict[str, Outlook] = {}
    asked: dict[str, AskedQuestion] = {}
    rows_of_open = {
        row.code
        for question in questionnaire.questions
        if question.code in open_codes
        for row in question.rows
    }
    still_open = rows_of_open | set(open_codes)
    for question in questionnaire.questions:
        for one in (question, *question.rows):
            if one is not question and found[question.code].is_asked is False:
                found[one.code] = Outlook(False)
                continue
            found[one.code] = _outlook(one.condition, found, asked, sheet, still_open)
            if found[one.code].is_asked is not False:
                asked[one.code] = one
    return found


def _outlook(
    condition: AskedCondition | None,
    found: Mapping[str, Outlook],
    asked: Mapping[str, AskedQuestion],
    sheet: Sheet,
    still_open: Collection[str],
) -> Outlook:
    if condition is None or not condition.terms:
        return Outlook(True)
    terms: list[AskedTerm | bool] = []
    for term in condition.terms:
        earlier = found.get(term.earlier)
        if earlier is None or earlier.is_asked is False:
            terms.append(is_true(term, None, sheet))
        elif term.earlier in still_open or earlier.is_asked is None:
            terms.append(term)
        else:
            terms.append(is_true(term, asked[term.earlier], sheet))
    decisive = condition.mode is ConditionMode.ANY
    if decisive in terms:
        return Outlook(decisive)
    if any(isinstance(term, AskedTerm) for term in terms):
        return Outlook(None, tuple(terms))
    return Outlook(not decisive)
