"""The words of a survey in other languages, easy language among them, group by group.

A group is what one row of the database holds: the survey itself, the heading of a page, a
question, a choice. A translation notes a hash of the German words that it was made from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from participation.engagements import wordings
from participation.engagements.models import EngagementText
from participation.engagements.plans import LONGEST_WORDS
from participation.engagements.wordings import EASY, fingerprint
from participation.foundation.errors import Refused
from participation.surveys import queries
from participation.surveys.checking import LanguageState
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceRole,
    ChoiceText,
    PageText,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
    SurveyVersion,
)
from participation.surveys.tongues import is_tag
from participation.surveys.wiring import rows_of_matrix, whole_questions

SURVEY = "survey"
# Without it a translation is no row: the title of a survey, the text of a question.
_HEADS = ("title", "text")
_OF_PAGE = ("title", "introduction")
_OF_QUESTION = ("text", "help", "low", "high", "unit", "picture")
LONGEST = LONGEST_WORDS | {"introduction": 2000}


class TranslationFault(Refused):
    """A translation that cannot be stored. `why` is missing_head, too_long or answered."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}", field=field)
        self.why = why


Text = EngagementText | PageText | QuestionText | ChoiceText
_KEYS: dict[type[Text], tuple[str, ...]] = {
    EngagementText: ("engagement_id",),
    PageText: ("version_id", "page"),
    QuestionText: ("question_id",),
    ChoiceText: ("choice_id",),
}


@dataclass(frozen=True)
class Row:
    """Where words are stored: the table and the key without the language."""

    model: type[Text]
    key: tuple[int, ...]

    def new(self, language: str) -> Text:
        """Return a row without words in a language."""
        names = _KEYS[self.model]
        return self.model(**dict(zip(names, self.key, strict=True)), language=language)


@dataclass(frozen=True)
class Group:
    """Words that are translated together: German ones by part, and the rows that they are of."""

    key: str
    german: Mapping[str, str]
    rows: tuple[Row, ...]

    @property
    def fingerprint(self) -> str:
        """A short hash of the German words."""
        return fingerprint(self.german)


