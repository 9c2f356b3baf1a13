"""Questions move over pages, and pages are split, joined and described."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.foundation.errors import NotFound, Refused
from participation.surveys import arranging, building
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import PageText, Question, Survey
from tests.survey_edits import YES_NO, K, asked, codes


@pytest.fixture
def paged(session, survey) -> Survey:
    """F1 and F2 on the first page, F3 and F4 on the second, with titles."""
    for number, page in enumerate((1, 1, 2, 2), start=1):
        draft = QuestionDraft(K.TEXT, f"Frage {number}?", page=page)
        building.add_question(session, survey=survey, draft=draft)
    for page, title in ((1, "Anfang"), (2, "Ende")):
        arranging.write_page(session, survey=survey, page=page, title=title, introduction="")
    return survey


def titles(session, survey: Survey) -> list[tuple[int, str]]:
    return [(page.number, page.title) for page in asked(session, survey).pages]


def test_steps_lead_over_the_edge_of_a_page(session, paged):
    arranging.move_question(session, survey=paged, code="F2", by=1)
    assert codes(session, paged) == [("F1", 1), ("F2", 2), ("F3", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F2", by=1)
    assert codes(session, paged) == [("F1", 1), ("F3", 2), ("F2", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F3", by=-1)
    assert codes(session, paged) == [("F1", 1), ("F3", 1), ("F2", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F4", by=1)  # It stays at the end.
    assert titles(session, paged) == [(1, "Anfang"), (2, "Ende")]


def test_a_question_jumps_to_a_place_or_a_page(session, paged):
    arranging.move_to_place(session, survey=paged, code="F4", place=1)
    assert codes(session, paged) == [("F4", 1), ("F1", 1), ("F2", 1), ("F3", 2)]
    arranging.move_to_page(session, survey=paged, code="F4", page=2)
    assert codes(session, paged) == [("F1", 1), ("F2", 1), ("F3", 2), ("F4", 2)]
    arranging.move_to_page(session, survey=paged, code="F1", page=3)
    assert codes(session, paged) == [("F2", 1), ("F3", 2), ("F4", 2), ("F1", 3)]
    arranging.move_to_place(session, survey=paged, code="F1", place=99)
    with pytest.raises(Refused):
        arranging.move_to_page(session, survey=paged, code="F1", page=9)


def test_pages_are_split_joined_and_renumbered_with_their_words(session, paged):
    arranging.begin_page(session, survey=paged, code="F2")
    assert codes(session, paged) == [("F1", 1), ("F2", 2), ("F3", 3), ("F4", 3)]
    assert titles(session, paged) == [(1, "Anfang"), (2, ""), (3, "Ende")]
    arranging.begin_page(session, survey=paged, code="F2")  # It begins one already.
    arranging.join_pages(session, survey=paged, page=2)
    assert codes(session, paged) == [("F1", 1), ("F2", 1), ("F3", 2), ("F4", 2)]
    assert titles(session, paged) == [(1, "Anfang"), (2, "Ende")]
    for code in ("F1", "F2"):
        building.delete_question(session, survey=paged, code=code)
    assert codes(session, paged) == [("F3", 1), ("F4", 1)]
    assert titles(session, paged) == [(1, "Ende")]
    for page in (1, 7):
        with pytest.raises(NotFound):
            arranging.join_pages(session, survey=paged, page=page)


def test_the_words_of_a_page_are_written_and_removed(session, paged):
    arranging.write_page(session, survey=paged, page=2, title="", introduction="Fast fertig.")
    page = asked(session, paged).pages[1]
    assert (page.title, page.introduction) == ("", "Fast fertig.")
    arranging.write_page(session, survey=paged, page=2, title=" ", introduction=" ")
    assert session.scalar(sa.select(sa.func.count()).select_from(PageText)) == 1
    with pytest.raises(NotFound):
        arranging.write_page(session, survey=paged, page=3, title="x", introduction="")
    with pytest.raises(Refused):
        arranging.write_page(session, survey=paged, page=1, title="x" * 121, introduction="")


def test_the_rows_of_a_matrix_move_with_it(session, paged):
    draft = QuestionDraft(K.MATRIX, "Wie oft?", rows=("a", "b"), choices=YES_NO, page=1)
    building.add_question(session, survey=paged, draft=draft)
    arranging.move_to_page(session, survey=paged, code="F5", page=2)
    stored = session.scalars(sa.select(Question).where(Question.parent_id.is_not(None))).all()
    assert {row.page for row in stored} == {2}
    with pytest.raises(NotFound):
        arranging.move_question(session, survey=paged, code="F5_1", by=1)
