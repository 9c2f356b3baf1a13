"""A questionnaire that was made elsewhere, in all its languages, stored as the draft of a survey.

Unlike `importing`, which takes in what was answered already, this takes in what is to be asked:
pages, conditions and translations, which a clerk then checks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.engagements.models import EngagementText
from participation.engagements.plans import EngagementPlan
from participation.surveys import queries
from participation.surveys.building import open_survey
from participation.surveys.drafts import TermDraft
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceRole,
    ChoiceText,
    ConditionMode,
    PageText,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
    SurveyVersion,
    Term,
)
from participation.surveys.translating import translate, translation_of


@dataclass(frozen=True)
class ForeignWords:
    """What a question says in one language."""

    text: str
    help: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ForeignChoice:
    """A choice, in words by language."""

    code: str
    texts: Mapping[str, str]
    role: ChoiceRole = ChoiceRole.ANSWER


@dataclass(frozen=True)
class ForeignQuestion:
    """A question in all its languages, German among them; the rows of a matrix are questions."""

    code: str
    kind: QuestionKind
    texts: Mapping[str, ForeignWords]
    choices: tuple[ForeignChoice, ...] = ()
    rows: tuple[ForeignQuestion, ...] = ()
    page: int = 1
    required: bool = False
    shuffled: bool = False
    min_choices: int | None = None
    max_choices: int | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    decimals: int = 0
    mode: ConditionMode = ConditionMode.ALL
    terms: tuple[TermDraft, ...] = ()


@dataclass(frozen=True)
class ForeignPage:
    """What stands above a page: title and introduction by language."""

    number: int
    texts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class ForeignSurvey:
    """A whole questionnaire; `titles` are pairs of title and summary by language."""

    titles: Mapping[str, tuple[str, str]]
    questions: Sequence[ForeignQuestion]
    pages: Sequence[ForeignPage] = field(default_factory=tuple)


def open_foreign(
    session: Session,
    *,
    municipality: Municipality,
    plan: EngagementPlan,
    foreign: ForeignSurvey,
    actor: Account | None,
    at: datetime,
) -> Survey:
    """Draft a survey that asks what a questionnaire from elsewhere asks."""
    survey = open_survey(session, municipality=municipality, plan=plan, actor=actor, at=at)
    version = queries.current_version(session, survey.id, lock=True)
    _store_questions(session, version, foreign.questions)
    _store_words(session, survey, version, foreign)
    session.flush()
    session.expire(survey, ["versions"])
    session.expire(version)
    languages = {language for question in foreign.questions for language in question.texts}
    for language in sorted((languages | foreign.titles.keys()) - {FIRST_LANGUAGE}):
        _mark_as_made(session, survey, language)
    return survey


def _store_questions(
    session: Session, version: SurveyVersion, questions: Sequence[ForeignQuestion]
) -> None:
    stored: dict[str, Question] = {}
    for position, foreign in enumerate(questions, start=1):
        question = _question(foreign, version.id, position)
        stored[foreign.code] = question
        session.add(question)
        session.flush()
        for place, row in enumerate(foreign.rows, start=1):
            stored[row.code] = _question(row, version.id, place, matrix=question)
            session.add(stored[row.code])
    session.flush()
    for foreign in questions:
        stored[foreign.code].condition_mode = foreign.mode
        stored[foreign.code].terms = [
            _term(term, place, stored) for place, term in enumerate(foreign.terms, start=1)
        ]
    version.last_code = len(questions)
    session.flush()


def _question(
    foreign: ForeignQuestion, version_id: int, position: int, matrix: Question | None = None
) -> Question:
    return Question(
        version_id=version_id,
        parent_id=None if matrix is None else matrix.id,
        code=foreign.code,
        series=uuid.uuid4().hex,
        kind=foreign.kind,
        page=foreign.page if matrix is None else matrix.page,
        position=position,
        required=foreign.required,
        shuffled=foreign.shuffled,
        min_choices=foreign.min_choices,
        max_choices=foreign.max_choices,
        lowest=foreign.lowest,
        highest=foreign.highest,
        decimals=foreign.decimals,
        points=0,
        texts=[
            QuestionText(
                language=language,
                text=words.text,
                help=words.help,
                low=words.low,
                high=words.high,
                unit=words.unit,
            )
            for language, words in foreign.texts.items()
        ],
        choices=[
            Choice(
                code=choice.code,
                position=place,
                role=choice.role,
                texts=[
                    ChoiceText(language=language, text=text)
                    for language, text in choice.texts.items()
                ],
            )
            for place, choice in enumerate(foreign.choices, start=1)
        ],
    )


def _term(draft: TermDraft, position: int, stored: Mapping[str, Question]) -> Term:
    earlier = stored[draft.earlier]
    choice_id = None
    if draft.choice is not None:
        choice_id = next(one.id for one in earlier.choices if one.code == draft.choice)
    return Term(
        position=position,
        earlier_id=earlier.id,
        operator=draft.operator,
        choice_id=choice_id,
        number=draft.number,
    )


def _store_words(
    session: Session, survey: Survey, version: SurveyVersion, foreign: ForeignSurvey
) -> None:
    session.add_all(_headings(version.id, foreign.pages))
    session.add_all(
        EngagementText(engagement_id=survey.id, language=language, title=title, summary=summary)
        for language, (title, summary) in foreign.titles.items()
        if language != FIRST_LANGUAGE and title
    )


def _headings(version_id: int, pages: Iterable[ForeignPage]) -> Iterable[PageText]:
    for page in pages:
        for language, (title, introduction) in page.texts.items():
            yield PageText(
                version_id=version_id,
                page=page.number,
                language=language,
                title=title,
                introduction=introduction,
            )


def _mark_as_made(session: Session, survey: Survey, language: str) -> None:
    """Note that the words of a language belong to the German ones as they are now."""
    words = {
        one.group.key: one.words
        for one in translation_of(session, survey, language)
        if one.words and one.words.keys() <= one.group.german.keys()
    }
    translate(session, survey=survey, language=language, words=words, confirmed=words.keys())
