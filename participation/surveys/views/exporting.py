"""Staff: the codebook of a version, and raw answers as far as they leave at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.orm import only_reading
from participation.foundation.workbooks import Sheet, TooManyRows
from participation.surveys import raw
from participation.surveys.band_words import words_of_codes
from participation.surveys.blueprint import blueprint
from participation.surveys.coarsening import coarse_of
from participation.surveys.codebook import codebook_of, versions_of
from participation.surveys.codebook_rows import codebook_rows, condition_of, range_of
from participation.surveys.columns import CHANNEL, RowFiller, columns_of
from participation.surveys.export_forms import RawForm
from participation.surveys.models import Survey, SurveyVersion
from participation.surveys.queries import questionnaire_of_version
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.views.building import survey_here
from participation.web.extensions import db
from participation.web.tables import TABLE_TYPES, table_response

_BASE = "/verwaltung/beteiligungen/<slug>"
_READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)


@blueprint.get(f"{_BASE}/codebuch")
@access.requires(*_READERS)
def codebook(slug: str) -> ResponseReturnValue:
    """Show what each question, row and choice is called, in a version and a language."""
    survey = survey_here(slug)
    versions = list(versions_of(db.session(), survey.id))
    version = _chosen(versions)
    found = codebook_of(db.session(), _questionnaire(version))
    language = request.args.get("sprache", "")
    return render_template(
        "surveys/codebook.html",
        survey=survey,
        version=version,
        versions=versions,
        codebook=found,
        language=language if language in found.languages else found.languages[0],
        columns=columns_of(found.questionnaire),
        condition_of=condition_of,
        range_of=range_of,
    )


@blueprint.get(f"{_BASE}/codebuch.<kind>")
@access.requires(*_READERS)
def codebook_file(slug: str, kind: str) -> ResponseReturnValue:
    """Return the codebook of a version as CSV or XLSX."""
    if kind not in TABLE_TYPES:
        raise NotFound("there is no such file")
    survey = survey_here(slug)
    version = _chosen(versions_of(db.session(), survey.id))
    rows = codebook_rows(codebook_of(db.session(), _questionnaire(version)))
    return table_response(f"codebuch-{slug}-{version.number}", kind, [Sheet(_("Codebuch"), rows)])


@blueprint.route(f"{_BASE}/rohdaten", methods=["GET", "POST"])
@access.requires(Role.ADMINISTRATOR)
def raw_answers(slug: str) -> ResponseReturnValue:
    """Hand out raw answers after closing, for a reason that the journal keeps."""
    survey = survey_here(slug)
    versions = list(versions_of(db.session(), survey.id))
    form = RawForm()
    form.version.choices = [
        (version.number, str(_("Fassung %(number)s", number=version.number)))
        for version in versions
    ]
    if not form.is_submitted():
        form.version.data = versions[0].number if versions else None
        return _raw_page(survey, form, versions)
    if not form.validate():
        return _raw_page(survey, form, versions), 422
    version = next(one for one in versions if one.number == form.version.data)
    actor = access.actor()
    assert actor is not None  # noqa: S101 - the page is for an administrator.
    try:
        raw.hand_out(
            db.session(),
            survey=survey,
            version=version,
            content=form.content.data,
            reason=form.reason.data or "",
            actor=actor,
            at=clock.now(),
        )
    except Conflict:
        db.session.rollback()
        return _raw_page(survey, form, versions), 409
    except Refused:
        db.session.rollback()
        form.reason.errors = [_("Bitte schreiben Sie 10 bis 500 Zeichen.")]
        return _raw_page(survey, form, versions), 422
    version_id, number = version.id, version.number
    db.session.commit()
    # It was noted; what follows only reads, and must not keep others from writing.
    with only_reading():
        try:
            return _raw_file(slug, version_id, number, form.content.data)
        except TooManyRows:
            form.content.errors = [_("Das sind zu viele Zeilen für Excel. Bitte nehmen Sie CSV.")]
            return _raw_page(survey, form, versions), 422
        finally:
            db.session.rollback()


def _raw_file(slug: str, version_id: int, number: int, content: str) -> Response:
    session = db.session()
    questionnaire = questionnaire_of_version(session, version_id)
    what, _dash, kind = content.partition("-")
    if what == "texts":
        heading = (_("Frage"), _("Wortlaut"), _("Sprache"), _("Text"))
        rows = _headed([str(one) for one in heading], raw.written_rows(session, questionnaire))
        return table_response(f"freitexte-{slug}-{number}", kind, [Sheet(_("Freie Texte"), rows)])
    columns, coarse = columns_of(questionnaire), coarse_of(session, questionnaire, words_of_codes)
    names = [CHANNEL, *(column.name for column in columns)]
    answers = Sheet(
        _("Antworten"),
        _headed(names, raw.raw_rows(session, questionnaire, columns, RowFiller(columns, coarse))),
    )
    bands = {question_id: one.words for question_id, one in coarse.items()}
    words = Sheet(_("Codebuch"), codebook_rows(codebook_of(session, questionnaire), bands))
    sheets = [answers] if kind == "csv" else [answers, words]
    return table_response(f"antworten-{slug}-{number}", kind, sheets)


def _headed(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield names
    yield from rows


def _raw_page(survey: Survey, form: RawForm, versions: list[SurveyVersion]) -> str:
    hindrance = ""
    for version in versions:
        try:
            raw.check_may_leave(db.session(), survey, version, at=clock.now())
        except Conflict as conflict:
            hindrance = hindrance or str(conflict)
            continue
        hindrance = ""
        break
    return render_template(
        "surveys/raw_answers.html",
        survey=survey,
        form=form,
        hindrance=hindrance,
        has_versions=len(versions) > 1,
    )


def _chosen(versions: Sequence[SurveyVersion]) -> SurveyVersion:
    """Return the version of `?fassung=`, or the newest one."""
    wanted = request.args.get("fassung", "")
    for version in versions:
        if not wanted or str(version.number) == wanted:
            return version
    raise NotFound("there is no such version")


def _questionnaire(version: SurveyVersion) -> Questionnaire:
    return questionnaire_of_version(db.session(), version.id)
