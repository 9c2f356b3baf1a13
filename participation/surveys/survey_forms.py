"""The forms around the questions: the survey itself, a page, a place in the order, a reason."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from participation.engagements.forms import EngagementForm, strip
from participation.engagements.patterns import REMINDER
from participation.surveys import arranging, policy
from participation.web.forms import Form


class SurveyForm(EngagementForm):
    """A survey: the common part. Its questions are added afterwards, or come with a template."""


class PageForm(Form):
    """What stands above the questions of a page."""

    title = StringField(
        _l("Titel der Seite"),
        [
            Length(
                max=arranging.LONGEST_PAGE_TITLE,
                message=_l("Der Titel darf höchstens 120 Zeichen haben."),
            )
        ],
        filters=[strip],
        description=_l("Worum geht es auf dieser Seite? Zum Beispiel: Ihr digitaler Alltag"),
    )
    introduction = TextAreaField(
        _l("Einleitung"),
        [
            Length(
                max=arranging.LONGEST_INTRODUCTION,
                message=_l("Die Einleitung darf höchstens 2.000 Zeichen haben."),
            )
        ],
        filters=[strip],
        description=_l("Was soll man wissen, bevor man diese Fragen beantwortet?"),
    )


class PlaceForm(Form):
    """The place to which a question jumps."""

    stelle = IntegerField(_l("An Stelle"), [InputRequired(), NumberRange(1, policy.MOST_QUESTIONS)])


class ReasonForm(Form):
    """Why wording is corrected; the view adds a field for each text."""

    reason = StringField(
        _l("Warum berichtigen Sie?"),
        [Length(max=300, message=_l("Der Grund darf höchstens 300 Zeichen haben."))],
        filters=[strip],
        description=_l("Alle können es lesen. Zum Beispiel: Tippfehler"),
    )


def template_values(template: Any) -> dict[str, Any]:
    """Return what a template fills in about the survey itself."""
    return {
        "title": template.name,
        "summary": template.summary,
        "scope_open": template.scope_open,
        "scope_closed": template.scope_closed,
        **REMINDER,
    }
