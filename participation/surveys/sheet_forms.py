"""The form that citizens fill in: questions with what was typed and what is wrong with it.

What an answer must be is said by `surveys.sheets` alone, so that forms, imports and whatever
comes refuse the same; this form only shows it beside the question.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from participation.surveys.condition_words import words_of_condition
from participation.surveys.labels import words_of
from participation.surveys.models import ConditionMode, QuestionKind
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Fault
from participation.surveys.steps import Outlook
from participation.surveys.typed import (
    Typed,
    day_in,
    field_name,
    no_answer_name,
    part_name,
    point_name,
    words_name,
)
from participation.web.forms import OpenForm


@dataclass
class ShownQuestion:
    """A question with its number, what was typed into its fields, and what is wrong.

    `condition` says in words when it is asked, and `rule` says it to the script; both are
    empty where it is asked in any case.
    """

    number: int
    question: AskedQuestion
    typed: Typed
    condition: str = ""
    rule: str = ""
    rows: list[ShownQuestion] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of its field, which is the beginning of the ids on the page too."""
        return field_name(self.question)

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return f"f-{self.question.code}"

    @property
    def target(self) -> str:
        """The id of its first field, where what is wrong with it leads to."""
        kind = self.question.kind
        if kind is QuestionKind.MATRIX and self.rows:
            return self.rows[0].target
        is_one_field = not (self.question.is_ticked or self.question.is_weighed)
        return self.name if is_one_field else f"{self.name}-0"

    @property
    def value(self) -> str:
        """What was typed into a field of one line or several."""
        return next(iter(self.typed.get(self.name, ())), "")

    @property
    def date_type(self) -> str:
        """The type of a day's field: what is no day is shown as it was typed."""
        return "date" if not self.value or day_in(self.value.strip()) else "text"

    @property
    def date_value(self) -> str:
        """The day as a calendar field takes it, or what was typed instead."""
        day = day_in(self.value.strip())
        return self.value if day is None else day.isoformat()

    @property
    def words_name(self) -> str:
        """The name of the field for the words of “other”."""
        return words_name(self.question)

    @property
    def words(self) -> str:
        """The words that were typed for “other”."""
        return next(iter(self.typed.get(self.words_name, ())), "")

    @property
    def no_answer_name(self) -> str:
        """The name of the box for “no answer” beside a field."""
        return no_answer_name(self.question)

    @property
    def point_name(self) -> str:
        """The name of the field for a point on a map."""
        return point_name(self.question)

    @property
    def point(self) -> str:
        """The point that was chosen on a map."""
        return next(iter(self.typed.get(self.point_name, ())), "")

    @property
    def has_no_answer(self) -> bool:
        """Whether the box for “no answer” is ticked."""
        return bool(self.typed.get(self.no_answer_name))

    def is_ticked(self, choice: AskedChoice) -> bool:
        """Tell whether a choice was ticked."""
        return choice.code in self.typed.get(self.name, ())

    def part_name(self, choice: AskedChoice) -> str:
        """Return the name of the field for one choice's rank or points."""
        return part_name(self.question, choice)

    def amount(self, choice: AskedChoice) -> str:
        """Return what was typed as a choice's rank or points."""
        return next(iter(self.typed.get(self.part_name(choice), ())), "")

    def has_rank(self, choice: AskedChoice) -> bool:
        """Tell whether the rank that was typed for a choice is one that there is."""
        ranks = {str(rank) for rank in range(1, self.question.most + 1)}
        return self.amount(choice) in ranks

    @property
    def all_errors(self) -> list[tuple[ShownQuestion, str]]:
        """What is wrong with it or with its rows, each with the question it is about."""
        own = [(self, error) for error in self.errors]
        return own + [(row, error) for row in self.rows for error in row.errors]


class SheetForm(OpenForm):
    """What every page of a survey carries; the questions are `shown`, which are no fields.

    `sealed` holds the steps before, `page` says which page's fields stand on it.
    """

    sealed = HiddenField()
    page = HiddenField()
    again = BooleanField(_l("Ich bin eine andere Person am selben Gerät."))

    shown: list[ShownQuestion]
    form_errors: list[str]

    def show(
        self,
        questionnaire: Questionnaire,
        typed: Typed,
        *,
        questions: Iterable[AskedQuestion] | None = None,
        outlooks: Mapping[str, Outlook] | None = None,
    ) -> None:
        """Show questions, all unless some are given, with what was typed.

        `outlooks` tell of each whether it is asked: one that is not is left out, one that
        hangs on an answer of the same page stands with its condition. Without them all are
        shown, as on paper.
        """
        numbers = {one.code: place for place, one in enumerate(questionnaire.questions, start=1)}
        self.shown = [
            _shown(questionnaire, question, numbers[question.code], typed, outlooks)
            for question in (questionnaire.questions if questions is None else questions)
            if _is_shown(question, outlooks)
        ]

    def show_faults(self, faults: Collection[Fault]) -> None:
        """Write beside each question what is wrong with its answer."""
        by_code = {one.question.code: one for row in self.shown for one in (row, *row.rows)}
        for fault in faults:
            one = by_code.get(fault.code)
            if one is None:
                self.form_errors = [*self.form_errors, words_of(fault)]
            else:
                one.errors.append(words_of(fault))

    @property
    def has_required(self) -> bool:
        """Whether some answer on this page must be given."""
        return any(one.question.required for row in self.shown for one in (row, *row.rows))

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong on this page."""
        return bool(self.errors) or any(one.all_errors for one in self.shown)


def form_for(questionnaire: Questionnaire, typed: Typed | None = None) -> SheetForm:
    """Return the form of a survey with all its questions, for a preview too."""
    form = SheetForm()
    form.show(questionnaire, typed or {})
    return form


def _is_shown(question: AskedQuestion, outlooks: Mapping[str, Outlook] | None) -> bool:
    return outlooks is None or outlooks[question.code].is_asked is not False


def _shown(
    questionnaire: Questionnaire,
    question: AskedQuestion,
    number: int,
    typed: Typed,
    outlooks: Mapping[str, Outlook] | None,
) -> ShownQuestion:
    hangs = outlooks is None or outlooks[question.code].is_asked is None
    terms = outlooks[question.code].terms if outlooks is not None else ()
    return ShownQuestion(
        number=number,
        question=question,
        typed=typed,
        condition=words_of_condition(questionnaire, question) if hangs else "",
        rule=_rule_of(question, terms) if terms else "",
        rows=[
            _shown(questionnaire, row, number, typed, outlooks)
            for row in question.rows
            if _is_shown(row, outlooks)
        ],
    )


def _rule_of(question: AskedQuestion, terms: tuple[AskedTerm | bool, ...]) -> str:
    """Return the condition for the script: terms about the page, and what is known besides."""
    is_all = question.condition is not None and question.condition.mode is ConditionMode.ALL
    return json.dumps({"all": is_all, "terms": [_term(term) for term in terms]})


def _term(term: AskedTerm | bool) -> dict[str, Any] | bool:
    if isinstance(term, bool):
        return term
    number = None if term.number is None else float(term.number)
    values = {"choice": term.choice, "number": number}
    return {"earlier": term.earlier, "operator": term.operator.value} | values
