"""Staff: the survey as citizens will see it on a phone; it cannot be sent."""

from __future__ import annotations

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.surveys import queries
from participation.surveys.blueprint import blueprint
from participation.surveys.building_words import language_name
from participation.surveys.models import FIRST_LANGUAGE
from participation.surveys.sheet_forms import SheetForm
from participation.surveys.sheets import Sheet
from participation.surveys.steps import outlook
from participation.surveys.tongues import is_tag, tongues_of
from participation.surveys.views.building import survey_here
from participation.web.extensions import db
from participation.web.headers import allow_frame, allow_framing

_BASE = "/verwaltung/beteiligungen/<slug>"


@blueprint.get(f"{_BASE}/fragen/vorschau")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def preview(slug: str) -> ResponseReturnValue:
    """Show the form in a frame as wide as a phone, or over the whole width."""
    survey = survey_here(slug)
    language = _language()
    version = queries.current_version(db.session(), survey.id)
    tongues = tongues_of(db.session(), survey, version.id, language)
    page = render_template(
        "surveys/preview.html",
        survey=survey,
        language=language,
        languages=[(tag, _name(tag)) for tag in tongues.languages],
        is_wide=request.args.get("breite") == "voll",
        state=survey.state_at(clock.now()),
        has_print="surveys.print_form" in current_app.view_functions,
    )
    return allow_frame(make_response(page))


@blueprint.get(f"{_BASE}/fragen/vorschau/formular")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def preview_form(slug: str) -> ResponseReturnValue:
    """Show the real form, marked as a preview, for the frame."""
    survey = survey_here(slug)
    language = _language()
    questionnaire = queries.questionnaire_of(db.session(), survey.id, language=language)
    form = SheetForm(formdata=None)
    codes = {one.code for one in questionnaire.questions}
    form.show(
        questionnaire,
        {},
        questions=questionnaire.questions,
        outlooks=outlook(questionnaire, Sheet(), codes),
    )
    page = render_template(
        "surveys/preview_form.html",
        survey=survey,
        form=form,
        questionnaire=questionnaire,
        words=tongues_of(db.session(), survey, questionnaire.version_id, language).words,
        page_language=str(get_locale())[:2],
        language=language,
    )
    return allow_framing(make_response(page))


def _language() -> str:
    wanted = request.args.get("sprache", FIRST_LANGUAGE)
    return wanted if is_tag(wanted) else FIRST_LANGUAGE


def _name(tag: str) -> str:
    return "Deutsch" if tag == FIRST_LANGUAGE else language_name(tag)
