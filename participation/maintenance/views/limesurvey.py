"""Staff: take a questionnaire of LimeSurvey over, as a draft."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.maintenance.blueprint import blueprint
from participation.maintenance.forms import LARGEST_QUESTIONNAIRE, QuestionnaireForm
from participation.maintenance.import_lss import ImportedBefore, import_lss
from participation.maintenance.lss_file import BrokenQuestionnaire, Fault, read_lss_from
from participation.maintenance.lss_german import words_of
from participation.maintenance.lss_survey import questionnaire_of
from participation.surveys.building_words import language_name
from participation.surveys.foreign import ForeignSurvey
from participation.surveys.models import FIRST_LANGUAGE
from participation.web.bounds import takes_files
from participation.web.extensions import db

Told = list[tuple[str, str]]


@blueprint.route("/umfragen/limesurvey", methods=["GET", "POST"])
@takes_files(LARGEST_QUESTIONNAIRE)
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def take_over_survey() -> ResponseReturnValue:
    """Read a file, store it as a draft, and say what of it is different here.

    A file with faults stores nothing; all of them are named.
    """
    form = QuestionnaireForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    upload = form.file.data
    try:
        read = questionnaire_of(read_lss_from(upload.stream, upload.filename))
        survey = import_lss(
            db.session(),
            municipality=access.here(),
            read=read,
            title=form.title.data or None,
            actor=access.actor(),
            at=clock.now(),
            again=bool(form.again.data),
        )
    except ImportedBefore as found:
        return _page(form, before=found), 409
    except BrokenQuestionnaire as broken:
        return _page(form, _told(broken.faults)), 422
    except Refused as refusal:
        db.session.rollback()
        form.title.errors = [words_of(str(refusal))]
        return _page(form), 422
    page = render_template(
        "maintenance/taken_over.html",
        survey=survey,
        questions=len(read.survey.questions),
        languages=[language_name(tag) for tag in _languages(read.survey)],
        told=_told(read.reported),
    )
    db.session.commit()
    return page


def _languages(survey: ForeignSurvey) -> list[str]:
    """Return the languages beside German."""
    found = {language for question in survey.questions for language in question.texts}
    return sorted(found - {FIRST_LANGUAGE})


def _told(faults: Iterable[Fault]) -> Told:
    """Return the codes and what is told about them; those of the whole survey last."""
    said = [(fault.code, words_of(fault.why)) for fault in faults]
    return sorted(dict.fromkeys(said), key=lambda one: not one[0])


def _page(
    form: QuestionnaireForm, faults: Told | None = None, before: ImportedBefore | None = None
) -> str:
    if faults:
        form.file.errors = [
            _("Diese Datei lässt sich so nicht übernehmen. Gespeichert ist nichts.")
        ]
    if before is not None:
        form.file.errors = [_("Wählen Sie die Datei noch einmal aus, wenn Sie sie meinen.")]
    return render_template(
        "maintenance/take_over_survey.html", form=form, faults=faults or [], before=before
    )
