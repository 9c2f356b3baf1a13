"""Bring questions in order and on pages.

Pages follow each other without gaps, and no question of a later page stands before one of an
earlier page. The rows of a matrix stand on its page. What would break a condition is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import NotFound, Refused
from participation.surveys import locking
from participation.surveys.models import (
    FIRST_LANGUAGE,
    PageText,
    Question,
    Survey,
    SurveyVersion,
)
from participation.surveys.wiring import check_order, rows_of_matrix, whole_questions

LONGEST_PAGE_TITLE = 120
LONGEST_INTRODUCTION = 2000


def move_question(session: Session, *, survey: Survey, code: str, by: int) -> None:
    """Move a question a step up (-1) or down (1), onto the next page if one begins there.

    At the end it stays.
    """
    version = locking.unlocked(session, survey)
    order = whole_questions(version)
    question = locking.find_question(version, code, whole=True)
    place = order.index(question)
    neighbour = order[place + by] if 0 <= place + by < len(order) else None
    if neighbour is None:
        return
    if neighbour.page != question.page:
        question.page = neighbour.page
    else:
        order[place], order[place + by] = neighbour, question
    arrange(session, version, order)


def move_to_place(session: Session, *, survey: Survey, code: str, place: int) -> None:
    """Move a question to a place, counted from 1; too far is the end."""
    version = locking.unlocked(session, survey)
    order = whole_questions(version)
    question = locking.find_question(version, code, whole=True)
    target = min(max(place, 1), len(order)) - 1
    question.page = order[target].page
    order.remove(question)
    order.insert(target, question)
    arrange(session, version, order)


def move_to_page(session: Session, *, survey: Survey, code: str, page: int) -> None:
    """Move a question to the end of a page; the page after the last one is a new one."""
    version = locking.unlocked(session, survey)
    order = whole_questions(version)
    question = locking.find_question(version, code, whole=True)
    if not 1 <= page <= order[-1].page + 1:
        raise Refused("there is no such page", field="page")
    if page == question.page:
        return
    order.remove(question)
    question.page = page
    place = sum(one.page <= page for one in order)
    order.insert(place, question)
    arrange(session, version, order)


def begin_page(session: Session, *, survey: Survey, code: str) -> None:
    """Let a new page begin with a question; what follows on its page goes with it."""
    version = locking.unlocked(session, survey)
    order = whole_questions(version)
    place = order.index(locking.find_question(version, code, whole=True))
    if place == 0 or order[place - 1].page < order[place].page:
        return
    _shift_texts(session, version, after=order[place].page)
    for question in order[place:]:
        question.page += 1
    arrange(session, version, order)


def join_pages(session: Session, *, survey: Survey, page: int) -> None:
    """Put the questions of a page onto the page before it; its title and introduction go."""
    version = locking.unlocked(session, survey)
    order = whole_questions(version)
    if page < 2 or all(question.page != page for question in order):
        raise NotFound("there is no page to join")
    for question in order:
        if question.page == page:
            question.page = page - 1
    arrange(session, version, order)


def write_page(
    session: Session, *, survey: Survey, page: int, title: str, introduction: str
) -> None:
    """Say in German what stands above a page's questions; nothing at all removes it."""
    version = locking.unlocked(session, survey)
    if all(question.page != page for question in version.questions) and page != 1:
        raise NotFound("there is no such page")
    title, introduction = " ".join(title.split()), introduction.strip()
    if len(title) > LONGEST_PAGE_TITLE:
        raise Refused("the title of a page is too long", field="title")
    if len(introduction) > LONGEST_INTRODUCTION:
        raise Refused("the introduction of a page is too long", field="introduction")
    if not title and not introduction:
        session.execute(
            sa.delete(PageText).where(PageText.version_id == version.id, PageText.page == page)
        )
        return
    stored = session.get(PageText, (version.id, page, FIRST_LANGUAGE))
    if stored is None:
        stored = PageText(version_id=version.id, page=page, language=FIRST_LANGUAGE)
        session.add(stored)
    stored.title, stored.introduction = title, introduction
    session.flush()


def arrange(session: Session, version: SurveyVersion, order: Sequence[Question]) -> None:
    """Store an order of the whole questions; pages without questions vanish."""
    numbers = {page: number for number, page in enumerate(sorted({q.page for q in order}), start=1)}
    for position, question in enumerate(order, start=1):
        question.position = position
        question.page = numbers[question.page]
        for row in rows_of_matrix(version, question):
            row.page = question.page
    _renumber_texts(session, version, numbers)
    session.flush()
    check_order(session, version, order)
    session.expire(version, ["questions"])


def _shift_texts(session: Session, version: SurveyVersion, *, after: int) -> None:
    texts = _page_texts(session, version)
    _write_texts(
        session, version, texts, {text.page: text.page + (text.page > after) for text in texts}
    )


def _renumber_texts(session: Session, version: SurveyVersion, numbers: dict[int, int]) -> None:
    texts = _page_texts(session, version)
    if any(numbers.get(text.page) != text.page for text in texts):
        _write_texts(session, version, texts, numbers)


def _page_texts(session: Session, version: SurveyVersion) -> list[PageText]:
    return list(session.scalars(sa.select(PageText).where(PageText.version_id == version.id)))


def _write_texts(
    session: Session, version: SurveyVersion, texts: Sequence[PageText], numbers: dict[int, int]
) -> None:
    """Write the texts of pages anew under other numbers: keys are not changed one by one."""
    rows = [
        {
            "version_id": version.id,
            "page": numbers[text.page],
            "language": text.language,
            "title": text.title,
            "introduction": text.introduction,
            "made_from": text.made_from,
        }
        for text in texts
        if text.page in numbers
    ]
    for text in texts:
        session.delete(text)
    session.flush()
    session.add_all(PageText(**row) for row in rows)
    session.flush()
