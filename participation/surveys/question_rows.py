"""How a question becomes rows: its German words, its choices, the rows of a matrix.

Codes are kept as long as words are nearly the same: what a condition or a translation refers
to stays when a slip of the pen is put right.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.surveys.drafts import (
    LIMITED,
    Line,
    QuestionDraft,
    QuestionFault,
    lines_of,
    rows_of,
)
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceRole,
    ChoiceText,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
    Term,
)

ROLE_CODES = {ChoiceRole.OTHER: "other", ChoiceRole.NO_ANSWER: "none"}
LIBRARY_SERIES = "library/"
_SAME_WORDS = 0.6


@dataclass(frozen=True)
class _Known:
    """A line that is stored: its code, its words and the element that it is about."""

    code: str
    text: str
    element_id: int | None


def put_question(
    session: Session,
    *,
    survey: Survey,
    question: Question,
    rows: Sequence[Question],
    draft: QuestionDraft,
) -> None:
    """Let a stored question say what a draft says; `rows` are those that it has as a matrix."""
    is_limited = draft.kind in LIMITED
    is_number = draft.kind is QuestionKind.NUMBER
    question.required = draft.required
    question.sensitive = draft.sensitive
    question.shuffled = draft.shuffled
    question.min_choices = draft.min_choices if is_limited else None
    question.max_choices = draft.max_choices if is_limited else None
    question.points = draft.budget if draft.kind is QuestionKind.POINTS else 0
    question.lowest = draft.lowest if is_number else None
    question.highest = draft.highest if is_number else None
    question.decimals = draft.decimals if is_number else 0
    question.elements = list(draft.elements)
    is_scale = draft.kind is QuestionKind.SCALE
    german = german_text(question)
    german.text = " ".join(draft.text.split())
    german.help = draft.help.strip()
    german.low = draft.low.strip() if is_scale else ""
    german.high = draft.high.strip() if is_scale else ""
    german.unit = draft.unit.strip() if is_number else ""
    session.flush()
    elements = {element.code: element for element in survey.elements}
    lines = lines_of(draft, elements)
    if draft.kind is QuestionKind.MATRIX:
        _put_rows(
            session, question, rows, rows_of(draft, elements), lines, _series_of_rows(question)
        )
        lines = ()
    else:
        for row in rows:
            _refuse_if_needed(session, [row.id], "kind_needed")
            session.delete(row)
    _put_choices(session, question, _codes(question, lines), lines)
    session.flush()
    session.expire(question, ["choices"])


def _series_of_rows(matrix: Question) -> str:
    """Return what the series of rows begin with: of a matrix of the library, its own series."""
    return matrix.series if matrix.series.startswith(LIBRARY_SERIES) else ""


def german_text(question: Question) -> QuestionText:
    """Return the German words of a question, empty ones for a new question."""
    for text in question.texts:
        if text.language == FIRST_LANGUAGE:
            return text
    german = QuestionText(language=FIRST_LANGUAGE, text="")
    question.texts.append(german)
    return german


def _put_rows(
    session: Session,
    matrix: Question,
    rows: Sequence[Question],
    wanted: Sequence[Line],
    columns: Sequence[Line],
    series: str,
) -> None:
    known = [_Known(row.code, german_text(row).text, _only_element(row)) for row in rows]
    first = f"{matrix.code}_"
    codes = _matched(
        known, wanted, first, _next_number(row.code.removeprefix(first) for row in rows)
    )
    gone = [row for row in rows if row.code not in codes]
    _refuse_if_needed(session, [row.id for row in gone], "row_needed")
    for row in gone:
        session.delete(row)
    column_codes = _codes(rows[0], columns) if rows else _codes(None, columns)
    by_code = {row.code: row for row in rows}
    for position, (code, line) in enumerate(zip(codes, wanted, strict=True), start=1):
        row = by_code.get(code) or _new_row(session, matrix, code, line, series)
        row.position, row.page = position, matrix.page
        row.required, row.sensitive = matrix.required, matrix.sensitive
        row.elements = [line.element] if line.element is not None else []
        german_text(row).text = line.text
        _put_choices(session, row, column_codes, columns)
    session.flush()


def _new_row(session: Session, matrix: Question, code: str, line: Line, series: str) -> Question:
    about = line.element.code if line.element is not None else line.text.casefold()
    row = Question(
        version_id=matrix.version_id,
        parent_id=matrix.id,
        code=code,
        # Asked about the same thing again, it can be compared.
        series=f"{series}/{about}" if series else uuid.uuid4().hex,
        kind=QuestionKind.SINGLE,
        position=0,
        texts=[QuestionText(language=FIRST_LANGUAGE, text=line.text)],
    )
    session.add(row)
    return row


def _put_choices(
    session: Session, question: Question, codes: Sequence[str], lines: Sequence[Line]
) -> None:
    stored = {choice.code: choice for choice in question.choices}
    gone = [choice for code, choice in stored.items() if code not in codes]
    _refuse_if_choices_needed(session, gone)
    kept = []
    for position, (code, line) in enumerate(zip(codes, lines, strict=True), start=1):
        choice = stored.get(code)
        if choice is None:
            choice = Choice(code=code, texts=[ChoiceText(language=FIRST_LANGUAGE, text=line.text)])
        for text in choice.texts:
            if text.language == FIRST_LANGUAGE:
                text.text = line.text
        choice.position, choice.role = position, line.role
        choice.element_id = line.element.id if line.element is not None else None
        kept.append(choice)
    question.choices = kept


def _codes(question: Question | None, lines: Sequence[Line]) -> list[str]:
    """Return a code for each line: of a scale its points, else the one that it had, or the next."""
    stored = question.choices if question is not None else []
    if question is not None and question.kind is QuestionKind.SCALE:
        return [ROLE_CODES.get(line.role, line.text) for line in lines]
    known = [
        _Known(choice.code, choice.text_in(FIRST_LANGUAGE), choice.element_id)
        for choice in stored
        if choice.role is ChoiceRole.ANSWER
    ]
    answers = [line for line in lines if line.role is ChoiceRole.ANSWER]
    numbers = iter(_matched(known, answers, "", _next_number(choice.code for choice in stored)))
    return [ROLE_CODES.get(line.role) or next(numbers) for line in lines]


def _matched(
    known: Sequence[_Known], lines: Sequence[Line], first: str, next_number: int
) -> list[str]:
    """Return the codes of lines: by element, by the same words, by nearly the same words."""
    free = list(known)
    codes: dict[int, str] = {}
    for fits in (_same_element, _same_words, _similar_words):
        for place, line in enumerate(lines):
            found = next((one for one in free if place not in codes and fits(one, line)), None)
            if found is not None:
                free.remove(found)
                codes[place] = found.code
    for place in range(len(lines)):
        if place not in codes:
            codes[place] = f"{first}{next_number}"
            next_number += 1
    return [codes[place] for place in range(len(lines))]


def _same_element(known: _Known, line: Line) -> bool:
    return line.element is not None and known.element_id == line.element.id


def _same_words(known: _Known, line: Line) -> bool:
    return known.text == line.text


def _similar_words(known: _Known, line: Line) -> bool:
    if known.element_id is not None or line.element is not None:
        return False
    pair = (known.text.casefold(), line.text.casefold())
    # What differs in its numbers alone is another answer: "2 bis 5 Jahre", "5 bis 10 Jahre".
    if _digits(pair[0]) != _digits(pair[1]):
        return False
    return SequenceMatcher(None, *pair).ratio() >= _SAME_WORDS


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _next_number(codes: Iterable[str]) -> int:
    numbers = [int(code) for code in codes if code.isdigit()]
    return max(numbers, default=0) + 1


def _only_element(row: Question) -> int | None:
    return row.elements[0].id if len(row.elements) == 1 else None


def _refuse_if_needed(session: Session, question_ids: Sequence[int], why: str) -> None:
    for code in _codes_needing(session, Term.earlier_id.in_(question_ids)):
        raise QuestionFault("rows" if why == "row_needed" else "text", why, code=code)


def _refuse_if_choices_needed(session: Session, choices: Sequence[Choice]) -> None:
    rows = session.execute(
        sa.select(Term.choice_id, Question.code)
        .join(Question, Question.id == Term.question_id)
        .where(Term.choice_id.in_([choice.id for choice in choices]))
    )
    needed = {row.choice_id: row.code for row in rows}
    for choice in choices:
        if choice.id in needed:
            words = {"choice": choice.text_in(FIRST_LANGUAGE), "code": needed[choice.id]}
            field = "no_answer" if choice.role is ChoiceRole.NO_ANSWER else "choices"
            raise QuestionFault(field, "choice_needed", **words)


def _codes_needing(session: Session, condition: sa.ColumnElement[bool]) -> list[str]:
    return list(
        session.scalars(
            sa.select(Question.code)
            .join(Term, Term.question_id == Question.id)
            .where(condition)
            .order_by(Question.position)
        )
    )
