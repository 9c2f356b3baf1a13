"""Staff: begin a survey, see its questions, look through it, publish it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.form_values import starting_values
from participation.engagements.operations import (
    DutyTextsMissing,
    NothingToTakePartIn,
    publish_engagement,
)
from participation.engagements.patterns import next_times, values_like
from participation.engagements.plans import EngagementPlan
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.strategy.queries import choices_of_elements, elements_of, find_strategy
from participation.surveys import building, patterns, queries, translating, versions
from participation.surveys.blueprint import blueprint
from participation.surveys.building_words import words_of_check
from participation.surveys.checking import CheckKind, CheckRemark, remarks_on
from participation.surveys.condition_words import words_of_condition
from participation.surveys.kinds import KINDS
from participation.surveys.models import Survey
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.survey_forms import SurveyForm, template_values
from participation.web.extensions import db
from participation.web.filters import label

_EMPTY = "leer"
# So many measures can be weighed in one survey; of more, somebody chooses.
_FEW_MEASURES = 12


@dataclass(frozen=True)
class _Beginning:
    """What a new survey begins with: the values of its form, and how it comes to its questions."""

    key: str
    title: str
    values: Mapping[str, Any]
    begin: Callable[[EngagementPlan, Mapping[str, str]], Survey]
    number: int = 0
    weighs: bool = False


@blueprint.route("/beteiligung/neu/umfrage", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def build() -> ResponseReturnValue:
    """Begin a survey: from a template (`?vorlage=`), asked again (`?wieder=`), or empty."""
    municipality = access.here()
    beginning = _beginning(request.args.get("vorlage", ""), request.args.get("wieder", ""))
    if beginning is None:
        ended = patterns.ended_surveys(db.session(), municipality.id, clock.now())
        return render_template(
            "surveys/choose.html", templates=patterns.survey_templates(), ended=ended
        )
    strategy = find_strategy(db.session(), municipality.id)
    offered = choices_of_elements(db.session(), strategy.id) if strategy else []
    measures = [code for code, _title in offered if code.startswith("M-")]
    weighed = measures if beginning.weighs and len(measures) <= _FEW_MEASURES else []
    form = SurveyForm(
        data=starting_values() | next_times() | {"elements": weighed} | dict(beginning.values)
    )
    form.offer_elements(offered)
    if form.validate_on_submit() and strategy is not None:
        plan = form.plan(elements_of(db.session(), strategy.id, form.elements.data or ()))
        titles = {code: text.removeprefix(code).strip() for code, text in offered}
        try:
            survey = beginning.begin(plan, titles)
        except Refused:
            db.session.rollback()
            form.elements.errors = [
                _("Diese Vorlage gewichtet Maßnahmen. Wählen Sie mindestens zwei aus.")
            ]
        else:
            db.session.commit()
            flash(_begun(beginning), "success")
            return redirect(url_for("surveys.questions", slug=survey.slug), 303)
    page = render_template("surveys/build.html", form=form, beginning=beginning)
    return page, 422 if form.errors else 200


@blueprint.get("/verwaltung/beteiligungen/<slug>/fragen")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def questions(slug: str) -> ResponseReturnValue:
    """List the questions by page, with what can be done about them."""
    survey = survey_here(slug)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    remarks = _remarks(survey, questionnaire)
    return render_template(
        "surveys/questions.html",
        survey=survey,
        questionnaire=questionnaire,
        conditions={
            one.code: words_of_condition(questionnaire, one) for one in questionnaire.questions
        },
        remarks=_by_question(remarks),
        found=remarks,
        corrections=versions.corrections_of(db.session(), questionnaire.version_id),
        is_locked=queries.is_answered(db.session(), questionnaire.version_id),
        kinds=KINDS,
        state=survey.state_at(clock.now()),
        has_print="surveys.print_form" in current_app.view_functions,
    )


@blueprint.route("/verwaltung/beteiligungen/<slug>/pruefung", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def check(slug: str) -> ResponseReturnValue:
    """Show what to look at before the survey opens, and publish it."""
    survey = survey_here(slug)
    if request.method == "POST":
        try:
            publish_engagement(
                db.session(), engagement=survey, actor=access.actor(), at=clock.now()
            )
        except (NothingToTakePartIn, building.CannotOpen):
            db.session.rollback()
            return _check_page(slug, 422)
        except DutyTextsMissing as refusal:
            db.session.rollback()
            names = ", ".join(label(text) for text in refusal.missing)
            flash(
                _("Noch nicht veröffentlicht: Diese Texte fehlen: %(names)s.", names=names),
                "danger",
            )
            return redirect(url_for("engagements.manage"), 303)
        except Conflict:
            db.session.rollback()
            flash(_("Diese Umfrage ist schon veröffentlicht."), "info")
            return redirect(url_for("surveys.questions", slug=slug), 303)
        db.session.commit()
        flash(_("„%(title)s“ ist veröffentlicht.", title=survey.title), "success")
        return redirect(url_for("surveys.questions", slug=slug), 303)
    return _check_page(slug, 200)


def survey_here(slug: str) -> Survey:
    """Return a survey of this municipality, published or not."""
    return get_engagement(db.session(), access.here().id, slug, of=Survey)


def to_questions(slug: str, code: str = "") -> ResponseReturnValue:
    """Go back to the questions, to one of them if its code is given."""
    anchor = f"frage-{code}" if code else None
    return redirect(url_for("surveys.questions", slug=slug, _anchor=anchor), 303)


def locked(slug: str) -> ResponseReturnValue:
    """Say that the questions stay as they are, and what can be done instead."""
    db.session.rollback()
    flash(_("Es gibt schon Antworten. Die Fragen bleiben deshalb, wie sie sind."), "warning")
    return to_questions(slug)


def _check_page(slug: str, status: int) -> ResponseReturnValue:
    survey = survey_here(slug)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    remarks = _remarks(survey, questionnaire)
    page = render_template(
        "surveys/check.html",
        survey=survey,
        questionnaire=questionnaire,
        hard=[(one, words_of_check(one)) for one in remarks if one.is_hard],
        soft=[(one, words_of_check(one)) for one in remarks if not one.is_hard],
        state=survey.state_at(clock.now()),
    )
    return page, status


def _beginning(key: str, again: str) -> _Beginning | None:
    """Return how a survey begins; None if that has still to be chosen."""
    session, municipality = db.session(), access.here()
    made: dict[str, Any] = {"municipality": municipality, "actor": access.actor()}
    if again:
        earlier = get_engagement(session, municipality.id, again, of=Survey)
        values = values_like(earlier) | {"elements": _codes(earlier)}
        return _Beginning(
            "",
            earlier.title,
            values,
            lambda plan, _titles: patterns.ask_again(
                session, earlier=earlier, plan=plan, at=clock.now(), **made
            ),
            number=len(queries.questionnaire_of(session, earlier.id).questions),
        )
    if key and key != _EMPTY:
        template = patterns.survey_template(key)
        return _Beginning(
            key,
            template.title,
            template_values(template),
            lambda plan, titles: patterns.open_from_template(
                session, template=template, plan=plan, titles=titles, at=clock.now(), **made
            ),
            number=template.number,
            weighs=template.needs_measures,
        )
    if key != _EMPTY and request.method == "GET":
        return None
    return _Beginning(
        _EMPTY,
        _("Leere Umfrage"),
        {},
        lambda plan, _titles: building.open_survey(session, plan=plan, at=clock.now(), **made),
    )


def _begun(beginning: _Beginning) -> str:
    if beginning.number:
        return str(_("Der Entwurf ist gespeichert. Alle Fragen sind schon da."))
    return str(_("Der Entwurf ist gespeichert. Schreiben Sie jetzt die Fragen."))


def _codes(survey: Survey) -> list[str]:
    return [element.code for element in survey.elements]


def _remarks(survey: Survey, questionnaire: Questionnaire) -> tuple[CheckRemark, ...]:
    states = translating.states_of(db.session(), survey) if questionnaire.questions else []
    found = remarks_on(questionnaire, states)
    if not (survey.scope_open and survey.scope_closed):
        found += (CheckRemark(CheckKind.NO_SCOPE),)
    if not survey.elements:
        found += (CheckRemark(CheckKind.NO_ELEMENTS),)
    return found


def _by_question(remarks: Sequence[CheckRemark]) -> dict[str, list[tuple[CheckRemark, str]]]:
    found: dict[str, list[tuple[CheckRemark, str]]] = {}
    for remark in remarks:
        found.setdefault(remark.code, []).append((remark, words_of_check(remark)))
    return found
