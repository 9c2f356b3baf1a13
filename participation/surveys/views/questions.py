"""Staff: write questions, take them from the library, bring them in order, put them on pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.policy import is_public
from participation.engagements.queries import elements_about
from participation.foundation import images
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.surveys import (
    arranging,
    building,
    library,
    pictures,
    policy,
    queries,
)
from participation.surveys.blueprint import blueprint
from participation.surveys.checking import CheckKind
from participation.surveys.drafts import QuestionFault
from participation.surveys.models import QuestionKind, Survey
from participation.surveys.pictures import LARGEST_FILE
from participation.surveys.question_forms import QuestionForm
from participation.surveys.question_values import (
    starting_values,
    values_of_draft,
    values_of_question,
)
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.survey_forms import PageForm, PlaceForm
from participation.surveys.views.building import locked, survey_here, to_questions
from participation.surveys.wiring import NeededEarlier
from participation.web.bounds import takes_files
from participation.web.extensions import db

_STEPS = {"hoch": -1, "runter": 1}
_BASE = "/verwaltung/beteiligungen/<slug>"


@blueprint.route(f"{_BASE}/fragen/neu", methods=["GET", "POST"])
@takes_files(LARGEST_FILE)
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def add_question(slug: str) -> ResponseReturnValue:
    """Write a new question of the kind in `?art=`, or one of the library in `?vorlage=`."""
    survey = survey_here(slug)
    key = request.args.get("vorlage", "")
    if key:
        known = library.library_question(key)
        titles = {one.code: one.title for one in elements_about(db.session(), survey.id)}
        lines = library.lines_about(survey.elements, titles)
        draft = known.draft(lines)
        return _question_page(survey, values_of_draft(draft), draft.kind, series=draft.series)
    try:
        kind = QuestionKind(request.args.get("art", QuestionKind.SINGLE.value))
    except ValueError:
        raise NotFound("there is no such kind of question") from None
    return _question_page(survey, starting_values(kind), kind)


@blueprint.route(f"{_BASE}/fragen/bibliothek", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def question_library(slug: str) -> ResponseReturnValue:
    """Choose questions with tested wordings."""
    survey = survey_here(slug)
    titles = {one.code: one.title for one in elements_about(db.session(), survey.id)}
    lines = library.lines_about(survey.elements, titles)
    chosen = request.form.getlist("fragen")
    trouble = ""
    if request.method == "POST" and not chosen:
        trouble = _("Bitte wählen Sie mindestens eine Frage.")
    elif request.method == "POST":
        try:
            added = library.insert_questions(
                db.session(), survey=survey, keys=chosen[: policy.MOST_QUESTIONS], lines=lines
            )
        except QuestionFault as fault:
            db.session.rollback()
            trouble = (
                _("Eine Umfrage hat höchstens 80 Fragen.")
                if fault.why == "too_many_questions"
                else _("Diese Frage braucht mindestens zwei Teile der Strategie zur Auswahl.")
            )
        except Conflict:
            return locked(slug)
        else:
            code = added[0].code
            db.session.commit()
            flash(_("Die Fragen stehen jetzt am Ende der Umfrage."), "success")
            return to_questions(slug, code)
    page = render_template(
        "surveys/library.html",
        survey=survey,
        groups=library.library(),
        chosen=chosen,
        lines=lines,
        trouble=trouble,
    )
    return page, 422 if trouble else 200


@blueprint.route(f"{_BASE}/fragen/<code>", methods=["GET", "POST"])
@takes_files(LARGEST_FILE)
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def change_question(slug: str, code: str) -> ResponseReturnValue:
    """Reword a question."""
    survey = survey_here(slug)
    question = _find(queries.questionnaire_of(db.session(), survey.id), code)
    return _question_page(survey, values_of_question(question), question.kind, question=question)


@blueprint.post(f"{_BASE}/fragen/<code>/verschieben")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def move_question(slug: str, code: str) -> ResponseReturnValue:
    """Move a question a step (`richtung`), to a place (`stelle`), or to a page (`seite`)."""
    which: dict[str, Any] = {"survey": survey_here(slug), "code": code}
    move: Callable[[], None]
    if "seite" in request.form:
        page = request.form.get("seite", type=int) or abort(400)
        move = partial(arranging.move_to_page, db.session(), page=page, **which)
    elif "richtung" in request.form:
        step = _STEPS.get(request.form["richtung"]) or abort(400)
        move = partial(arranging.move_question, db.session(), by=step, **which)
    else:
        form = PlaceForm()
        if not form.validate_on_submit() or form.stelle.data is None:
            flash(_("Bitte geben Sie die Stelle als Zahl an, zum Beispiel 3."), "danger")
            return to_questions(slug, code)
        move = partial(arranging.move_to_place, db.session(), place=form.stelle.data, **which)
    return _change(slug, move, code)


@blueprint.post(f"{_BASE}/fragen/<code>/neue-seite")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def begin_page(slug: str, code: str) -> ResponseReturnValue:
    """Let a new page begin with a question."""
    survey = survey_here(slug)
    return _change(slug, lambda: arranging.begin_page(db.session(), survey=survey, code=code), code)


@blueprint.post(f"{_BASE}/fragen/<code>/verdoppeln")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def duplicate_question(slug: str, code: str) -> ResponseReturnValue:
    """Put a copy of a question after it."""
    survey = survey_here(slug)
    return _change(
        slug, lambda: building.duplicate_question(db.session(), survey=survey, code=code).code, code
    )


@blueprint.post(f"{_BASE}/fragen/<code>/loeschen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def delete_question(slug: str, code: str) -> ResponseReturnValue:
    """Delete a question."""
    survey = survey_here(slug)
    return _change(slug, lambda: building.delete_question(db.session(), survey=survey, code=code))


@blueprint.route(f"{_BASE}/seiten/<int:number>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def edit_page(slug: str, number: int) -> ResponseReturnValue:
    """Say what stands above the questions of a page."""
    survey = survey_here(slug)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    page = next((one for one in questionnaire.pages if one.number == number), None)
    if page is None:
        raise NotFound("there is no such page")
    form = PageForm(data={"title": page.title, "introduction": page.introduction})
    if form.validate_on_submit():
        return _change(
            slug,
            lambda: arranging.write_page(
                db.session(),
                survey=survey,
                page=number,
                title=form.title.data or "",
                introduction=form.introduction.data or "",
            ),
        )
    shown = render_template("surveys/page.html", survey=survey, form=form, number=number)
    return shown, 422 if form.errors else 200


@blueprint.post(f"{_BASE}/seiten/<int:number>/verbinden")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def join_pages(slug: str, number: int) -> ResponseReturnValue:
    """Put the questions of a page onto the one before."""
    survey = survey_here(slug)
    return _change(slug, lambda: arranging.join_pages(db.session(), survey=survey, page=number))


@blueprint.get("/beteiligung/<slug>/fragen/<code>/bild")
@access.public
def picture(slug: str, code: str) -> ResponseReturnValue:
    """Show a question's picture; of a draft only to those who may read it."""
    survey = survey_here(slug)
    if not is_public(survey) and not policy.may_see_totals(access.my_roles()):
        raise NotFound("there is no such picture")
    content = pictures.get_picture(
        db.session(), survey, code, request.args.get("fassung", type=int)
    )
    return Response(content, mimetype=images.TYPE)


