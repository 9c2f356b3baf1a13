"""An .lss file as a questionnaire of ours: pages, questions, conditions, languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from participation.engagements.plans import LONGEST_TITLE
from participation.engagements.wordings import EASY
from participation.maintenance.lss_conditions import Condition, NotExpressible, condition_of
from participation.maintenance.lss_file import BrokenQuestionnaire, Fault, LssFile, Row
from participation.maintenance.lss_kinds import Taken, introduction_of, questions_of
from participation.maintenance.lss_tables import Joined, LssGroup, LssQuestion
from participation.maintenance.plain_text import one_line
from participation.surveys.arranging import LONGEST_INTRODUCTION, LONGEST_PAGE_TITLE
from participation.surveys.foreign import (
    ForeignPage,
    ForeignQuestion,
    ForeignSurvey,
)
from participation.surveys.models import FIRST_LANGUAGE
from participation.surveys.tongues import is_tag

LONGEST_SUMMARY = 600


@dataclass(frozen=True)
class LssSurvey:
    """What a file holds, what of it is not taken over, and the languages that it declares."""

    survey: ForeignSurvey
    reported: tuple[Fault, ...]
    languages: tuple[str, ...]
    content_hash: str

    @property
    def title(self) -> tuple[str, str]:
        """The German title and summary."""
        return self.survey.titles[FIRST_LANGUAGE]


def questionnaire_of(file: LssFile) -> LssSurvey:
    """Return a file as a questionnaire. Raises BrokenQuestionnaire with every fault that it has."""
    joined = Joined(file)
    taken = Taken(_our_languages(file.languages), _base_language(file))
    if FIRST_LANGUAGE not in taken.languages.values():
        taken.tell("", f"there are no German words; those in “{taken.base}” stand in their place")
    made = _Maker(taken)
    for group in joined.groups:
        made.add(group)
    faults = [*joined.faults, *taken.faults]
    if not made.questions and not faults:
        faults.append(Fault("", "no question of the file is of a kind that we have"))
    if faults:
        raise BrokenQuestionnaire(file.name, *faults)
    titles = _titles(file, taken)
    _tell_the_rest(file, taken)
    return LssSurvey(
        survey=ForeignSurvey(titles, made.questions, made.pages(_welcome(file, taken))),
        reported=tuple(taken.reported),
        languages=file.languages,
        content_hash=file.content_hash,
    )


class _Maker:
    """Makes pages of groups; a question knows those before it."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.questions: list[ForeignQuestion] = []
        self._earlier: dict[str, ForeignQuestion] = {}
        self._pages: dict[int, dict[str, tuple[str, str]]] = {}

    def add(self, group: LssGroup) -> None:
        """Add a group as a page, unless nothing of it is ours."""
        page = max((question.page for question in self.questions), default=0) + 1
        before = len(self.questions)
        shown: list[LssQuestion] = []
        whole = self._condition(_name_of(group), group.relevance)
        for question in group.questions:
            if question.kind == "X" and before == len(self.questions) and _is_plain(question):
                shown.append(question)
                continue
            self._add_question(question, page, whole)
        if before == len(self.questions):
            for question in shown:
                self.taken.tell(question.code, "its page has no question of ours")
            return
        self._pages[page] = self._texts_of(group, shown)

    def pages(self, welcome: Mapping[str, str]) -> list[ForeignPage]:
        """Return the pages; the welcome stands above the first one."""
        if self._pages and welcome:
            first = dict(self._pages[1])
            for language, text in welcome.items():
                title, introduction = first.get(language, ("", ""))
                first[language] = (
                    title,
                    self._cut("", "\n".join(filter(None, (text, introduction)))),
                )
            self._pages[1] = first
        return [
            ForeignPage(number, texts)
            for number, texts in self._pages.items()
            if any(texts.values())
        ]

    def _add_question(self, question: LssQuestion, page: int, whole: Condition) -> None:
        condition = self._condition(question.code, question.row.get("relevance", ""))
        try:
            condition = whole.with_also(condition)
        except NotExpressible:
            self.taken.tell(question.code, "its condition and that of its group are too many")
            condition = Condition()
        for one in questions_of(question, self.taken):
            ours = replace(one, page=page, mode=condition.mode, terms=condition.terms)
            self.questions.append(ours)
            for known in (ours, *ours.rows):
                self._earlier[known.code] = known

    def _condition(self, code: str, relevance: str) -> Condition:
        try:
            return condition_of(relevance, self._earlier)
        except NotExpressible:
            shown = " ".join(relevance.split())[:200]
            self.taken.tell(code, f"its condition cannot be said here, it is always asked: {shown}")
            return Condition()

    def _texts_of(self, group: LssGroup, shown: list[LssQuestion]) -> dict[str, tuple[str, str]]:
        languages = self.taken.languages
        titles = {
            ours: one_line(group.texts.get(theirs, {}).get("group_name", ""))[:LONGEST_PAGE_TITLE]
            for theirs, ours in languages.items()
        }
        above = {language: row.get("description", "") for language, row in group.texts.items()}
        parts = [introduction_of(above, languages)]
        for question in shown:
            words = {language: row.get("question", "") for language, row in question.texts.items()}
            parts.append(introduction_of(words, languages))
        found = {}
        for language in dict.fromkeys(languages.values()):
            text = "\n".join(part[language] for part in parts if language in part)
            if titles.get(language) or text:
                found[language] = (titles.get(language, ""), self._cut(_name_of(group), text))
        if found and FIRST_LANGUAGE not in found:
            found[FIRST_LANGUAGE] = next(iter(found.values()))
        return found

    def _cut(self, code: str, text: str) -> str:
        if len(text) <= LONGEST_INTRODUCTION:
            return text
        self.taken.tell(
            code, f"an introduction was longer than {LONGEST_INTRODUCTION} characters and is cut"
        )
        return f"{text[: LONGEST_INTRODUCTION - 1].rstrip()}…"


