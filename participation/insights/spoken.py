"""Released results in another language than German, as far as their survey has words in it.

A release keeps the German words. What was asked in several languages is one result, and is read
in each of them; a word without a translation stays German and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.insights.results import SurveyTable
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceText,
    Question,
    QuestionKind,
    QuestionText,
    SurveyVersion,
)
from participation.surveys.tables import CountRow

# The rows of the others are numbers, spans of time and places, which the page writes itself.
_OF_CHOICES = frozenset(
    {
        *(QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.MATRIX),
        *(QuestionKind.RANKING, QuestionKind.POINTS),
    }
)
# A question of a version of a survey: the survey's id, the number of the version, the code.
_Key = tuple[int, int, str]


@dataclass
class _Words:
    """The words of a question in a language: `text` of the German `german`, and its choices."""

    german: str = ""
    text: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    choices: dict[str, str] = field(default_factory=dict)


def tables_in(
    session: Session, tables: Collection[tuple[int, SurveyTable]], language: str
) -> list[SurveyTable]:
    """Return tables, each of the survey of an id, in a language; one query for all."""
    if language == FIRST_LANGUAGE or not tables:
        return [table for _survey_id, table in tables]
    words = _words_of(session, tables, language)
    return [_spoken(table, survey_id, words, language) for survey_id, table in tables]


def _spoken(
    table: SurveyTable, survey_id: int, words: Mapping[_Key, _Words], language: str
) -> SurveyTable:
    own = words.get((survey_id, table.version, table.code), _Words())
    matrix = words.get((survey_id, table.version, table.group), _Words())
    # Words that were corrected since say something else than what was released.
    is_spoken = own.text and own.german == table.question
    if table.group:
        is_spoken = is_spoken and matrix.text and matrix.german == table.group_text
    rows = tuple(_spoken_row(row, table.kind, own.choices) for row in table.rows)
    if not is_spoken:
        return replace(table, rows=rows)
    return replace(
        table,
        question=own.text,
        group_text=matrix.text,
        low=own.low or table.low,
        high=own.high or table.high,
        unit=own.unit or table.unit,
        rows=rows,
        language=language,
    )


def _spoken_row(row: CountRow, kind: QuestionKind, choices: Mapping[str, str]) -> CountRow:
    if kind not in _OF_CHOICES and not row.no_answer:
        return row
    labels = tuple(choices.get(label, "") for label in row.labels)
    return replace(row, labels=labels) if all(labels) else replace(row, language=FIRST_LANGUAGE)


def _words_of(
    session: Session, tables: Iterable[tuple[int, SurveyTable]], language: str
) -> dict[_Key, _Words]:
    surveys = {survey_id for survey_id, _table in tables}
    codes = {code for _survey_id, table in tables for code in (table.code, table.group) if code}
    found: dict[_Key, _Words] = {}
    for survey_id, number, code, is_choice, german, text, *ends in session.execute(
        sa.union_all(_questions(surveys, codes, language), _choices(surveys, codes, language))
    ):
        words = found.setdefault((survey_id, number, code), _Words())
        if is_choice:
            words.choices[german] = text
        else:
            words.german, words.text = german, text
            words.low, words.high, words.unit = ends
    return found


def _questions(
    surveys: Collection[int], codes: Collection[str], language: str
) -> sa.Select[*tuple[Any, ...]]:
    german, other = aliased(QuestionText), aliased(QuestionText)
    return (
        sa.select(
            SurveyVersion.survey_id,
            SurveyVersion.number,
            Question.code,
            sa.literal(0),
            german.text,
            other.text,
            other.low,
            other.high,
            other.unit,
        )
        .join(Question, Question.version_id == SurveyVersion.id)
        .join(german, _in(german, german.question_id == Question.id, FIRST_LANGUAGE))
        .join(other, _in(other, other.question_id == Question.id, language))
        .where(SurveyVersion.survey_id.in_(surveys), Question.code.in_(codes))
    )


def _choices(
    surveys: Collection[int], codes: Collection[str], language: str
) -> sa.Select[*tuple[Any, ...]]:
    german, other = aliased(ChoiceText), aliased(ChoiceText)
    nothing = sa.literal("")
    return (
        sa.select(
            SurveyVersion.survey_id,
            SurveyVersion.number,
            Question.code,
            sa.literal(1),
            german.text,
            other.text,
            nothing,
            nothing,
            nothing,
        )
        .join(Question, Question.version_id == SurveyVersion.id)
        .join(Choice, Choice.question_id == Question.id)
        .join(german, _in(german, german.choice_id == Choice.id, FIRST_LANGUAGE))
        .join(other, _in(other, other.choice_id == Choice.id, language))
        .where(SurveyVersion.survey_id.in_(surveys), Question.code.in_(codes))
    )


def _in(
    text: type[QuestionText] | type[ChoiceText], same: sa.ColumnElement[bool], language: str
) -> sa.ColumnElement[bool]:
    return sa.and_(same, text.language == language)
