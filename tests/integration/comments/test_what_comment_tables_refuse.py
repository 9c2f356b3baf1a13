"""The tables of comments refuse what cannot be."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.comment_rounds import TABLE


@pytest.fixture
def row(session, make, opened):
    """A stored comment, and how to change its row past all operations."""
    comment = make.comment(opened, opened.passages[0])
    session.commit()

    def change(**values):
        session.execute(sa.update(TABLE).where(TABLE.c.id == comment.id).values(values))
        session.flush()

    return comment, change


def test_a_comment_has_exactly_one_anchor(session, row, opened):
    _, change = row
    with pytest.raises(IntegrityError, match="one_anchor"):
        change(passage_id=None)
    session.rollback()
    with pytest.raises(IntegrityError, match="one_anchor"):
        change(round_id=opened.id)
    session.rollback()


def test_a_comment_hangs_on_no_other_round(session, make, town, row):
    _, change = row
    other = make.comment_round(town)
    session.commit()
    with pytest.raises(IntegrityError, match="own_round"):
        change(passage_id=None, round_id=other.id)
    session.rollback()
    with pytest.raises(IntegrityError, match=r"(?i)foreign"):
        change(passage_id=other.passages[0].id)
    session.rollback()


def test_a_comment_does_not_answer_itself(row):
    comment, change = row
    with pytest.raises(IntegrityError, match="own_parent"):
        change(passage_id=None, parent_id=comment.id)


@pytest.mark.parametrize("level", [0, 2, 3])
def test_only_an_answer_is_of_the_second_level_and_none_of_the_third(row, level):
    _, change = row
    with pytest.raises(IntegrityError, match="level"):
        change(level=level)


def test_a_third_level_is_refused_also_below_a_comment(session, make, opened, row):
    comment, _ = row
    answer = make.comment(opened, comment)
    session.commit()
    with pytest.raises(IntegrityError, match="level"):
        session.execute(sa.update(TABLE).where(TABLE.c.id == answer.id).values(level=3))


def test_a_quotation_needs_a_passage(row, opened):
    _, change = row
    with pytest.raises(IntegrityError, match="quoted_passage"):
        change(passage_id=None, round_id=opened.id, quote="Aufgabe")


def test_a_wording_needs_its_stance_and_a_passage(session, row, opened):
    _, change = row
    with pytest.raises(IntegrityError, match="ck_comment_rewording"):
        change(rewording="Anders.")
    session.rollback()
    with pytest.raises(IntegrityError, match="ck_comment_rewording"):
        change(rewording="Anders.", stance=None)
    session.rollback()
    with pytest.raises(IntegrityError, match="reworded_passage"):
        change(passage_id=None, round_id=opened.id, stance="rewording")


def test_an_unknown_stance_is_refused_by_the_table(session, row):
    with pytest.raises(IntegrityError, match="stance"):
        session.execute(sa.text("UPDATE comment SET stance = 'shrug'"))


def test_a_number_is_given_once(session, make, opened, row):
    _, change = row
    other = make.comment(opened)
    session.commit()
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        change(number=other.number)
    session.rollback()
    with pytest.raises(IntegrityError, match="number"):
        change(number=0)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("code", "2", r"(?i)unique"),
        ("position", 2, r"(?i)unique"),
        ("position", 0, "position"),
        ("code", "", "code"),
        ("text", "", "text"),
    ],
)
def test_a_passage_has_a_place_a_code_and_a_text(session, opened, column, value, message):
    setattr(opened.passages[0], column, value)
    with pytest.raises(IntegrityError, match=message):
        session.flush()
