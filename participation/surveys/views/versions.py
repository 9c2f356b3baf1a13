"""Staff: what can be done once people have answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.forms import strip
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.surveys import queries, versions
from participation.surveys.blueprint import blueprint
from participation.surveys.building_words import CORRECTION_FAULTS
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion
from participation.surveys.survey_forms import ReasonForm
from participation.surveys.tongues import is_tag
from participation.surveys.versions import Correction, CorrectionFault
from participation.surveys.views.building import survey_here, to_questions
from participation.web.extensions import db

_PARTS = {
    "text": _l("Frage"),
    "help": _l("Hinweis"),
    "low": _l("Die erste Stufe bedeutet"),
    "high": _l("Die letzte Stufe bedeutet"),
    "unit": _l("Einheit"),
}
_BASE = "/verwaltung/beteiligungen/<slug>"


@blueprint.route(f"{_BASE}/fassung", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def new_version(slug: str) -> ResponseReturnValue:
    """Explain corrections and versions, and begin a new version."""
    survey = survey_here(slug)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    if request.method == "POST":
        try:
            versions.begin_version(
                db.session(), survey=survey, actor=access.actor(), at=clock.now()
            )
        except Conflict:
            db.session.rollback()
            flash(
                _("Eine neue Fassung gibt es nur, solange die Umfrage läuft und Antworten hat."),
                "warning",
            )
            return to_questions(slug)
        db.session.commit()
        flash(_("Die neue Fassung ist begonnen. Sie wird ab jetzt beantwortet."), "success")
        return to_questions(slug)
    return render_template(
        "surveys/new_version.html",
        survey=survey,
        questionnaire=questionnaire,
        is_locked=queries.is_answered(db.session(), questionnaire.version_id),
        has_ended=survey.closes_at <= clock.now(),
        corrections=versions.corrections_of(db.session(), questionnaire.version_id),
    )


@blueprint.route(f"{_BASE}/fragen/<code>/berichtigen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def correct_wording(slug: str, code: str) -> ResponseReturnValue:
    """Put slips in the words of a question or a row right, in the language of `?sprache=`."""
    survey = survey_here(slug)
    language = request.args.get("sprache", "de")
    if not is_tag(language):
        raise NotFound("there is no such language")
    questionnaire = queries.questionnaire_of(db.session(), survey.id, language=language)
    question = questionnaire.find(code)
    if question is None or question.language != language:
        raise NotFound("there is no such question")
    if not queries.is_answered(db.session(), questionnaire.version_id):
        return redirect(url_for("surveys.change_question", slug=slug, code=code), 303)
    form = _form_for(question, language)
    if form.validate_on_submit():
        try:
            versions.correct_wording(
                db.session(),
                survey=survey,
                code=code,
                correction=_correction(form),
                reason=form.reason.data or "",
                actor=access.actor(),
                at=clock.now(),
                language=language,
            )
        except CorrectionFault as fault:
            db.session.rollback()
            name = fault.field or "text"
            field = form[name if name in form else "text"]
            field.errors = [*field.errors, CORRECTION_FAULTS[fault.why]]
        else:
            db.session.commit()
            flash(_("Berichtigt. Vorher, nachher und Grund stehen bei der Frage."), "success")
            return to_questions(slug, code.partition("_")[0])
    page = render_template(
        "surveys/correct.html",
        survey=survey_here(slug),
        form=form,
        question=question,
        language=language,
        rows=question.rows,
    )
    return page, 422 if form.errors else 200


def _form_for(question: AskedQuestion, language: str) -> ReasonForm:
    """Return a form with a field for each text that the question has."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for part, name in _PARTS.items():
        if getattr(question, part):
            fields[part] = StringField(name, filters=[strip])
            values[part] = getattr(question, part)
    for choice in question.choices:
        is_point = question.kind is QuestionKind.SCALE and choice.code.isdecimal()
        if not is_point and choice.language == language:
            fields[f"choice_{choice.code}"] = StringField(_("Antwort"), filters=[strip])
            values[f"choice_{choice.code}"] = choice.text
    kind = type("CorrectionForm", (ReasonForm,), fields)
    form: ReasonForm = kind(data=values)
    return form


def _correction(form: ReasonForm) -> Correction:
    choices = {
        field.short_name.removeprefix("choice_"): field.data or ""
        for field in form
        if field.short_name.startswith("choice_")
    }
    return Correction(
        parts={part: form[part].data or "" for part in _PARTS if part in form}, choices=choices
    )
