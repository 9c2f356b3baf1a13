"""What can still be done once people have answered: correct a slip, or begin a new version.

A correction keeps the meaning, is marked, and shows its reason. Everything else is asked in a
new version whose results stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements.noting import note_on
from participation.foundation.errors import Conflict, Refused
from participation.surveys import drafts, locking
from participation.surveys.copying import copy_version
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    Question,
    QuestionText,
    Survey,
    SurveyVersion,
    WordingCorrection,
)

LONGEST_REASON = 300
# Below this it is no slip of the pen any more.
LEAST_LIKENESS = 0.75
_PARTS = ("text", "help", "low", "high", "unit")
_LONGEST = {
    "text": drafts.LONGEST_QUESTION,
    "help": drafts.LONGEST_HELP,
    "low": drafts.LONGEST_END,
    "high": drafts.LONGEST_END,
    "unit": drafts.LONGEST_UNIT,
}
# One of these more or less, and the sentence says the opposite or something else.
_TURNING = re.compile(
    r"\b(?:nicht|nie|niemals|kein\w*|ohne|un\w+|mehr|weniger|mindestens|höchstens|nur|immer"
    r"|alle|jede\w*|not|never|no|without|only|more|less)\b|\d+(?:[.,]\d+)?"
)


class CorrectionFault(Refused):
    """A correction that is none. `why` is missing, too_long, too_different, reason or nothing."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}", field=field)
        self.why = why


@dataclass(frozen=True)
class Correction:
    """The words of a question as they shall be: its parts, and its choices by their code."""

    parts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


def begin_version(
    session: Session, *, survey: Survey, actor: Account | None, at: datetime
) -> SurveyVersion:
    """Let a survey ask in a new version, at first the same; the earlier answers stay apart.

    Raises Conflict while nobody has answered, and once the survey has ended.
    """
    source = locking.answered(session, survey)
    if survey.closes_at <= at:
        raise Conflict("this survey has ended; ask again in a new one")
    target = SurveyVersion(
        survey_id=survey.id, number=source.number + 1, last_code=source.last_code, created_at=at
    )
    session.add(target)
    session.flush()
    copy_version(session, source, target)
    session.expire(survey, ["versions"])
    note_on(session, "survey.version_begun", survey, actor=actor, at=at, version=target.number)
    return target


def correct_wording(
    session: Session,
    *,
    survey: Survey,
    code: str,
    correction: Correction,
    reason: str,
    actor: Account | None,
    at: datetime,
    language: str = FIRST_LANGUAGE,
) -> list[WordingCorrection]:
    """Put slips in a question's words right; every change is kept with its reason.

    Raises CorrectionFault for what would change the meaning, and Conflict while nobody has
    answered.
    """
    version = locking.answered(session, survey)
    question = locking.find_question(version, code)
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise CorrectionFault("reason", "reason")
    changes = _corrected(session, version, question, correction, language)
    if not changes:
        raise CorrectionFault("text", "nothing")
    stored = [
        WordingCorrection(
            question_id=question.id,
            language=language,
            before=before,
            after=after,
            reason=reason,
            corrected_at=at,
        )
        for before, after in changes
    ]
    session.add_all(stored)
    session.flush()
    facts: dict[str, Any] = {"question": code, "language": language, "changes": len(stored)}
    note_on(session, "survey.wording_corrected", survey, actor=actor, at=at, **facts)
    return stored


def corrections_of(session: Session, version_id: int) -> list[tuple[str, WordingCorrection]]:
    """Return the corrections of a version with the code of their question, oldest first."""
    rows = session.execute(
        sa.select(Question.code, WordingCorrection)
        .join(Question, Question.id == WordingCorrection.question_id)
        .where(Question.version_id == version_id)
        .order_by(WordingCorrection.corrected_at, WordingCorrection.id)
    )
    return [(code, correction) for code, correction in rows]


def keeps_meaning(before: str, after: str) -> bool:
    """Tell whether a wording is the same but for slips: no number and no negation differs."""
    first, second = before.casefold(), after.casefold()
    if sorted(_TURNING.findall(first)) != sorted(_TURNING.findall(second)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= LEAST_LIKENESS


def _corrected(
    session: Session,
    version: SurveyVersion,
    question: Question,
    correction: Correction,
    language: str,
) -> list[tuple[str, str]]:
    """Write the corrected words and return each change, as before and after."""
    changes: list[tuple[str, str]] = []
    text = next((one for one in question.texts if one.language == language), None)
    if text is None:
        raise CorrectionFault("text", "missing")
    for part in _PARTS:
        after = correction.parts.get(part)
        if after is not None:
            changes += _correct_part(text, part, " ".join(after.split()))
    for choice in question.choices:
        after = correction.choices.get(choice.code)
        if after is not None:
            words = " ".join(after.split())
            change = _correct_choice(choice, words, language)
            changes += change
            if change and question.parent_id is not None:
                _correct_column(version, question, choice, words, language)
    session.flush()
    return changes


def _correct_part(text: QuestionText, part: str, after: str) -> list[tuple[str, str]]:
    before = getattr(text, part)
    if after == before:
        return []
    _check(part, before, after, _LONGEST[part])
    setattr(text, part, after)
    return [(before, after)]


def _correct_choice(choice: Choice, after: str, language: str) -> list[tuple[str, str]]:
    text = next((one for one in choice.texts if one.language == language), None)
    if text is None or text.text == after:
        return []
    before = text.text
    _check(f"choice_{choice.code}", before, after, drafts.LONGEST_CHOICE)
    text.text = after
    return [(before, after)]


def _correct_column(
    version: SurveyVersion, row: Question, choice: Choice, after: str, language: str
) -> None:
    """Let the columns of all rows of a matrix read the same."""
    for other in version.questions:
        if other.parent_id == row.parent_id and other is not row:
            for column in other.choices:
                if column.code == choice.code:
                    _correct_choice(column, after, language)


def _check(field_name: str, before: str, after: str, longest: int) -> None:
    if not after or not before:
        raise CorrectionFault(field_name, "missing")
    if len(after) > longest:
        raise CorrectionFault(field_name, "too_long")
    if not keeps_meaning(before, after):
        raise CorrectionFault(field_name, "too_different")