def _find(questionnaire: Questionnaire, code: str) -> AskedQuestion:
    for question in questionnaire.questions:
        if question.code == code:
            return question
    raise NotFound("there is no such question")


def _question_page(
    survey: Survey,
    values: dict[str, Any],
    kind: QuestionKind,
    *,
    question: AskedQuestion | None = None,
    series: str = "",
) -> ResponseReturnValue:
    """Show the form of a question and store what was filled in."""
    slug = survey.slug
    about = elements_about(db.session(), survey.id)
    questionnaire = queries.questionnaire_of(db.session(), survey.id)
    form = QuestionForm(data=values)
    form.offer(
        kind,
        [(element.code, f"{element.code} {element.title}") for element in about],
        earlier=_earlier(questionnaire, question),
        pages=0 if question is not None else len(questionnaire.pages),
    )
    is_unfinished = _is_unfinished(form, {element.code: element.title for element in about})
    if not is_unfinished and form.validate_on_submit():
        try:
            code = _store(survey, form, question, series)
        except QuestionFault as fault:
            db.session.rollback()
            form.show(fault)
        except building.CannotOpen as refusal:
            db.session.rollback()
            form.form_errors = [_why_not(refusal)]
        except NeededEarlier as needed:
            return _needed(slug, needed)
        except Conflict:
            return locked(slug)
        else:
            db.session.commit()
            flash(_("Die Frage ist gespeichert."), "success")
            return to_questions(slug, code)
    page = render_template(
        "surveys/question.html", survey=survey_here(slug), form=form, question=question
    )
    return page, 422 if form.errors else 200


