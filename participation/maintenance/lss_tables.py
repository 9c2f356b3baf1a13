"""The tables of an .lss file joined to questions, and every fault that they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from participation.maintenance.lss_file import Fault, LssFile, Row

LONGEST_TEXT = 20_000
MOST_QUESTIONS = 500
MOST_LINES = 500

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")
_ANSWER_CODE = re.compile(r"[\w.+-]{1,20}")
_WHOLE = re.compile(r"-?\d{1,9}")

Texts = dict[str, Row]


@dataclass
class LssLine:
    """An answer or a subquestion: its code and its words by language."""

    code: str
    scale: str
    order: int
    texts: dict[str, str]
    relevance: str = "1"


@dataclass
class LssQuestion:
    """A question with its texts and attributes by language; those of no language have ``""``."""

    code: str
    kind: str
    order: int
    row: Row
    texts: Texts = field(default_factory=dict)
    answers: list[LssLine] = field(default_factory=list)
    parts: list[LssLine] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)

    def attribute(self, name: str, language: str = "") -> str:
        """Return an attribute's value; empty if it is not set."""
        return self.attributes.get(name, {}).get(language, "")

    def is_set(self, *names: str) -> bool:
        """Tell whether one of these attributes says something else than “no”."""
        values = (value for name in names for value in self.attributes.get(name, {}).values())
        return any(value not in {"", "0", "N"} for value in values)


@dataclass
class LssGroup:
    """A group of questions, in its order."""

    number: str
    order: int
    relevance: str
    texts: Texts = field(default_factory=dict)
    questions: list[LssQuestion] = field(default_factory=list)


