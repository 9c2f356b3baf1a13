"""Questions of every kind are stored with their choices, rows and limits."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from participation.surveys import building
from participation.surveys.drafts import QuestionDraft, QuestionFault
from participation.surveys.models import ChoiceRole, Question
from tests.survey_edits import YES_NO, K, asked


@pytest.mark.parametrize(
    ("draft", "choices"),
    [
        (
            QuestionDraft(K.SINGLE, "Wie?", choices=YES_NO, other="Anders", no_answer="k. A."),
            [("1", "ja"), ("2", "nein"), ("other", "Anders"), ("none", "k. A.")],
        ),
        (
            QuestionDraft(K.MULTIPLE, "Was?", choices=YES_NO, max_choices=2),
            [("1", "ja"), ("2", "nein")],
        ),
        (
            QuestionDraft(K.SCALE, "Wie gut?", points=2, no_answer="Weiß nicht"),
            [("1", "1"), ("2", "2"), ("none", "Weiß nicht")],
        ),
        (QuestionDraft(K.RANKING, "Was zuerst?", choices=YES_NO), [("1", "ja"), ("2", "nein")]),
        (
            QuestionDraft(K.POINTS, "Wofür?", choices=YES_NO, budget=10),
            [("1", "ja"), ("2", "nein")],
        ),
        (QuestionDraft(K.NUMBER, "Wie viele?", no_answer="k. A."), [("none", "k. A.")]),
        (QuestionDraft(K.DATE, "Welcher Tag?"), []),
        (QuestionDraft(K.PLACE, "Wo?"), []),
        (QuestionDraft(K.SHORT_TEXT, "Ortsteil?"), []),
        (QuestionDraft(K.TEXT, "Warum?"), []),
    ],
)
def test_each_kind_is_stored_with_its_choices(session, survey, draft, choices):
    building.add_question(session, survey=survey, draft=draft)
    (question,) = asked(session, survey).questions
    assert question.kind is draft.kind
    assert [(one.code, one.text) for one in question.choices] == choices


def test_a_number_keeps_its_unit_range_and_decimals_and_loses_them_with_its_kind(session, survey):
    draft = QuestionDraft(
        K.NUMBER,
        "Wie weit?",
        unit="km",
        lowest=Decimal("0.5"),
        highest=Decimal(90),
        decimals=1,
        required=True,
        sensitive=True,
        help="Bis zur Haltestelle.",
    )
    building.add_question(session, survey=survey, draft=draft)
    question = asked(session, survey).questions[0]
    assert (question.unit, question.lowest, question.highest) == ("km", Decimal("0.5"), Decimal(90))
    assert (question.decimals, question.required, question.sensitive) == (1, True, True)
    building.change_question(
        session,
        survey=survey,
        code="F1",
        draft=QuestionDraft(K.POINTS, "?", choices=YES_NO, budget=9),
    )
    changed = asked(session, survey).questions[0]
    assert (changed.kind, changed.points, changed.unit, changed.lowest) == (K.POINTS, 9, "", None)


def test_rows_and_choices_that_begin_with_a_code_are_about_the_element(session, survey, measures):
    first, second, _third = measures
    building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(
            K.MATRIX,
            "Wie wichtig ist Ihnen …?",
            rows=(f"{first.code} Bürgerservice", f"{second.code.lower()}: Mängelmelder", "Anderes"),
            choices=("wichtig", "unwichtig"),
            no_answer="Weiß nicht",
            required=True,
            shuffled=True,
        ),
    )
    building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(K.RANKING, "Was zuerst?", choices=(f"{first.code} Service", "Bus")),
    )
    matrix, ranking = asked(session, survey).questions
    assert [(one.code, one.text) for one in matrix.rows] == [
        ("F1_1", "Bürgerservice"), ("F1_2", "Mängelmelder"), ("F1_3", "Anderes"),
    ]  # fmt: skip
    assert [[code for code, _ in row.elements] for row in matrix.rows] == [
        [first.code], [second.code], [],
    ]  # fmt: skip
    for row in matrix.rows:
        assert [(one.code, one.role) for one in row.choices] == [
            ("1", ChoiceRole.ANSWER), ("2", ChoiceRole.ANSWER), ("none", ChoiceRole.NO_ANSWER),
        ]  # fmt: skip
        assert row.required
    assert matrix.shuffled
    assert [(one.text, one.element) for one in ranking.choices] == [
        ("Service", (first.code, first.id)), ("Bus", None),
    ]  # fmt: skip


def test_rows_and_columns_keep_their_codes_when_the_list_changes(session, survey, measures):
    def matrix(rows: tuple[str, ...], columns: tuple[str, ...]) -> QuestionDraft:
        return QuestionDraft(K.MATRIX, "Wie oft?", rows=rows, choices=columns)

    building.add_question(
        session, survey=survey, draft=matrix(("Bus", "Bahn", "Rad"), ("nie", "selten", "oft"))
    )
    code = measures[0].code
    building.change_question(
        session,
        survey=survey,
        code="F1",
        draft=matrix(("Rad", f"{code} Service", "Busse"), ("oft", "nie", "manchmal")),
    )
    rows = asked(session, survey).questions[0].rows
    assert [(row.code, row.text) for row in rows] == [
        ("F1_3", "Rad"), ("F1_4", "Service"), ("F1_1", "Busse"),
    ]  # fmt: skip
    assert {tuple((c.code, c.text) for c in row.choices) for row in rows} == {
        (("3", "oft"), ("1", "nie"), ("4", "manchmal"))
    }
    # A survey that people can find keeps a question.
    building.add_question(session, survey=survey, draft=QuestionDraft(K.SHORT_TEXT, "Und sonst?"))
    building.delete_question(session, survey=survey, code="F1")
    assert [one.text for one in asked(session, survey).questions] == ["Und sonst?"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Question)) == 1


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft(K.MATRIX, "?", rows=(), choices=YES_NO), "rows"),
        (QuestionDraft(K.MATRIX, "?", rows=("a", "A"), choices=YES_NO), "rows"),
        (QuestionDraft(K.MATRIX, "?", rows=("a",), choices=("ja",)), "choices"),
        (QuestionDraft(K.POINTS, "?", choices=YES_NO), "budget"),
        (QuestionDraft(K.POINTS, "?", choices=YES_NO, budget=1001), "budget"),
        (QuestionDraft(K.RANKING, "?", choices=YES_NO, max_choices=3), "max_choices"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal(2), highest=Decimal(1)), "highest"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal("0.5")), "highest"),
        (QuestionDraft(K.NUMBER, "?", highest=Decimal("1e40")), "highest"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal("NaN")), "highest"),
        (QuestionDraft(K.NUMBER, "?", decimals=3), "decimals"),
        (QuestionDraft(K.SINGLE, "?", choices=YES_NO, other="Nein"), "choices"),
        (QuestionDraft(K.SINGLE, "?", choices=("ja",), no_answer="k. A."), "choices"),
        (QuestionDraft(K.TEXT, "?", help="x" * 601), "help"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_field(session, survey, draft, field):
    with pytest.raises(QuestionFault) as refused:
        building.add_question(session, survey=survey, draft=draft)
    assert refused.value.field == field
    session.rollback()
