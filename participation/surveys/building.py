"""Build a survey: its questions, their order and their wording, until somebody answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.engagements.operations import begin_engagement
from participation.engagements.plans import EngagementPlan
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy.models import Element
from participation.surveys import policy, queries
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

LONGEST_QUESTION = 300
LONGEST_CHOICE = 200


class QuestionFault(Refused):
    """A question that cannot be asked like this. `why` is one of the words of `WHYS`."""

    WHYS = (
        "text_missing",
        "text_too_long",
        "too_few_choices",
        "too_many_choices",
        "choice_too_long",
        "choices_repeat",
        "points",
        "limits",
        "too_many_questions",
        "foreign_elements",
    )

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}", field=field)
        self.why = why


@dataclass(frozen=True)
class QuestionDraft:
    """What a clerk says about a question. `choices` are its lines; `points` those of a scale."""

    kind: QuestionKind
    text: str
    help: str = ""
    choices: tuple[str, ...] = ()
    points: int = 5
    low: str = ""
    high: str = ""
    required: bool = False
    sensitive: bool = False
    min_choices: int | None = None
    max_choices: int | None = None
    elements: tuple[Element, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The words of its choices; a scale has its points, a written answer has none."""
        if self.kind is QuestionKind.TEXT:
            return ()
        if self.kind is QuestionKind.SCALE:
            return tuple(str(point) for point in range(1, self.points + 1))
        return tuple(line for line in (" ".join(choice.split()) for choice in self.choices) if line)


def open_survey(
    session: Session,
    *,
    municipality: Municipality,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
) -> Survey:
    """Draft a survey without questions; `publish_engagement` makes it public."""
    survey = Survey()
    begin_engagement(
        session, engagement=survey, municipality=municipality, plan=plan, actor=actor, at=at
    )
    session.add(SurveyVersion(survey_id=survey.id, number=1, last_code=0, created_at=at))
    session.flush()
    return survey


def add_question(
    session: Session, *, survey: Survey, draft: QuestionDraft, code: str | None = None
) -> Question:
    """Add a question at the end. It gets the next code unless one is given."""
    version = _unlocked(session, survey)
    _check(survey, draft)
    if len(version.questions) >= policy.MOST_QUESTIONS:
        raise QuestionFault("text", "too_many_questions")
    version.last_code += 1
    position = max((question.position for question in version.questions), default=0) + 1
    question = Question(
        version_id=version.id,
        code=code or f"F{version.last_code}",
        series=uuid.uuid4().hex,
        kind=draft.kind,
        position=position,
    )
    version.questions.append(question)
    _apply(session, question, draft)
    return question


def change_question(
    session: Session, *, survey: Survey, code: str, draft: QuestionDraft
) -> Question:
    """Reword a question. A choice of the same words keeps its code, a new one gets a new code."""
    question = _find(_unlocked(session, survey), code)
    _check(survey, draft)
    if question.kind is not draft.kind:
        # The codes of a scale are its points: nothing of another kind's choices is kept.
        question.choices = []
        question.kind = draft.kind
        session.flush()
    _apply(session, question, draft)
    return question


def delete_question(session: Session, *, survey: Survey, code: str) -> None:
    """Remove a question; its code is not given again."""
    version = _unlocked(session, survey)
    version.questions.remove(_find(version, code))
    session.flush()


def move_question(session: Session, *, survey: Survey, code: str, by: int) -> None:
    """Move a question up (-1) or down (1); at the end it stays."""
    version = _unlocked(session, survey)
    order = list(version.questions)
    place = order.index(_find(version, code))
    target = min(max(place + by, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    for position, question in enumerate(order, start=1):
        question.position = position
    session.flush()
    session.expire(version, ["questions"])


def _unlocked(session: Session, survey: Survey) -> SurveyVersion:
    """Return the current version; raise Conflict once it has been answered."""
    version = queries.current_version(session, survey.id, lock=True)
    if queries.is_answered(session, version.id):
        raise Conflict("people have answered these questions; they stay as they are")
    return version


def _find(version: SurveyVersion, code: str) -> Question:
    for question in version.questions:
        if question.code == code:
            return question
    raise NotFound("there is no such question")


def _check(survey: Survey, draft: QuestionDraft) -> None:
    if not draft.text.strip():
        raise QuestionFault("text", "text_missing")
    if len(draft.text) > LONGEST_QUESTION:
        raise QuestionFault("text", "text_too_long")
    if not set(draft.elements) <= set(survey.elements):
        raise QuestionFault("elements", "foreign_elements")
    if draft.kind is QuestionKind.SCALE:
        if not policy.FEWEST_POINTS <= draft.points <= policy.MOST_POINTS:
            raise QuestionFault("points", "points")
    elif draft.kind is not QuestionKind.TEXT:
        _check_choices(draft.lines)
    if draft.kind is QuestionKind.MULTIPLE:
        _check_limits(draft)


def _check_choices(lines: Sequence[str]) -> None:
    if len(lines) < 2:
        raise QuestionFault("choices", "too_few_choices")
    if len(lines) > policy.MOST_CHOICES:
        raise QuestionFault("choices", "too_many_choices")
    if any(len(line) > LONGEST_CHOICE for line in lines):
        raise QuestionFault("choices", "choice_too_long")
    if len({line.casefold() for line in lines}) < len(lines):
        raise QuestionFault("choices", "choices_repeat")


def _check_limits(draft: QuestionDraft) -> None:
    least = draft.min_choices or 1
    most = draft.max_choices or len(draft.lines)
    if not 1 <= least <= most <= len(draft.lines):
        raise QuestionFault("max_choices", "limits")


def _apply(session: Session, question: Question, draft: QuestionDraft) -> None:
    is_multiple = draft.kind is QuestionKind.MULTIPLE
    question.required = draft.required
    question.sensitive = draft.sensitive and draft.kind is not QuestionKind.TEXT
    question.min_choices = draft.min_choices if is_multiple else None
    question.max_choices = draft.max_choices if is_multiple else None
    question.elements = list(draft.elements)
    is_scale = draft.kind is QuestionKind.SCALE
    _put_text(
        question,
        text=" ".join(draft.text.split()),
        help_text=draft.help.strip(),
        low=draft.low.strip() if is_scale else "",
        high=draft.high.strip() if is_scale else "",
    )
    _put_choices(question, draft.lines)
    session.flush()
    session.expire(question, ["choices"])


def _put_text(question: Question, *, text: str, help_text: str, low: str, high: str) -> None:
    german = next((row for row in question.texts if row.language == FIRST_LANGUAGE), None)
    if german is None:
        german = QuestionText(language=FIRST_LANGUAGE)
        question.texts.append(german)
    german.text, german.help, german.low, german.high = text, help_text, low, high


def _put_choices(question: Question, lines: Sequence[str]) -> None:
    known = {choice.text_in(FIRST_LANGUAGE): choice for choice in question.choices}
    numbers = [int(choice.code) for choice in question.choices if choice.code.isdigit()]
    is_scale = question.kind is QuestionKind.SCALE
    next_number = max(numbers, default=0) + 1
    kept = []
    for position, line in enumerate(lines, start=1):
        choice = known.get(line)
        if choice is None:
            code = line if is_scale else str(next_number)
            next_number += 1
            choice = Choice(code=code, texts=[ChoiceText(language=FIRST_LANGUAGE, text=line)])
        choice.position = position
        kept.append(choice)
    question.choices = kept
