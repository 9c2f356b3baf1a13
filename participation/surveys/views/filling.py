"""A survey while somebody fills it in: what they sent, where they stand, and the page for it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from participation.accounts import access
from participation.engagements.admission import door_page
from participation.engagements.joining import chosen_code, go_on_as
from participation.engagements.models import Audience
from participation.engagements.policy import Obstacle, days_left, obstacle
from participation.engagements.queries import get_public_engagement, has_taken_part
from participation.engagements.visitors import guest_of, known_mark
from participation.engagements.wordings import EASY
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.surveys import queries, typed
from participation.surveys.answer_words import words_of_answer
from participation.surveys.begun import BegunSheet, read_sealed
from participation.surveys.models import (
    FIRST_LANGUAGE,
    QuestionKind,
    Survey,
    WordingCorrection,
)
from participation.surveys.policy import may_print
from participation.surveys.questionnaire import AskedPage, AskedQuestion, Questionnaire
from participation.surveys.sealing import BrokenSeal
from participation.surveys.sheet_forms import SheetForm
from participation.surveys.sheets import Fault, Sheet, faults_of
from participation.surveys.steps import EVERYTHING, Way, outlook
from participation.surveys.tongues import Tongues, is_tag, tongues_of
from participation.surveys.versions import corrections_of
from participation.web.extensions import db
from participation.web.languages import speak
from participation.web.maps import allow_map_pictures, map_pictures
from participation.web.secrets import secret_key

PURPOSE = "response"
# The page on which everything is read over before sending; its number is none of the others'.
CHECK = -1
_MOST_PAGES = 100
_FIELDS = ("frage_", "worte_", "keine_", "punkt_")


class Filling:
    """One request of somebody who fills a survey in.

    `trouble` says why what they sent is not simply taken on: "broken" (the steps before cannot
    be read), "changed" (the survey asks something else now), "old" (open for a month).
    """

    def __init__(self, slug: str, *, sends: bool = False, is_begun: bool = True) -> None:
        self.survey: Survey = get_public_engagement(db.session(), access.here().id, slug, of=Survey)
        # Before the questions are locked: a wrong code is counted in a transaction of its own.
        self.guest = guest_of(self.survey)
        self.about = request.args.get("zu", "")
        self.language = _language()
        speak(self.language)
        self.form = SheetForm()
        self.whole = queries.questionnaire_of(
            db.session(),
            self.survey.id,
            language=self.language,
            answering=sends,
        )
        if not self.whole.questions:
            raise NotFound("this survey asks nothing yet")
        part = self.whole.about(self.about) if self.about else self.whole
        self.is_part = len(part.questions) < len(self.whole.questions)
        self.asked: Questionnaire = part.shuffled_for(self.form.submission.data or "")
        self.trouble = ""
        self.begun = BegunSheet(edition=self.asked.edition, on_one_page=self._wants_one_page())
        self.page_number = EVERYTHING
        if request.method == "POST" and is_begun:
            self._take_up()

    # What was sent --------------------------------------------------------------------------

    def _take_up(self) -> None:
        """Read the steps before out of the form, and lay what was typed now over them."""
        self.page_number = _page_number(self.form.page.data)
        self._take_up_answers()
        self.begun = replace(self.begun, group=chosen_code())

    def _take_up_answers(self) -> None:
        if self.form.sealed.data:
            try:
                self.begun = read_sealed(
                    secret_key(),
                    self.form.sealed.data,
                    survey_id=self.survey.id,
                    submission=self.form.submission.data or "",
                )
            except BrokenSeal:
                self.trouble = "broken"
        if self.begun.edition != self.asked.edition:
            self.trouble = "changed"
        questions = self._questions_of_page()
        if self.trouble == "changed" or (not questions and self.page_number != CHECK):
            # Whatever page that was: what was typed on it is kept.
            sent = typed.pick(request.form, self.asked.questions)
            self.begun = replace(self.begun, typed={**self.begun.typed, **sent})
            return
        sent = typed.pick(request.form, questions)
        before = typed.without(self.begun.typed, questions)
        self.begun = replace(self.begun, typed={**before, **sent})
        if self.trouble:
            return
        if self.form.sealed.data and self.begun.is_too_old(clock.now()):
            self.trouble = "old"
        shown = AskedPage(self.page_number, questions=tuple(questions))
        self.begun = replace(self.begun, seen=self.way.seeing(shown))

    def _questions_of_page(self) -> list[AskedQuestion]:
        if self.page_number == CHECK:
            return []
        return [
            question
            for question in self.asked.questions
            if self.page_number in {EVERYTHING, question.page}
        ]

    def take_over(self, begun: BegunSheet) -> None:
        """Go on with a sheet that was kept."""
        self.begun = begun
        go_on_as(begun.group)
        if begun.edition != self.asked.edition:
            self.trouble = "changed"

    @property
    def sheet(self) -> Sheet:
        """The answers so far."""
        return typed.read(self.asked, self.begun.typed, self.language_of_answers)

    @property
    def way(self) -> Way:
        """Where somebody stands on the way through the survey."""
        return Way(self.asked, self.sheet, self.begun.seen)

    @property
    def language_of_answers(self) -> str:
        """The language in which the questions really were read."""
        has_it = any(question.language == self.language for question in self.asked.questions)
        return self.language if has_it else FIRST_LANGUAGE

    @property
    def shows_map(self) -> bool:
        """Whether a place can be shown on a map on this page."""
        kinds = {one.question.kind for one in self.form.shown}
        return bool(map_pictures()) and QuestionKind.PLACE in kinds

    @property
    def may_print(self) -> bool:
        """Whether it can be filled in on paper instead."""
        return may_print(self.survey, at=clock.now())

    @property
    def is_stepwise(self) -> bool:
        """Whether it is answered page by page."""
        return not self.begun.on_one_page

    @property
    def has_steps(self) -> bool:
        """Whether it could be answered page by page."""
        return len(self.asked.pages) > 1

    def _wants_one_page(self) -> bool:
        return len(self.asked.pages) == 1 or request.args.get("ansicht") == "seite"

    def why_not(self) -> Obstacle | None:
        """Return what keeps somebody from answering now."""
        return obstacle(
            self.survey,
            at=clock.now(),
            account=access.me(),
            form_opened_at=self.form.opened_at if request.method == "POST" else None,
            guest=self.guest,
        )

    def faults(self, page: AskedPage | None = None) -> list[Fault]:
        """Return what is wrong with the answers of one page, or with all."""
        pages = None if page is None else {page.number}
        return faults_of(self.asked, self.sheet, pages=pages)

    def leftovers(self) -> list[str]:
        """Return what was written in answer to questions that are not asked any more."""
        sent = {
            name: tuple(values) for name, values in request.form.lists() if name.startswith(_FIELDS)
        }
        return typed.leftovers({**self.begun.typed, **sent}, self.asked)

    # Where it goes on -----------------------------------------------------------------------

    def first_page(self) -> int:
        """Return the number of the page on which it begins."""
        steps = self.way.steps
        return steps[0].number if self.is_stepwise and steps else EVERYTHING

    def page_of(self, faults: Iterable[Fault]) -> int:
        """Return the number of the page on which the first fault is."""
        for fault in faults:
            question = self.asked.find(fault.code)
            if question is not None and self.is_stepwise:
                return question.page
        return self.first_page()

    def query(self, **more: str) -> dict[str, str]:
        """Return what every address of this form carries on."""
        found = {"zu": self.about, "sprache": request.args.get("sprache", "")} | more
        return {name: value for name, value in found.items() if value}

    # The pages ------------------------------------------------------------------------------

    def page(
        self,
        number: int,
        *,
        faults: Iterable[Fault] = (),
        notice: str = "",
        status: int = 200,
        took_part: bool = False,
    ) -> Response:
        """Show the questions of a page, with what was typed and what is wrong."""
        if self.way.page(number) is None:
            number = EVERYTHING
        self.page_number = number
        questions = self._questions_of_page()
        way = self.way
        outlooks = outlook(self.asked, way.sheet, {one.code for one in questions})
        self.form.show(self.asked, self.begun.typed, questions=questions, outlooks=outlooks)
        self.form.show_faults(list(faults))
        has_answers = any(
            name in self.begun.typed for one in questions for name in typed.names_of(one)
        )
        response = self._rendered(
            "surveys/take_part.html",
            page=way.page(number),
            step=way.count(number) if number != EVERYTHING else None,
            has_before=number != EVERYTHING and way.before(number) is not None,
            leads_to_check=self.begun.is_checked or number == EVERYTHING,
            is_last=number == EVERYTHING or way.after(number) is None,
            notice=notice,
            texts=self.leftovers() if self.trouble == "changed" else [],
            took_part=took_part or bool(self.form.again.data),
        )
        response.status_code = status
        if self.shows_map:
            allow_map_pictures(response)
        if not has_answers and access.me() is None:
            # Without it a browser cannot go back to a step; there is no answer on the page.
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    def check(self, *, notice: str = "", status: int = 200, took_part: bool = False) -> Response:
        """Show every answer before it is sent."""
        self.begun = replace(self.begun, is_checked=True)
        self.page_number = CHECK
        sheet, asked = self.sheet, self.way.asked
        self.form.shown = []
        rows = [
            {
                "number": number,
                "question": question,
                "lines": words_of_answer(question, sheet),
                "parts": [
                    {"question": row, "lines": words_of_answer(row, sheet)}
                    for row in question.rows
                    if row.code in asked
                ],
                "target": EVERYTHING if self.begun.on_one_page else question.page,
            }
            for number, question in enumerate(self.asked.questions, start=1)
            if question.code in asked
        ]
        response = self._rendered(
            "surveys/take_part_check.html",
            rows=rows,
            notice=notice,
            took_part=took_part or bool(self.form.again.data),
        )
        response.status_code = status
        return response

    def closed(self, why_not: Obstacle, status: int = 200) -> Response:
        """Say why nothing can be sent, and show what was typed, to be copied.

        Who lacks a code or a confirmed address is asked for it, and sends the same again.
        """
        door = door_page(self.survey, why_not)
        if door is not None:
            return make_response(door)
        sheet = self.sheet
        answered = [
            (question, words_of_answer(question, sheet)) for question in self.asked.answered
        ]
        page = render_template(
            "surveys/closed.html",
            survey=self.survey,
            obstacle=why_not,
            answers=[(question, lines) for question, lines in answered if lines],
            texts=self.leftovers() if request.method == "POST" else [],
        )
        return make_response(page, status)

    @property
    def language_names(self) -> list[tuple[str, str]]:
        """The languages of the survey, each called as its speakers call it."""
        return [(tag, _name_of(tag)) for tag in self.tongues.languages]

    def lang(self, tag: str, around: str | None = None) -> Markup:
        """Return the attribute for a text in another language than what is around it."""
        if tag == (around or str(get_locale())[:2]):
            return Markup("")
        return Markup(' lang="{}"').format(tag)

    @cached_property
    def corrections(self) -> list[tuple[str, WordingCorrection]]:
        """What was put right in the words of this version since people answered it."""
        return corrections_of(db.session(), self.asked.version_id)

    @cached_property
    def tongues(self) -> Tongues:
        """The survey's own words, and its languages."""
        return tongues_of(db.session(), self.survey, self.asked.version_id, self.language)

    def renew_submission(self) -> None:
        """Give a form whose random key is none a new one, so that it can be sent."""
        self.form.submission.data = secrets.token_hex(16)

    def _rendered(self, template: str, **context: Any) -> Response:
        self.form.page.data = str(self.page_number)
        self.form.sealed.data = replace(self.begun, edition=self.asked.edition).sealed(
            secret_key(),
            survey_id=self.survey.id,
            submission=self.form.submission.data or "",
            at=clock.now(),
        )
        page = render_template(
            template,
            survey=self.survey,
            filling=self,
            form=self.form,
            tongues=self.tongues,
            page_language=str(get_locale())[:2],
            may_go_on=self.survey.audience is Audience.OPEN and access.me() is None,
            days_left=days_left(self.survey, at=clock.now()),
            **context,
        )
        return make_response(page)


def _name_of(tag: str) -> str:
    if tag == EASY:
        return str(_("Leichte Sprache"))
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return tag
    return str(locale.get_display_name() or tag).capitalize()


def took_part(survey: Survey) -> bool:
    """Tell whether this browser or account took part before."""
    mark = known_mark(survey.id, PURPOSE)
    return mark is not None and has_taken_part(db.session(), survey.id, mark)


def _language() -> str:
    wanted = request.args.get("sprache", "")
    return wanted if is_tag(wanted) else str(get_locale())[:2]


def _page_number(text: str | None) -> int:
    """Return which page's fields were sent; everything where that is not said."""
    if text == str(CHECK):
        return CHECK
    is_number = bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 4
    return min(int(str(text)), _MOST_PAGES) if is_number else EVERYTHING