def _is_unfinished(form: QuestionForm, titles: dict[str, str]) -> bool:
    """Do what a button within the form asks for; tell whether there was one."""
    if not form.is_submitted():
        return False
    if "from_strategy" in form and (form.from_strategy.data or "uebernehmen" in request.form):
        form.take_from_strategy(titles)
    if "bedingung" in request.form:
        form.offer_more_terms()
    return "uebernehmen" in request.form or "bedingung" in request.form


def _store(survey: Survey, form: QuestionForm, question: AskedQuestion | None, series: str) -> str:
    session = db.session()
    draft = form.draft({element.code: element for element in survey.elements}, series=series)
    if question is None:
        code = building.add_question(session, survey=survey, draft=draft).code
    else:
        code = question.code
        building.change_question(session, survey=survey, code=code, draft=draft)
    pictures.put_picture(
        session,
        survey=survey,
        code=code,
        content=form.picture.data.read() if form.picture.data else None,
        shows=form.shows.data or "",
        remove=form.remove_picture.data,
    )
    return code


def _earlier(questionnaire: Questionnaire, question: AskedQuestion | None) -> list[AskedQuestion]:
    """Return what a condition of a question can be about: what is answered before it."""
    found: list[AskedQuestion] = []
    for one in questionnaire.questions:
        if question is not None and one.code == question.code:
            break
        found += one.rows or (one,)
    return found


def _change(slug: str, change: Callable[[], Any], code: str = "") -> ResponseReturnValue:
    """Do something about the order, and go back to the question or to the copy of it."""
    try:
        done = change()
    except Conflict:
        return locked(slug)
    except NeededEarlier as needed:
        return _needed(slug, needed)
    except QuestionFault:
        db.session.rollback()
        flash(_("Eine Umfrage hat höchstens 80 Fragen."), "danger")
        return to_questions(slug)
    except building.CannotOpen as refusal:
        db.session.rollback()
        flash(_why_not(refusal), "danger")
        return to_questions(slug, code)
    except Refused:
        abort(400)
    db.session.commit()
    return to_questions(slug, done if isinstance(done, str) else code)


def _why_not(refusal: building.CannotOpen) -> str:
    """Return why a survey that is published cannot be changed like this."""
    if any(remark.kind is CheckKind.NO_QUESTION for remark in refusal.remarks):
        return str(
            _("Die Umfrage ist schon veröffentlicht. Ihre letzte Frage lässt sich nicht löschen.")
        )
    return str(
        _(
            "Die Umfrage ist schon veröffentlicht, und so bekäme niemand diese Fragen zu sehen: "
            "%(codes)s. Ihre Bedingungen widersprechen sich. Gespeichert ist nichts.",
            codes=", ".join(remark.code for remark in refusal.remarks),
        )
    )


def _needed(slug: str, needed: NeededEarlier) -> ResponseReturnValue:
    db.session.rollback()
    flash(
        _(
            "Das geht nicht: Die Bedingung von %(codes)s fragt nach der Antwort auf %(code)s. "
            "Ändern Sie zuerst diese Bedingung.",
            codes=", ".join(needed.needed_by),
            code=needed.code,
        ),
        "danger",
    )
    return to_questions(slug, needed.needed_by[0])