@dataclass(frozen=True)
class Translated:
    """A group beside its translation into one language."""

    group: Group
    words: Mapping[str, str]
    made_from: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether some German words have no translation."""
        return any(not self.words.get(part) for part in self.group.german)

    @property
    def is_outdated(self) -> bool:
        """Whether the German words have changed since."""
        return bool(self.words) and self.made_from != self.group.fingerprint


def translation_of(session: Session, survey: Survey, language: str) -> list[Translated]:
    """Return everything that a survey says, in its order, beside a language."""
    version = load_words(session, survey)
    stored = _Stored(session, survey, version)
    return [stored.translated(group, language) for group in _groups(survey, version, stored)]


def states_of(session: Session, survey: Survey) -> list[LanguageState]:
    """Return how far a survey is translated into each language in which it has any words."""
    version = load_words(session, survey)
    stored = _Stored(session, survey, version)
    groups = list(_groups(survey, version, stored))
    states = []
    for language in sorted(stored.languages):
        found = [
            stored.translated(group, language)
            for group in groups
            if language != EASY or group.rows[0].model is not ChoiceText
        ]
        states.append(
            LanguageState(
                language,
                total=len(found),
                missing=sum(one.is_missing for one in found),
                outdated=sum(one.is_outdated for one in found),
            )
        )
    return states


def translate(
    session: Session,
    *,
    survey: Survey,
    language: str,
    words: Mapping[str, Mapping[str, str]],
    confirmed: Collection[str] = (),
) -> int:
    """Store a translation: words by group and part; return how many groups changed.

    `confirmed` are the groups that somebody found still right. Once people have answered, what
    they may have read stays: only what is missing is added. Raises TranslationFault.
    """
    if language == FIRST_LANGUAGE or not is_tag(language):
        raise Refused("this is no other language", field="language")
    changed = 0
    is_answered = queries.is_answered(
        session, queries.current_version(session, survey.id, lock=True).id
    )
    for one in translation_of(session, survey, language):
        given = words.get(one.group.key)
        if given is None:
            continue
        wanted = {part: (given.get(part) or "").strip() for part in one.group.german}
        _check(one, wanted, is_answered=is_answered)
        is_new = any(text != one.words.get(part, "") for part, text in wanted.items())
        if is_new or (one.group.key in confirmed and one.is_outdated):
            _write(session, one.group, language, wanted)
            changed += 1
    session.flush()
    return changed


def load_words(session: Session, survey: Survey) -> SurveyVersion:
    """Return the current version with all its words read at once."""
    version = queries.current_version(session, survey.id)
    questions = selectinload(SurveyVersion.questions)
    session.scalars(
        sa.select(SurveyVersion)
        .where(SurveyVersion.id == version.id)
        .options(
            questions.selectinload(Question.texts),
            questions.selectinload(Question.choices).selectinload(Choice.texts),
        )
        .execution_options(populate_existing=True)
    ).all()
    return version


def _check(one: Translated, wanted: Mapping[str, str], *, is_answered: bool) -> None:
    key = one.group.key
    head = next((part for part in _HEADS if part in one.group.german), None)
    if head is not None and not wanted[head] and any(wanted.values()):
        raise TranslationFault(f"{key}.{head}", "missing_head")
    for part, text in wanted.items():
        if len(text) > LONGEST.get(part, 600):
            raise TranslationFault(f"{key}.{part}", "too_long")
        before = one.words.get(part, "")
        is_asked = one.group.rows[0].model in {QuestionText, ChoiceText}
        if is_answered and is_asked and before and text != before:
            raise TranslationFault(f"{key}.{part}", "answered")


class _Stored:
    """All words of a version and its survey, by the row that they belong to and the language."""

    def __init__(self, session: Session, survey: Survey, version: SurveyVersion) -> None:
        self._texts: dict[tuple[Row, str], Text] = {}
        for words in session.scalars(
            sa.select(EngagementText).where(EngagementText.engagement_id == survey.id)
        ):
            self._texts[Row(EngagementText, (survey.id,)), words.language] = words
        for heading in session.scalars(
            sa.select(PageText).where(PageText.version_id == version.id)
        ):
            self._texts[_page(version, heading.page), heading.language] = heading
        for question in version.questions:
            for text in question.texts:
                self._texts[Row(QuestionText, (question.id,)), text.language] = text
            for choice in question.choices:
                for line in choice.texts:
                    self._texts[Row(ChoiceText, (choice.id,)), line.language] = line

    @property
    def languages(self) -> set[str]:
        """All other languages than German in which there are any words."""
        return {language for _, language in self._texts} - {FIRST_LANGUAGE}

    def find(self, row: Row, language: str) -> Text | None:
        """Return the words of a row in a language."""
        return self._texts.get((row, language))

    def translated(self, group: Group, language: str) -> Translated:
        """Return a group with its translation."""
        text = self.find(group.rows[0], language)
        if text is None:
            return Translated(group, {})
        words = {part: getattr(text, part) for part in group.german if getattr(text, part)}
        return Translated(group, words, text.made_from)


def _groups(survey: Survey, version: SurveyVersion, stored: _Stored) -> Iterator[Group]:
    yield Group(SURVEY, wordings.german_of(survey), (Row(EngagementText, (survey.id,)),))
    last_page = 0
    for question in whole_questions(version):
        for page in range(last_page + 1, question.page + 1):
            heading = stored.find(_page(version, page), FIRST_LANGUAGE)
            if heading is not None:
                yield Group(f"page-{page}", _filled(heading, _OF_PAGE), (_page(version, page),))
        last_page = max(last_page, question.page)
        yield _group_of(question)
        rows = rows_of_matrix(version, question)
        yield from (_group_of(row) for row in rows)
        yield from _choices_of(question, rows)


def _page(version: SurveyVersion, page: int) -> Row:
    return Row(PageText, (version.id, page))


def _group_of(question: Question) -> Group:
    german = next(text for text in question.texts if text.language == FIRST_LANGUAGE)
    return Group(question.code, _filled(german, _OF_QUESTION), (Row(QuestionText, (question.id,)),))


def _choices_of(question: Question, rows: Sequence[Question]) -> Iterator[Group]:
    """Return a group for each choice; the columns of a matrix are stored in each of its rows."""
    sources = rows if question.kind is QuestionKind.MATRIX else [question]
    for choice in sources[0].choices if sources else ():
        if question.kind is QuestionKind.SCALE and choice.role is ChoiceRole.ANSWER:
            continue
        same = tuple(
            Row(ChoiceText, (one.id,))
            for source in sources
            for one in source.choices
            if one.code == choice.code
        )
        words = {"text": choice.text_in(FIRST_LANGUAGE)}
        yield Group(f"{question.code}-{choice.code}", words, same)


def _filled(row: object, parts: Sequence[str]) -> dict[str, str]:
    return {part: getattr(row, part) for part in parts if getattr(row, part)}


def _write(session: Session, group: Group, language: str, wanted: Mapping[str, str]) -> None:
    for row in group.rows:
        text = cast(Text | None, session.get(row.model, (*row.key, language)))
        if not any(wanted.values()):
            if text is not None:
                session.delete(text)
            continue
        if text is None:
            text = row.new(language)
            session.add(text)
        for part, words in wanted.items():
            setattr(text, part, words)
        text.made_from = group.fingerprint
    session.flush()