class Joined:
    """The groups of a file with their questions. `faults` are all that were found."""

    def __init__(self, file: LssFile) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._questions: dict[str, LssQuestion] = {}
        self._texts = self._by_language("question_l10ns", "qid")
        self.groups = self._groups()
        self._read_questions()
        self._read_parts()
        self._read_answers()
        self._read_attributes()
        self._check_texts()
        if not self._questions:
            self._fault("", "the file holds no question")

    def _fault(self, code: str, why: str) -> None:
        self.faults.append(Fault(code, why))

    def _groups(self) -> list[LssGroup]:
        texts = self._by_language("group_l10ns", "gid")
        groups = [
            LssGroup(
                number=row.get("gid", ""),
                order=self._whole(row.get("group_order", ""), f"group {row.get('gid', '')}"),
                relevance=row.get("grelevance", ""),
                texts=texts.get(row.get("gid", ""), {}),
            )
            for row in self.file.rows("groups")
        ]
        return sorted(groups, key=lambda group: group.order)

    def _read_questions(self) -> None:
        groups = {group.number: group for group in self.groups}
        rows = [
            row for row in self.file.rows("questions") if row.get("parent_qid", "0") in {"", "0"}
        ]
        if len(rows) > MOST_QUESTIONS:
            self._fault("", f"more than {MOST_QUESTIONS} questions")
            return
        codes: set[str] = set()
        for row in rows:
            code = row.get("title") or f"qid {row.get('qid', '?')}"
            question = LssQuestion(
                code, row.get("type", ""), self._whole(row.get("question_order", ""), code), row
            )
            if not _CODE.fullmatch(row.get("title", "")):
                self._fault(code, "the code of a question has letters and digits, at most 40")
            if code in codes:
                self._fault(code, "the code stands there twice")
            codes.add(code)
            if len(question.kind) != 1:
                self._fault(code, "the question is of no kind")
            if row.get("qid", "") in self._questions or not row.get("qid"):
                self._fault(code, "the question has no number of its own")
                continue
            self._questions[row["qid"]] = question
            question.texts = self._texts.get(row["qid"], {})
            group = groups.get(row.get("gid", ""))
            if group is None:
                self._fault(code, "the question belongs to no group of the file")
            else:
                group.questions.append(question)
        for group in self.groups:
            group.questions.sort(key=lambda question: question.order)

    def _read_parts(self) -> None:
        rows = [*self.file.rows("subquestions")]
        rows += [
            r for r in self.file.rows("questions") if r.get("parent_qid", "0") not in {"", "0"}
        ]
        for row in rows:
            code = row.get("title", "")
            question = self._questions.get(row.get("parent_qid", ""))
            if question is None:
                self._fault(code, "the subquestion belongs to no question of the file")
                continue
            texts = self._texts.get(row.get("qid", ""), {})
            words = {language: text.get("question", "") for language, text in texts.items()}
            self._check_languages(question.code, texts)
            line = LssLine(
                code=code,
                scale=row.get("scale_id") or "0",
                order=self._whole(row.get("question_order", ""), question.code),
                texts=words,
                relevance=row.get("relevance", "1"),
            )
            self._add(question, question.parts, line, "subquestion")

    def _read_answers(self) -> None:
        texts = self._by_language("answer_l10ns", "aid")
        for row in self.file.rows("answers"):
            question = self._questions.get(row.get("qid", ""))
            if question is None:
                self._fault(f"qid {row.get('qid', '?')}", "an answer belongs to no question")
                continue
            of_answer = texts.get(row.get("aid", ""), {})
            self._check_languages(question.code, of_answer)
            line = LssLine(
                code=row.get("code", ""),
                scale=row.get("scale_id") or "0",
                order=self._whole(row.get("sortorder", ""), question.code),
                texts={language: text.get("answer", "") for language, text in of_answer.items()},
            )
            self._add(question, question.answers, line, "answer")

    def _add(self, question: LssQuestion, lines: list[LssLine], line: LssLine, what: str) -> None:
        if not _ANSWER_CODE.fullmatch(line.code):
            self._fault(question.code, f"the {what} “{line.code[:40]}” has no proper code")
        if any((one.code, one.scale) == (line.code, line.scale) for one in lines):
            self._fault(question.code, f"the {what} “{line.code[:40]}” stands there twice")
        if len(lines) == MOST_LINES:
            self._fault(question.code, f"more than {MOST_LINES} lines")
        if len(lines) > MOST_LINES:
            return
        if any(len(text) > LONGEST_TEXT for text in line.texts.values()):
            self._fault(question.code, f"the {what} “{line.code[:40]}” is too long")
        lines.append(line)
        # Sorting keeps the order of the file where nothing else is said.
        lines.sort(key=lambda one: one.order)

    def _read_attributes(self) -> None:
        for row in self.file.rows("question_attributes"):
            question = self._questions.get(row.get("qid", ""))
            if question is None:
                continue  # Of a subquestion, or left over from a question that was deleted.
            values = question.attributes.setdefault(row.get("attribute", ""), {})
            values[row.get("language", "")] = row.get("value", "")[:LONGEST_TEXT]

    def _check_texts(self) -> None:
        for question in self._questions.values():
            self._check_languages(question.code, question.texts)
            for text in question.texts.values():
                if any(len(text.get(part, "")) > LONGEST_TEXT for part in ("question", "help")):
                    self._fault(question.code, f"a text is longer than {LONGEST_TEXT} characters")
            if not question.texts:
                self._fault(question.code, "the question has no text in any language")

    def _check_languages(self, code: str, texts: Iterable[str]) -> None:
        for language in texts:
            if language not in self.file.languages:
                why = f"a text is in a language that the file does not declare: “{language[:20]}”"
                self._fault(code, why)

    def _by_language(self, table: str, key: str) -> Mapping[str, Texts]:
        found: dict[str, Texts] = {}
        for row in self.file.rows(table):
            found.setdefault(row.get(key, ""), {})[row.get("language", "")] = row
        return found

    def _whole(self, text: str, code: str) -> int:
        if text and not _WHOLE.fullmatch(text):
            self._fault(code, f"the place “{text[:40]}” is no whole number")
        return int(text) if _WHOLE.fullmatch(text) else 0
