"""Staff: draft a survey, write its questions, bring them in order, publish."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.forms import starting_values
from participation.engagements.queries import elements_about, get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.strategy.queries import choices_of_elements, elements_of, find_strategy
from participation.surveys import building, queries
from participation.surveys.blueprint import blueprint
from participation.surveys.building import QuestionFault
from participation.surveys.forms import KINDS, QuestionForm, SurveyForm, values_of_question
from participation.surveys.models import QuestionKind, Survey
from participation.web.extensions import db

_STEPS = {"hoch": -1, "runter": 1}


@blueprint.route("/beteiligung/neu/umfrage", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def build() -> ResponseReturnValue:
    """Draft a survey; its questions come next."""
    municipality = access.here()
    strategy = find_strategy(db.session(), municipality.id)
    form = SurveyForm(data=starting_values())
    form.offer_elements(choices_of_elements(db.session(), strategy.id) if strategy else [])
    if form.validate_on_submit() and strategy is not None:
        survey = building.open_survey(
            db.session(),
            municipality=municipality,
            plan=form.plan(elements_of(db.session(), strategy.id, form.elements.data or ())),
            actor=access.actor(),
            at=clock.now(),
        )
        db.session.commit()
        flash(_("Der Entwurf ist gespeichert. Schreiben Sie jetzt die Fragen."), "info")
        return redirect(url_for("surveys.questions", slug=survey.slug), 303)
    page = render_template("surveys/build.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/verwaltung/beteiligungen/<slug>/fragen")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def questions(slug: str) -> ResponseReturnValue:
    """List the questions with what can be done about them."""
    survey = _survey(slug)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    return render_template(
        "surveys/questions.html",
        survey=survey,
        questionnaire=questionnaire,
        is_locked=queries.is_answered(db.session(), questionnaire.version_id),
        kinds=KINDS,
        state=survey.state_at(clock.now()),
    )


@blueprint.route("/verwaltung/beteiligungen/<slug>/fragen/neu", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def add_question(slug: str) -> ResponseReturnValue:
    """Write a new question of the kind in `?art=`."""
    survey = _survey(slug)
    try:
        kind = QuestionKind(request.args.get("art", QuestionKind.SINGLE.value))
    except ValueError:
        raise NotFound("there is no such kind of question") from None
    form = QuestionForm(data={"points": 5})
    return _question_page(survey, form, kind, code=None)


@blueprint.route("/verwaltung/beteiligungen/<slug>/fragen/<code>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def change_question(slug: str, code: str) -> ResponseReturnValue:
    """Reword a question."""
    survey = _survey(slug)
    question = queries.questionnaire_of(db.session(), survey.id).find(code)
    if question is None:
        raise NotFound("there is no such question")
    form = QuestionForm(data=values_of_question(question))
    return _question_page(survey, form, question.kind, code=code)


@blueprint.post("/verwaltung/beteiligungen/<slug>/fragen/<code>/verschieben")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def move_question(slug: str, code: str) -> ResponseReturnValue:
    """Move a question up or down."""
    survey = _survey(slug)
    step = _STEPS.get(request.form.get("richtung", "")) or abort(400)
    return _change(
        survey,
        lambda: building.move_question(db.session(), survey=survey, code=code, by=step),
    )


@blueprint.post("/verwaltung/beteiligungen/<slug>/fragen/<code>/loeschen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def delete_question(slug: str, code: str) -> ResponseReturnValue:
    """Delete a question."""
    survey = _survey(slug)
    return _change(survey, lambda: building.delete_question(db.session(), survey=survey, code=code))


def _survey(slug: str) -> Survey:
    return get_engagement(db.session(), access.here().id, slug, of=Survey)


def _question_page(
    survey: Survey, form: QuestionForm, kind: QuestionKind, *, code: str | None
) -> ResponseReturnValue:
    """Show the form of a question and store what was filled in."""
    about = elements_about(db.session(), survey.id)
    form.offer(kind, [(element.code, f"{element.code} {element.title}") for element in about])
    if form.validate_on_submit():
        draft = form.draft({element.code: element for element in survey.elements})
        try:
            if code is None:
                building.add_question(db.session(), survey=survey, draft=draft)
            else:
                building.change_question(db.session(), survey=survey, code=code, draft=draft)
        except QuestionFault as fault:
            db.session.rollback()
            form.show(fault)
        except Conflict:
            return _locked(survey)
        else:
            db.session.commit()
            flash(_("Die Frage ist gespeichert."), "success")
            return redirect(url_for("surveys.questions", slug=survey.slug), 303)
    page = render_template("surveys/question.html", survey=survey, form=form, code=code)
    return page, 422 if form.errors else 200


def _change(survey: Survey, change: Callable[[], None]) -> ResponseReturnValue:
    try:
        change()
    except Conflict:
        return _locked(survey)
    db.session.commit()
    return redirect(url_for("surveys.questions", slug=survey.slug), 303)


def _locked(survey: Survey) -> ResponseReturnValue:
    slug = survey.slug
    db.session.rollback()
    flash(_("Es gibt schon Antworten. Die Fragen bleiben deshalb, wie sie sind."), "warning")
    return redirect(url_for("surveys.questions", slug=slug), 303)
