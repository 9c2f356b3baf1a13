"""The public pages of the strategy, of each element and of each version."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from participation.accounts import access
from participation.engagements.models import EngagementState
from participation.engagements.queries import engagements_about
from participation.foundation import clock
from participation.portal import drawing, voices
from participation.portal.blueprint import blueprint
from participation.portal.queries.element import element_page, engagements_by_state
from participation.portal.queries.strategy import (
    Group,
    StrategyOverview,
    VersionPage,
    strategy_page,
    version_page,
)
from participation.portal.sections import element_sections
from participation.revisions.consulted import fate_of_draft
from participation.strategy.drafts import given_up_drafts
from participation.surveys.models import Survey
from participation.surveys.queries import questions_about
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody

# More bars than this nobody reads; a field can be chosen instead.
_ROADMAP_ROWS = 40


@blueprint.get("/strategie/")
@access.public
@same_for_everybody
def strategy() -> ResponseReturnValue:
    """Show vision, action fields, roadmap and version of the strategy."""
    at = clock.now()
    page = strategy_page(db.session(), access.here().id, at)
    if not isinstance(page, StrategyOverview):
        return render_template("portal/strategy_to_come.html", page=page, draw=drawing)
    chosen = _chosen_group(page)
    measures = chosen.measures if chosen else page.measures
    return render_template(
        "portal/strategy.html",
        page=page,
        draw=drawing,
        chosen=chosen,
        roadmap=drawing.roadmap_of(measures[:_ROADMAP_ROWS], at),
        left_out=max(0, len(measures) - _ROADMAP_ROWS),
        limit=_ROADMAP_ROWS,
    )


def _chosen_group(page: StrategyOverview) -> Group | None:
    code = request.args.get("feld", "").upper()
    return next((each for each in page.groups if each.field and each.field.code == code), None)


@blueprint.get("/strategie/<code>")
@access.public
@same_for_everybody
def element(code: str) -> ResponseReturnValue:
    """Show one element at its permanent address."""
    at = clock.now()
    session = db.session()
    page = element_page(session, access.here().id, code, at)
    if page.element.code != code:
        return redirect(url_for("portal.element", code=page.element.code), 301)
    engagements = engagements_by_state(engagements_about(session, page.element.id, at), at)
    return render_template(
        "portal/element.html",
        page=page,
        draw=drawing,
        at=at,
        open_engagements=engagements[EngagementState.OPEN],
        planned_engagements=engagements[EngagementState.PLANNED],
        closed_engagements=engagements[EngagementState.CLOSED],
        asked=questions_about(
            session,
            page.element.id,
            [one.id for one in engagements[EngagementState.OPEN] if isinstance(one, Survey)],
            language=str(get_locale())[:2],
        ),
        **element_sections(session, page.element.id),
    )


@blueprint.get("/strategie/fassungen/<int:number>")
@access.public
@same_for_everybody
def version(number: int) -> ResponseReturnValue:
    """Show a whole adopted version, or what it changed, word by word."""
    return _show_version(number)


@blueprint.get("/strategie/fassungen/<int:number>/entwurf/<int(min=1):consultation>")
@access.public
@same_for_everybody
def consultation(number: int, consultation: int) -> ResponseReturnValue:
    """Show a draft that was frozen for a comment round."""
    return _show_version(number, consultation)


def _show_version(number: int, consultation: int = 0) -> ResponseReturnValue:
    page: VersionPage = version_page(
        db.session(),
        access.here().id,
        number=number,
        consultation=consultation,
        compare="vergleich" in request.args,
    )
    return render_template(
        "portal/version.html",
        page=page,
        fate=fate_of_draft(db.session(), page.version),
        given_up=_given_up(page),
        draw=drawing,
        voices=voices,
    )


def _given_up(page: VersionPage) -> set[int]:
    if not any(each.consultation for each in page.versions):
        return set()
    return given_up_drafts(db.session(), page.version.strategy_id)
