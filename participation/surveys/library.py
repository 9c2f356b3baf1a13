"""Questions with tested wordings, to be taken into a survey as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import NotFound
from participation.strategy.models import Element, ElementKind
from participation.surveys.building import add_question
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Question, QuestionKind, Survey, SurveyVersion
from participation.surveys.question_rows import LIBRARY_SERIES
from participation.surveys.translating import states_of, translate, translation_of

_FILE = Path(__file__).with_name("library.toml")
# In what languages there are words beside the German ones: library_en.toml
_LANGUAGES = frozenset({"en"})


@dataclass(frozen=True)
class LibraryQuestion:
    """A question of the library; `from_strategy` names the lines that elements give it."""

    key: str
    group: str
    kind: QuestionKind
    text: str
    words: tuple[tuple[str, Any], ...] = ()
    from_strategy: str = ""

    @property
    def series(self) -> str:
        """What it is compared with: every time that it was asked."""
        return LIBRARY_SERIES + self.key

    @property
    def lines(self) -> tuple[str, ...]:
        """What people choose from, the rows, or the ends of a scale, as far as they are known."""
        words = dict(self.words)
        ends = (words["low"], words["high"]) if "low" in words else ()
        return tuple(words.get("rows") or words.get("choices") or ends)

    def draft(self, lines: Sequence[str] = (), *, page: int | None = None) -> QuestionDraft:
        """Return it as a draft; `lines` name the elements where it takes them."""
        words = dict(self.words)
        if self.from_strategy:
            words[self.from_strategy] = tuple(lines)
            if "max_choices" in words:
                words["max_choices"] = min(words["max_choices"], max(len(lines), 1))
        return QuestionDraft(kind=self.kind, text=self.text, page=page, series=self.series, **words)


@dataclass(frozen=True)
class LibraryGroup:
    """Questions about one matter."""

    key: str
    title: str
    questions: tuple[LibraryQuestion, ...]


@cache
def library() -> tuple[LibraryGroup, ...]:
    """Return the whole library by group."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    questions = [_read(row) for row in content["question"]]
    return tuple(
        LibraryGroup(
            group["key"],
            group["title"],
            tuple(one for one in questions if one.group == group["key"]),
        )
        for group in content["group"]
    )


def library_question(key: str) -> LibraryQuestion:
    """Return the question of a key. Raises NotFound."""
    for group in library():
        for question in group.questions:
            if question.key == key:
                return question
    raise NotFound("the library has no such question")


def insert_questions(
    session: Session, *, survey: Survey, keys: Sequence[str], lines: Sequence[str] = ()
) -> list[Question]:
    """Add questions of the library at the end of a survey, in the library's words and series.

    `lines` ("M-07 Bürgerservice") are what those about the strategy ask about. In English they
    stand as well, if the survey has English; these lines alone are left to be translated.
    """
    taken = set(
        session.scalars(
            sa.select(Question.series)
            .join(SurveyVersion, SurveyVersion.id == Question.version_id)
            .where(SurveyVersion.survey_id == survey.id)
        )
    )
    added = []
    for key in keys:
        question = library_question(key)
        draft = question.draft(lines)
        if question.series in taken:
            # Asked twice in one survey, only one of them is the one of the years before.
            draft = _without_series(draft)
        added.append(add_question(session, survey=survey, draft=draft))
        taken.add(question.series)
    _translate(session, survey, {question.code for question in added})
    return added


@cache
def library_in(language: str) -> Mapping[str, str]:
    """Return the words of the library in a language by the German ones; nothing if it has none."""
    if language not in _LANGUAGES:
        return {}
    file = _FILE.with_name(f"{_FILE.stem}_{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _translate(session: Session, survey: Survey, codes: Collection[str]) -> None:
    """Give new questions their words in the languages that the survey and the library have."""
    languages = [state.language for state in states_of(session, survey)]
    for language in sorted(_LANGUAGES.intersection(languages)):
        known = library_in(language)
        words = {
            one.group.key: {part: known.get(text, "") for part, text in one.group.german.items()}
            for one in translation_of(session, survey, language)
            if one.group.key.partition("-")[0].partition("_")[0] in codes
        }
        translate(session, survey=survey, language=language, words=words)


def lines_about(elements: Sequence[Element], titles: dict[str, str]) -> list[str]:
    """Return a line for each measure among elements, or for each element if there is none."""
    measures = [one for one in elements if one.kind is ElementKind.MEASURE]
    return [f"{one.code} {titles[one.code]}" for one in measures or elements if one.code in titles]


def read_words(row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return what a question of a file says besides its kind and text."""
    apart = {"key", "group", "kind", "text", "from_strategy"}
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in row.items()
        if name not in apart
    )


def _read(row: dict[str, Any]) -> LibraryQuestion:
    return LibraryQuestion(
        key=row["key"],
        group=row["group"],
        kind=QuestionKind(row["kind"]),
        text=row["text"],
        words=read_words(row),
        from_strategy=row.get("from_strategy", ""),
    )


def _without_series(draft: QuestionDraft) -> QuestionDraft:
    return QuestionDraft(**(vars(draft) | {"series": ""}))
