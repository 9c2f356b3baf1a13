"""In which languages a survey can be read, and its own words in one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import EngagementText
from participation.surveys.models import FIRST_LANGUAGE, Question, QuestionText, Survey

_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True)
class SurveyWords:
    """What stands above a survey in one language; German where there is nothing else."""

    title: str
    summary: str
    scope_open: str
    language: str = FIRST_LANGUAGE


@dataclass(frozen=True)
class Tongues:
    """The survey's words in the language that was asked for, and the languages it has."""

    words: SurveyWords
    languages: tuple[str, ...]


def is_tag(text: str) -> bool:
    """Tell whether a text can be the tag of a language."""
    return _TAG.fullmatch(text) is not None


def german_words(survey: Survey) -> SurveyWords:
    """Return the words of a survey as they were first written."""
    return SurveyWords(survey.title, survey.summary, survey.scope_open)


def tongues_of(session: Session, survey: Survey, version_id: int, language: str) -> Tongues:
    """Return a survey's words in a language, and which languages it has: German first."""
    empty = sa.literal("")
    rows = session.execute(
        sa.union_all(
            sa.select(
                EngagementText.language,
                EngagementText.title,
                EngagementText.summary,
                EngagementText.scope_open,
            ).where(EngagementText.engagement_id == survey.id),
            sa.select(QuestionText.language, empty, empty, empty)
            .join(Question, Question.id == QuestionText.question_id)
            .where(Question.version_id == version_id)
            .group_by(QuestionText.language),
        )
    ).all()
    words = german_words(survey)
    for tag, title, summary, scope_open in rows:
        if tag == language and title:
            words = SurveyWords(
                title, summary or words.summary, scope_open or words.scope_open, tag
            )
    others = sorted({row[0] for row in rows} - {FIRST_LANGUAGE})
    return Tongues(words, (FIRST_LANGUAGE, *others))
