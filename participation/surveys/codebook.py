"""The codebook of a version: every question, row and choice with its words in all languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceText,
    Question,
    QuestionText,
    SurveyVersion,
    WordingCorrection,
)
from participation.surveys.questionnaire import AskedChoice, AskedQuestion, Questionnaire
from participation.surveys.versions import corrections_of


@dataclass(frozen=True)
class CodebookChoice:
    """A choice with its words by language."""

    choice: AskedChoice
    texts: Mapping[str, str]


@dataclass(frozen=True)
class CodebookEntry:
    """A question or a row of a matrix, with its words by language and what was corrected."""

    question: AskedQuestion
    matrix: AskedQuestion | None
    texts: Mapping[str, QuestionText]
    choices: tuple[CodebookChoice, ...]
    corrections: tuple[WordingCorrection, ...]


@dataclass(frozen=True)
class Codebook:
    """All questions of a version; German is the first of its languages."""

    questionnaire: Questionnaire
    languages: tuple[str, ...]
    entries: tuple[CodebookEntry, ...]


def codebook_of(session: Session, questionnaire: Questionnaire) -> Codebook:
    """Return the codebook of a version: three statements, however much it asks."""
    of_question: dict[int, dict[str, QuestionText]] = defaultdict(dict)
    for text in session.scalars(
        sa.select(QuestionText)
        .join(Question, Question.id == QuestionText.question_id)
        .where(Question.version_id == questionnaire.version_id)
    ):
        of_question[text.question_id][text.language] = text
    of_choice: dict[int, dict[str, str]] = defaultdict(dict)
    for line in session.scalars(
        sa.select(ChoiceText)
        .join(Choice, Choice.id == ChoiceText.choice_id)
        .join(Question, Question.id == Choice.question_id)
        .where(Question.version_id == questionnaire.version_id)
    ):
        of_choice[line.choice_id][line.language] = line.text
    corrected: dict[str, list[WordingCorrection]] = defaultdict(list)
    for code, correction in corrections_of(session, questionnaire.version_id):
        corrected[code].append(correction)
    others = {language for texts in of_question.values() for language in texts}
    others |= {language for texts in of_choice.values() for language in texts}
    entries = [
        CodebookEntry(
            question=question,
            matrix=matrix,
            texts=of_question[question.id],
            choices=tuple(
                CodebookChoice(choice, of_choice[choice.id]) for choice in question.choices
            ),
            corrections=tuple(corrected[question.code]),
        )
        for question, matrix in _in_order(questionnaire)
    ]
    languages = (FIRST_LANGUAGE, *sorted(others - {FIRST_LANGUAGE}))
    return Codebook(questionnaire, languages, tuple(entries))


def versions_of(session: Session, survey_id: int) -> Sequence[SurveyVersion]:
    """Return the versions of a survey, the newest first."""
    return session.scalars(
        sa.select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    ).all()


def _in_order(
    questionnaire: Questionnaire,
) -> list[tuple[AskedQuestion, AskedQuestion | None]]:
    found: list[tuple[AskedQuestion, AskedQuestion | None]] = []
    for question in questionnaire.questions:
        found.append((question, None))
        found.extend((row, question) for row in question.rows)
    return found