def _is_plain(question: LssQuestion) -> bool:
    """Tell whether a text that is only shown says the same to everybody."""
    has_expression = any("{" in row.get("question", "") for row in question.texts.values())
    is_always = question.row.get("relevance", "") in {"", "1"}
    return is_always and not has_expression and not question.is_set("hidden")


def _name_of(group: LssGroup) -> str:
    return f"group {group.number}"


def _our_languages(theirs: tuple[str, ...]) -> dict[str, str]:
    """Return our tag for each language of a file; informal German is German where no other is."""
    ours: dict[str, str] = {}
    for language in theirs:
        tag = {"de-easy": EASY, "de-informal": FIRST_LANGUAGE}.get(language, language)
        tag = tag.removesuffix("-informal")
        if is_tag(tag) and (tag not in ours.values()) and not (tag != language and tag in theirs):
            ours[language] = tag
    return ours


def _base_language(file: LssFile) -> str:
    for row in file.rows("surveys"):
        if row.get("language") in file.languages:
            return row["language"]
    return file.languages[0]


def _of_languages(file: LssFile) -> dict[str, Row]:
    return {row.get("surveyls_language", ""): row for row in file.rows("surveys_languagesettings")}


def _titles(file: LssFile, taken: Taken) -> dict[str, tuple[str, str]]:
    rows = _of_languages(file)
    titles = {
        ours: (
            one_line(rows.get(theirs, {}).get("surveyls_title", ""))[:LONGEST_TITLE],
            one_line(rows.get(theirs, {}).get("surveyls_description", ""))[:LONGEST_SUMMARY],
        )
        for theirs, ours in taken.languages.items()
    }
    titles = {language: words for language, words in titles.items() if words[0]}
    if FIRST_LANGUAGE not in titles:
        spare = taken.languages.get(taken.base, "")
        titles[FIRST_LANGUAGE] = titles.get(spare) or next(iter(titles.values()), ("", ""))
    return titles


def _welcome(file: LssFile, taken: Taken) -> dict[str, str]:
    rows = _of_languages(file).items()
    return introduction_of(
        {language: row.get("surveyls_welcometext", "") for language, row in rows}, taken.languages
    )


def _tell_the_rest(file: LssFile, taken: Taken) -> None:
    """Tell what stands in the file beside its questions and has no place here."""
    for language in file.languages:
        if language not in taken.languages:
            taken.tell("", f"the words in “{language}” were not taken over")
    for row in file.rows("quota"):
        taken.tell(f"quota {row.get('name', '')[:40]}", "there are no quotas here")
    settings = _of_languages(file).values()
    if any(one_line(row.get("surveyls_endtext", "")) for row in settings):
        taken.tell("", "the text at the end was not taken over; a receipt is shown there")
    if any(one_line(row.get("surveyls_policy_notice", "")) for row in settings):
        taken.tell("", "the privacy notice was not taken over; that of the municipality is shown")
    if any(row.get("anonymized") == "N" for row in file.rows("surveys")):
        taken.tell("", "the survey was not anonymous there; here every survey is")
    _tell_of_rows(file, taken)


def _tell_of_rows(file: LssFile, taken: Taken) -> None:
    asked = {row.get("qid"): row for row in file.rows("questions")}
    for row in file.rows("conditions"):
        question = asked.get(row.get("qid"), {})
        if question.get("relevance", "1") in {"", "1"}:
            taken.tell(question.get("title", ""), "its condition was not taken over")
    for row in file.rows("groups"):
        if row.get("randomization_group"):
            taken.tell(f"group {row.get('gid', '')}", "its random order was not taken over")
