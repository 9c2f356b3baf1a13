"""Copies of questions: within a survey, for its next version, for the next survey."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload, undefer

from participation.strategy.models import Element
from participation.surveys.models import (
    Choice,
    ChoiceText,
    PageText,
    Question,
    QuestionPicture,
    QuestionText,
    SurveyVersion,
    Term,
)
from participation.surveys.wiring import rows_of_matrix, whole_questions


@dataclass
class Copied:
    """A copied question, and which rows stand for which of the original."""

    original: Question
    question: Question
    questions: dict[int, Question] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)

    def keep_conditions(self, session: Session) -> None:
        """Ask the copies under the same condition about the same earlier answers."""
        _copy_conditions(session, self.questions, self.questions, self.choices, same_version=True)


def copy_question(
    session: Session,
    question: Question,
    *,
    rows: Sequence[Question],
    version_id: int,
    code: str,
    keeps_series: bool,
    elements: Collection[Element] | None = None,
) -> Copied:
    """Copy a question with its rows, words in all languages, choices and picture.

    With `elements` the copy is about those among them only. Conditions are copied afterwards.
    """
    about = None if elements is None else {element.id for element in elements}
    copied = Copied(question, _copied(question, version_id, code, keeps_series, about))
    session.add(copied.question)
    session.flush()
    copied.questions[question.id] = copied.question
    _note_choices(copied, question, copied.question)
    for row in rows:
        row_code = code + row.code.removeprefix(question.code)
        twin = _copied(row, version_id, row_code, keeps_series, about)
        twin.parent_id = copied.question.id
        session.add(twin)
        copied.questions[row.id] = twin
        _note_choices(copied, row, twin)
    session.flush()
    return copied


def copy_version(
    session: Session,
    source: SurveyVersion,
    target: SurveyVersion,
    *,
    elements: Collection[Element] | None = None,
) -> None:
    """Let an empty version ask what another one asks, in the same series."""
    load_whole(session, source)
    questions: dict[int, Question] = {}
    choices: dict[int, Choice] = {}
    for question in whole_questions(source):
        copied = copy_question(
            session,
            question,
            rows=rows_of_matrix(source, question),
            version_id=target.id,
            code=question.code,
            keeps_series=True,
            elements=elements,
        )
        questions |= copied.questions
        choices |= copied.choices
    _copy_conditions(session, questions, questions, choices)
    for text in session.scalars(sa.select(PageText).where(PageText.version_id == source.id)):
        session.add(
            PageText(
                version_id=target.id,
                page=text.page,
                language=text.language,
                title=text.title,
                introduction=text.introduction,
                made_from=text.made_from,
            )
        )
    target.last_code = source.last_code
    session.flush()
    session.expire(target, ["questions"])


def load_whole(session: Session, version: SurveyVersion) -> None:
    """Read a version with everything that its questions have, at once."""
    questions = selectinload(SurveyVersion.questions)
    session.scalars(
        sa.select(SurveyVersion)
        .where(SurveyVersion.id == version.id)
        .options(
            questions.selectinload(Question.texts),
            questions.selectinload(Question.elements),
            questions.selectinload(Question.terms),
            questions.selectinload(Question.picture).options(undefer(QuestionPicture.content)),
            questions.selectinload(Question.choices).selectinload(Choice.texts),
        )
        .execution_options(populate_existing=True)
    ).all()


def _copied(
    question: Question, version_id: int, code: str, keeps_series: bool, about: set[int] | None
) -> Question:
    return Question(
        version_id=version_id,
        code=code,
        series=question.series if keeps_series else uuid.uuid4().hex,
        kind=question.kind,
        page=question.page,
        position=question.position,
        required=question.required,
        sensitive=question.sensitive,
        shuffled=question.shuffled,
        min_choices=question.min_choices,
        max_choices=question.max_choices,
        points=question.points,
        lowest=question.lowest,
        highest=question.highest,
        decimals=question.decimals,
        condition_mode=question.condition_mode,
        elements=[one for one in question.elements if about is None or one.id in about],
        texts=[_copied_text(text) for text in question.texts],
        choices=[_copied_choice(choice, about) for choice in question.choices],
        picture=_copied_picture(question.picture),
    )


def _copied_text(text: QuestionText) -> QuestionText:
    return QuestionText(
        language=text.language,
        text=text.text,
        help=text.help,
        low=text.low,
        high=text.high,
        unit=text.unit,
        picture=text.picture,
        made_from=text.made_from,
    )


def _copied_choice(choice: Choice, about: set[int] | None) -> Choice:
    is_kept = about is None or choice.element_id in about
    return Choice(
        code=choice.code,
        position=choice.position,
        role=choice.role,
        element_id=choice.element_id if is_kept else None,
        texts=[
            ChoiceText(language=text.language, text=text.text, made_from=text.made_from)
            for text in choice.texts
        ],
    )


def _copied_picture(picture: QuestionPicture | None) -> QuestionPicture | None:
    if picture is None:
        return None
    return QuestionPicture(content=picture.content, width=picture.width, height=picture.height)


def _note_choices(copied: Copied, original: Question, twin: Question) -> None:
    by_code = {choice.code: choice for choice in twin.choices}
    copied.choices |= {choice.id: by_code[choice.code] for choice in original.choices}


def _copy_conditions(
    session: Session,
    copies: dict[int, Question],
    questions: dict[int, Question],
    choices: dict[int, Choice],
    *,
    same_version: bool = False,
) -> None:
    for question_id, twin in copies.items():
        for term in session.scalars(
            sa.select(Term).where(Term.question_id == question_id).order_by(Term.position)
        ):
            earlier_id, choice_id = term.earlier_id, term.choice_id
            if not same_version:
                earlier_id = questions[earlier_id].id
                choice_id = choices[choice_id].id if choice_id is not None else None
            session.add(
                Term(
                    question_id=twin.id,
                    position=term.position,
                    earlier_id=earlier_id,
                    operator=term.operator,
                    choice_id=choice_id,
                    number=term.number,
                )
            )
    session.flush()
