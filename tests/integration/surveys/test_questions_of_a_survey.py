"""Questions are written, moved and deleted until somebody answers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.engagements.operations import NothingToTakePartIn, publish_engagement
from participation.foundation.errors import Conflict, NotFound
from participation.surveys import building, queries
from participation.surveys.building import QuestionDraft, QuestionFault
from participation.surveys.models import ChoiceText, Question, QuestionKind, QuestionText


def test_questions_are_added_reworded_moved_and_deleted_until_somebody_answers(
    make, session, survey
):
    assert [one.code for one in queries.questionnaire_of(session, survey.id).questions] == [
        "F1", "F2", "F3", "F4",
    ]  # fmt: skip
    building.move_question(session, survey=survey, code="F4", by=-1)
    building.delete_question(session, survey=survey, code="F2")
    added = building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(QuestionKind.SINGLE, "Neu?", choices=("ja", "nein")),
    )
    assert added.code == "F5"  # A code is not given twice.
    asked = queries.questionnaire_of(session, survey.id).questions
    assert [one.code for one in asked] == ["F1", "F4", "F3", "F5"]
    make.response(survey)
    for change in (
        lambda: building.move_question(session, survey=survey, code="F4", by=1),
        lambda: building.delete_question(session, survey=survey, code="F4"),
        lambda: make.question(survey, QuestionDraft(QuestionKind.TEXT, "Noch etwas?")),
        lambda: building.change_question(
            session, survey=survey, code="F4", draft=QuestionDraft(QuestionKind.TEXT, "Anders?")
        ),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_choice_of_the_same_words_keeps_its_code_and_a_new_one_gets_a_new_code(
    make, session, survey
):
    building.change_question(
        session,
        survey=survey,
        code="F2",
        draft=QuestionDraft(
            QuestionKind.MULTIPLE, "Welche?", choices=("Stadtkalender", "Neues", "Termine")
        ),
    )
    asked = queries.questionnaire_of(session, survey.id).find("F2")
    assert asked is not None
    assert [(one.code, one.text) for one in asked.choices] == [
        ("3", "Stadtkalender"), ("4", "Neues"), ("1", "Termine"),
    ]  # fmt: skip


def test_a_question_can_become_a_scale_and_its_points_are_its_codes(make, session, survey):
    building.change_question(
        session, survey=survey, code="F1", draft=QuestionDraft(QuestionKind.SCALE, "Wie?", points=3)
    )
    asked = queries.questionnaire_of(session, survey.id).find("F1")
    assert asked is not None
    assert [one.code for one in asked.choices] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft(QuestionKind.TEXT, "  "), "text"),
        (QuestionDraft(QuestionKind.TEXT, "a" * 301), "text"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("nur eine",)), "choices"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("a", "A")), "choices"),
        (QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("a", "b" * 201)), "choices"),
        (QuestionDraft(QuestionKind.SCALE, "Wie?", points=12), "points"),
        (
            QuestionDraft(QuestionKind.MULTIPLE, "W?", choices=("a", "b"), max_choices=3),
            "max_choices",
        ),
        (
            QuestionDraft(
                QuestionKind.MULTIPLE, "W?", choices=("a", "b"), min_choices=2, max_choices=1
            ),
            "max_choices",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_field(make, survey, draft, field):
    with pytest.raises(QuestionFault) as refused:
        make.question(survey, draft)
    assert refused.value.field == field


def test_a_question_is_about_elements_of_its_survey_only(make, town):
    strategy = make.strategy(town)
    inside, outside = make.measure(strategy), make.measure(strategy)
    survey = make.survey(town, elements=(inside,))
    with pytest.raises(QuestionFault):
        make.question(survey, QuestionDraft(QuestionKind.TEXT, "?", elements=(outside,)))


def test_a_survey_without_a_question_is_not_published(make, session, town):
    survey = make.survey(town, published=False, questions=[])
    with pytest.raises(NothingToTakePartIn):
        publish_engagement(session, engagement=survey, actor=None, at=make.at)
    make.question(survey, QuestionDraft(QuestionKind.TEXT, "Was fehlt?"))
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at


def test_a_question_that_is_not_there_cannot_be_deleted(session, survey):
    with pytest.raises(NotFound):
        building.delete_question(session, survey=survey, code="F99")


def test_texts_of_another_language_are_shown_and_german_stands_in_for_missing_ones(
    make, session, survey
):
    question = session.scalars(sa.select(Question).where(Question.code == "F1")).one()
    question.texts.append(QuestionText(language="en", text="How would you like to do it?"))
    question.choices[0].texts.append(ChoiceText(language="en", text="online, please"))
    session.flush()
    asked = queries.questionnaire_of(session, survey.id, language="en")
    assert asked.questions[0].text == "How would you like to do it?"
    assert [one.text for one in asked.questions[0].choices][:2] == [
        "online, please",
        "vor Ort ohne Termin",
    ]
    assert asked.questions[1].text == "Welche Angebote nutzen Sie?"
