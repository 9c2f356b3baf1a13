"""Questions that were asked elsewhere, with the words in which people answered.

Here the code of a choice is the answer exactly as it stands in the file, so that nothing of it
is lost; what people read is its label. `operations.take_in` stores the sheets.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.foundation.errors import Conflict
from participation.surveys import queries
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceText,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
    SurveyVersion,
)


@dataclass(frozen=True)
class ImportedQuestion:
    """A question as it was asked elsewhere; `choices` are pairs of code and label."""

    code: str
    kind: QuestionKind
    text: str
    choices: tuple[tuple[str, str], ...] = ()


def record_imported(
    session: Session, *, survey: Survey, questions: Sequence[ImportedQuestion], at: datetime
) -> SurveyVersion:
    """Let a survey ask what was asked elsewhere, in a version of its own.

    Raises Conflict if the survey has responses: they answered something else.
    """
    if queries.response_count(session, survey.id):
        raise Conflict(f"the survey “{survey.slug}” has answers already")
    version = queries.current_version(session, survey.id, lock=True)
    if version.questions:
        version = SurveyVersion(survey_id=survey.id, number=version.number + 1, created_at=at)
        session.add(version)
    version.questions = [
        _question(imported, position) for position, imported in enumerate(questions, start=1)
    ]
    version.last_code = len(questions)
    session.flush()
    session.expire(survey, ["versions"])
    return version


def _question(imported: ImportedQuestion, position: int) -> Question:
    return Question(
        code=imported.code,
        series=uuid.uuid4().hex,
        kind=imported.kind,
        position=position,
        texts=[QuestionText(language=FIRST_LANGUAGE, text=imported.text)],
        choices=[
            Choice(
                code=code, position=place, texts=[ChoiceText(language=FIRST_LANGUAGE, text=label)]
            )
            for place, (code, label) in enumerate(imported.choices, start=1)
        ],
    )
