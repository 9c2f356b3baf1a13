"""Conditions are stored, and what they need stays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from participation.engagements.operations import publish_engagement
from participation.surveys import arranging, building
from participation.surveys.drafts import QuestionDraft, QuestionFault, TermDraft
from participation.surveys.models import ConditionMode, Operator
from participation.surveys.wiring import NeededEarlier
from tests.survey_edits import YES_NO, K, asked, codes, ticked


def test_a_condition_is_stored_with_its_terms_in_codes(session, wired):
    condition = asked(session, wired).questions[3].condition
    assert condition is not None
    assert condition.mode is ConditionMode.ANY
    assert [(one.earlier, one.operator, one.choice, one.number) for one in condition.terms] == [
        ("F1", Operator.TICKED, "2", None),
        ("F2", Operator.AT_MOST, None, Decimal(3)),
        ("F3_2", Operator.NOT_TICKED, "1", None),
    ]
    building.change_question(
        session,
        survey=wired,
        code="F4",
        draft=QuestionDraft(K.TEXT, "Was?", terms=(ticked("F1", "1"),)),
    )
    changed = asked(session, wired).questions[3].condition
    assert changed is not None
    assert [one.choice for one in changed.terms] == ["1"]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (ticked("F5", "1"), "term_later"),
        (ticked("F4", "1"), "term_later"),
        (ticked("F99", "1"), "term_unknown"),
        (ticked("F1", "9"), "term_unknown"),
        (ticked("F2", "1"), "term_unknown"),
        (TermDraft("F1", Operator.AT_LEAST, number=Decimal(1)), "term_operator"),
        (TermDraft("F2", Operator.AT_LEAST), "term_number"),
        (TermDraft("F2", Operator.AT_LEAST, number=Decimal("Infinity")), "term_number"),
    ],
)
def test_a_condition_about_what_is_not_earlier_is_refused(session, wired, term, why):
    with pytest.raises(QuestionFault) as refused:
        building.change_question(
            session, survey=wired, code="F4", draft=QuestionDraft(K.TEXT, "Was?", terms=(term,))
        )
    assert (refused.value.field, refused.value.why) == ("terms", why)


def test_what_a_condition_needs_stays_before_it(session, wired):
    session.commit()
    for change in (
        lambda: building.delete_question(session, survey=wired, code="F1"),
        lambda: building.delete_question(session, survey=wired, code="F3"),
        lambda: arranging.move_to_place(session, survey=wired, code="F1", place=4),
        lambda: arranging.move_to_place(session, survey=wired, code="F4", place=3),
        lambda: arranging.move_to_page(session, survey=wired, code="F2", page=2),
        lambda: building.change_question(
            session, survey=wired, code="F2", draft=QuestionDraft(K.TEXT, "Wie oft?")
        ),
    ):
        with pytest.raises(NeededEarlier) as needed:
            change()
        assert needed.value.needed_by == ("F4",)
        session.rollback()
    assert [code for code, _ in codes(session, wired)] == ["F1", "F2", "F3", "F4", "F5"]


def test_an_answer_or_a_row_that_a_condition_needs_stays(session, wired):
    session.commit()
    for code, draft, why in (
        ("F1", QuestionDraft(K.SINGLE, "?", choices=("ja", "vielleicht")), "choice_needed"),
        ("F3", QuestionDraft(K.MATRIX, "?", rows=("Bus",), choices=("gut", "übel")), "row_needed"),
    ):
        with pytest.raises(QuestionFault) as refused:
            building.change_question(session, survey=wired, code=code, draft=draft)
        assert refused.value.why == why
        assert refused.value.words["code"] == "F4"
        session.rollback()
    # A slip put right changes no code.
    building.change_question(
        session,
        survey=wired,
        code="F1",
        draft=QuestionDraft(K.SINGLE, "Nutzen Sie es?", choices=("ja", "nein!"), no_answer="k. A."),
    )
    assert asked(session, wired).questions[0].choices[1].code == "2"


def test_a_copy_within_a_survey_is_asked_under_the_same_condition(session, wired):
    copy = building.duplicate_question(session, survey=wired, code="F4")
    questions = asked(session, wired).questions
    assert [one.code for one in questions] == ["F1", "F2", "F3", "F4", "F6", "F5"]
    assert copy.code == "F6"
    assert questions[4].condition == questions[3].condition
    assert questions[4].series != questions[3].series
    matrix = building.duplicate_question(session, survey=wired, code="F3")
    rows = asked(session, wired).find(matrix.code)
    assert rows is not None
    assert [row.code for row in rows.rows] == ["F7_1", "F7_2"]


def test_whoever_publishes_a_survey_a_question_that_nobody_can_reach_keeps_it_a_draft(
    make, session, town
):
    survey = make.survey(
        town, published=False, questions=[QuestionDraft(K.SINGLE, "Wie?", choices=YES_NO)]
    )
    both = tuple(ticked("F1", choice) for choice in "12")
    make.question(survey, QuestionDraft(K.TEXT, "Warum?", terms=both))
    with pytest.raises(building.CannotOpen, match="F2"):
        publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at is None
    building.change_question(
        session, survey=survey, code="F2", draft=QuestionDraft(K.TEXT, "Warum?", terms=both[:1])
    )
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at
    with pytest.raises(building.CannotOpen, match="F2"):
        building.change_question(
            session, survey=survey, code="F2", draft=QuestionDraft(K.TEXT, "Warum?", terms=both)
        )


def test_a_published_survey_with_an_old_fault_may_be_changed_elsewhere(make, session, town):
    survey = make.survey(
        town, published=False, questions=[QuestionDraft(K.SINGLE, "Wie?", choices=YES_NO)]
    )
    both = tuple(ticked("F1", choice) for choice in "12")
    make.question(survey, QuestionDraft(K.TEXT, "Warum?", terms=both))
    survey.published_at = make.at
    draft = QuestionDraft(K.SINGLE, "Wie war es?", choices=YES_NO)
    building.change_question(session, survey=survey, code="F1", draft=draft)
    assert asked(session, survey).questions[0].text == "Wie war es?"
