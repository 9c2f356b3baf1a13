"""Short words for looking at a survey while it is built."""

from __future__ import annotations

import io

from PIL import Image

from participation.surveys import queries
from participation.surveys.drafts import TermDraft
from participation.surveys.models import Operator, QuestionKind, Survey
from participation.surveys.questionnaire import Questionnaire

K = QuestionKind
YES_NO = ("ja", "nein")


def asked(session, survey: Survey, language: str = "de") -> Questionnaire:
    return queries.questionnaire_of(session, survey.id, language=language)


def codes(session, survey: Survey) -> list[tuple[str, int]]:
    return [(one.code, one.page) for one in asked(session, survey).questions]


def picture(kind: str = "PNG", size: tuple[int, int] = (1600, 400)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind)
    return file.getvalue()


def ticked(earlier: str, choice: str) -> TermDraft:
    return TermDraft(earlier, Operator.TICKED, choice=choice)
