"""Surveys that are ready at once: from a template, or by asking an earlier one again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.engagements.plans import EngagementPlan
from participation.foundation.errors import NotFound, Refused
from participation.surveys import arranging, queries
from participation.surveys.building import add_question, open_survey
from participation.surveys.copying import copy_version
from participation.surveys.library import LibraryQuestion, library_question, lines_about
from participation.surveys.models import Question, Survey, SurveyVersion

_FILE = Path(__file__).with_name("templates.toml")
# A list of one leaves nothing to weigh.
_FEWEST_LINES = 2
_SHOWN = 8


@dataclass(frozen=True)
class TemplatePage:
    """A page of a template."""

    title: str
    introduction: str
    questions: tuple[LibraryQuestion, ...]


@dataclass(frozen=True)
class SurveyTemplate:
    """A survey that is ready once it has a title, dates and elements."""

    key: str
    title: str
    purpose: str
    name: str
    summary: str
    scope_open: str
    scope_closed: str
    needs_measures: bool
    pages: tuple[TemplatePage, ...]

    @property
    def number(self) -> int:
        """How many questions it asks."""
        return sum(len(page.questions) for page in self.pages)


@cache
def survey_templates() -> tuple[SurveyTemplate, ...]:
    """Return all templates."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        SurveyTemplate(
            pages=tuple(
                TemplatePage(
                    page["title"],
                    page.get("introduction", ""),
                    tuple(library_question(key) for key in page["questions"]),
                )
                for page in row.pop("pages")
            ),
            needs_measures=row.pop("needs_measures", False),
            **row,
        )
        for row in content["template"]
    )


def survey_template(key: str) -> SurveyTemplate:
    """Return the template of a key. Raises NotFound."""
    for template in survey_templates():
        if template.key == key:
            return template
    raise NotFound("there is no such template")


def open_from_template(
    session: Session,
    *,
    municipality: Municipality,
    template: SurveyTemplate,
    plan: EngagementPlan,
    titles: Mapping[str, str],
    actor: Account | None,
    at: datetime,
) -> Survey:
    """Draft a survey with all questions of a template, about the elements of its plan.

    Raises Refused if it weighs measures and there are fewer than two.
    """
    lines = lines_about(plan.elements, dict(titles))
    if template.needs_measures and len(lines) < _FEWEST_LINES:
        raise Refused("there are too few elements to weigh", field="elements")
    survey = open_survey(session, municipality=municipality, plan=plan, actor=actor, at=at)
    for number, page in enumerate(template.pages, start=1):
        for question in page.questions:
            add_question(session, survey=survey, draft=question.draft(lines, page=number))
        arranging.write_page(
            session,
            survey=survey,
            page=number,
            title=page.title,
            introduction=page.introduction,
        )
    return survey


def ask_again(
    session: Session,
    *,
    municipality: Municipality,
    earlier: Survey,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
) -> Survey:
    """Draft a survey that asks what an earlier one asked last, in the same series."""
    survey = open_survey(session, municipality=municipality, plan=plan, actor=actor, at=at)
    target = queries.current_version(session, survey.id, lock=True)
    copy_version(
        session,
        queries.current_version(session, earlier.id),
        target,
        elements=plan.elements,
    )
    session.expire(survey, ["versions"])
    return survey


def ended_surveys(session: Session, municipality_id: int, at: datetime) -> Sequence[Survey]:
    """Return the surveys that ended last and asked something."""
    asks = (
        sa.select(Question.id)
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .where(SurveyVersion.survey_id == Survey.id)
        .exists()
    )
    return session.scalars(
        sa.select(Survey)
        .where(
            Survey.municipality_id == municipality_id,
            Survey.published_at.is_not(None),
            Survey.closes_at <= at,
            asks,
        )
        .order_by(Survey.closes_at.desc(), Survey.id.desc())
        .limit(_SHOWN)
    ).all()
