"""Results by invited group: frozen with the release, and nobody in a small group is exposed."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from participation.engagements.group_tables import GroupTable
from participation.engagements.models import ResultsMode
from participation.insights.aggregation import aggregate
from participation.insights.results import SurveyTable, result_of
from participation.surveys.answers import SurveyResponse
from participation.surveys.building import QuestionDraft
from participation.surveys.drafts import TermDraft
from participation.surveys.models import Operator, QuestionKind
from participation.surveys.sheets import Sheet
from tests.released import close


def answer(make, session, survey, group, **counts):
    """Let people answer, all of them as one of a group."""
    make.answered(survey, **counts)
    session.execute(
        sa.update(SurveyResponse)
        .where(
            SurveyResponse.survey_id == survey.id,
            SurveyResponse.participant_group_id.is_(None),
        )
        .values(participant_group_id=group.id if group else None)
    )


def released(make, session, survey):
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    session.commit()
    session.expire_all()
    tables = [result_of(row) for row in rows]
    return {table.code: table.groups for table in tables if isinstance(table, SurveyTable)}


def names(table: GroupTable | None):
    return None if table is None else [(row.name, row.is_rest, row.n) for row in table.rows]


def test_a_question_is_released_by_group(make, session, survey):
    council = make.participant_group(survey)
    answer(make, session, survey, council, F1={"1": 12, "2": 8}, F2={"1": 14}, F3={"4": 9, "5": 11})
    answer(make, session, survey, None, F1={"1": 30, "2": 41}, F2={"1": 33, "2": 21}, F3={"1": 60})
    found = released(make, session, survey)
    assert names(found["F1"]) == [("", False, 70), ("Jugendbeirat", False, 20)]
    assert found["F1"] is not None
    assert found["F1"].rows[1].counts[:2] == (10, 10)
    assert found["F1"].rows[1].shares[:2] == (50, 50)


def test_a_small_group_is_in_no_table_and_counts_with_all_others(make, session, survey):
    council = make.participant_group(survey)
    small = make.participant_group(survey, "Beirat der Neun")
    answer(make, session, survey, small, F1={"1": 4, "2": 5})
    answer(make, session, survey, council, F1={"1": 12, "2": 8})
    answer(make, session, survey, None, F1={"1": 30, "2": 40})
    found = released(make, session, survey)["F1"]
    assert names(found) == [("", True, 80), ("Jugendbeirat", False, 20)]


def test_with_only_a_small_group_nothing_is_shown_by_group(make, session, survey):
    small = make.participant_group(survey, "Beirat der Neun")
    answer(make, session, survey, small, F1={"1": 4, "2": 5})
    answer(make, session, survey, None, F1={"1": 30, "2": 40})
    assert released(make, session, survey)["F1"] is None


def test_after_the_final_release_nothing_says_who_answered_for_a_group(make, session, survey):
    council = make.participant_group(survey)
    answer(make, session, survey, council, F1={"1": 12, "2": 8})
    answer(make, session, survey, None, F1={"1": 30, "2": 40})
    released(make, session, survey)
    groups = set(session.scalars(sa.select(SurveyResponse.participant_group_id)))
    assert groups == {None}


def test_a_result_in_between_is_not_told_by_group_and_forgets_none(make, session):
    survey = make.survey(make.municipality(), results_mode=ResultsMode.INTERIM)
    council = make.participant_group(survey)
    answer(make, session, survey, council, F1={"1": 12, "2": 8})
    answer(make, session, survey, None, F1={"1": 30, "2": 40})
    rows = aggregate(session, engagement=survey, actor=None, at=make.at, final=False)
    tables = [result_of(row) for row in rows]
    assert all(table.groups is None for table in tables if isinstance(table, SurveyTable))
    assert council.id in set(session.scalars(sa.select(SurveyResponse.participant_group_id)))


def test_what_is_asked_only_of_some_is_not_told_by_group(make, session):
    survey = make.survey(
        make.municipality(),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Nutzen Sie die App?", choices=("ja", "nein")),
            QuestionDraft(
                QuestionKind.SINGLE,
                "Wie oft?",
                choices=("oft", "selten"),
                terms=(TermDraft("F1", Operator.TICKED, choice="1"),),
            ),
        ],
    )
    council = make.participant_group(survey)
    answer(make, session, survey, council, F1={"1": 20}, F2={"1": 10, "2": 10})
    answer(make, session, survey, council, F1={"2": 20})
    answer(make, session, survey, None, F1={"1": 60}, F2={"1": 30, "2": 30})
    answer(make, session, survey, None, F1={"2": 60})
    found = released(make, session, survey)
    assert found["F1"] is not None
    assert found["F2"] is None


def test_numbers_are_told_by_group_in_the_bands_of_all(make, session):
    survey = make.survey(
        make.municipality(),
        questions=[
            QuestionDraft(
                QuestionKind.NUMBER, "Wie alt sind Sie?", lowest=Decimal(0), highest=Decimal(99)
            )
        ],
    )
    council = make.participant_group(survey)
    ages = [15] * 12 + [25] * 14
    make.responses(survey, [Sheet(numbers={"F1": Decimal(age)}) for age in ages])
    session.execute(sa.update(SurveyResponse).values(participant_group_id=council.id))
    ages = [15] * 10 + [25] * 20 + [65] * 30
    make.responses(survey, [Sheet(numbers={"F1": Decimal(age)}) for age in ages])
    found = released(make, session, survey)["F1"]
    assert found is not None
    assert names(found) == [("", False, 60), ("Jugendbeirat", False, 25)]
    assert sum(found.rows[1].counts) == 25


def test_the_database_takes_no_group_of_another_engagement(make, session, survey):
    other = make.participant_group(make.survey(survey.municipality))
    make.answered(survey, F1={"1": 1})
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(
            sa.update(SurveyResponse)
            .where(SurveyResponse.survey_id == survey.id)
            .values(participant_group_id=other.id)
        )
