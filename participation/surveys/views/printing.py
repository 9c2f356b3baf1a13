"""The survey on paper: for staff at any time, for citizens while they can hand it in."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.queries import get_engagement, get_public_engagement
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.notifications.mails import link_from
from participation.surveys import policy, queries
from participation.surveys.blueprint import blueprint
from participation.surveys.models import FIRST_LANGUAGE, Survey
from participation.surveys.paper_printing import is_printable, printed_form
from participation.surveys.tongues import tongues_of
from participation.web.extensions import db


@blueprint.get("/verwaltung/beteiligungen/<slug>/druckbogen")
@access.requires(Role.MODERATOR, Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def print_form(slug: str) -> ResponseReturnValue:
    """Return the survey as a PDF to fill in by hand, in a version (`?fassung=`) and language."""
    survey = get_engagement(db.session(), access.here().id, slug, of=Survey)
    return _printed(survey, version=request.args.get("fassung", ""))


@blueprint.get("/beteiligung/<slug>/fragebogen.pdf")
@access.public
def paper_form(slug: str) -> ResponseReturnValue:
    """Return the same for citizens, where everybody may take part and as long as they may."""
    survey = get_public_engagement(db.session(), access.here().id, slug, of=Survey)
    if not policy.may_print(survey, at=clock.now()):
        raise NotFound("this survey is not answered on paper now")
    return _printed(survey)


def _printed(survey: Survey, *, version: str = "") -> Response:
    session, wanted = db.session(), request.args.get("sprache", FIRST_LANGUAGE)
    version_id = next((one.id for one in survey.versions if str(one.number) == version), None)
    if version_id is None:
        version_id = queries.current_version(session, survey.id).id
    words = tongues_of(session, survey, version_id, wanted).words
    questionnaire = queries.questionnaire_of_version(session, version_id, language=wanted)
    if not is_printable(words, questionnaire):
        wanted, words = FIRST_LANGUAGE, tongues_of(session, survey, version_id, "").words
        questionnaire = queries.questionnaire_of_version(session, version_id)
    if not questionnaire.questions:
        raise NotFound("this survey asks nothing yet")
    content = printed_form(
        survey,
        access.here(),
        questionnaire,
        words=words,
        language=wanted,
        address=link_from(survey.municipality_id, "surveys.take_part", slug=survey.slug),
        pictures=queries.pictures_of(session, version_id),
    )
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="fragebogen-{survey.slug}.pdf"'
    return response
