"""Results by invited group: frozen with the release, and nobody in a small group is exposed."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from participation.comments.models import Stance
from participation.comments.statement_content import Said
from participation.engagements.group_tables import GroupTable
from participation.engagements.models import ResultsMode
from participation.insights.aggregation import aggregate
from participation.insights.results import CommentTable, IdeaList, SurveyTable, result_of
from participation.strategy.queries import get_element
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


# Ideas and comments -----------------------------------------------------------------------------


def ended(make, engagement):
    return close(engagement, make)


def test_ideas_are_told_by_group_and_element(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    field, measure = (get_element(session, strategy.id, code) for code in ("HF-1", "M-01"))
    call = make.idea_call(town, elements=(field, measure))
    council = make.participant_group(call)
    for group, element, number in (
        (None, field, 12), (None, measure, 6), (council, field, 3), (council, measure, 9),
    ):  # fmt: skip
        make.ideas(call, number, (element,), group=group)
    rows = aggregate(session, engagement=call, actor=None, at=ended(make, call), final=True)
    session.commit()
    session.expire_all()
    lists = {row.subject: result_of(row) for row in rows}
    whole, of_measure, of_field = lists[""], lists["M-01"], lists["HF-1"]
    assert isinstance(whole, IdeaList)
    assert names(whole.groups) == [("", False, 20), ("Jugendbeirat", False, 10)]
    assert whole.groups is not None
    # Three of a group are not shown, and so are those of the others beside them.
    assert [row.counts for row in whole.groups.rows] == [(5,), (10,)]
    assert isinstance(of_measure, IdeaList)
    assert of_measure.groups == whole.groups
    assert isinstance(of_field, IdeaList)
    assert of_field.groups is None


def test_ideas_of_few_are_not_told_by_group(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    measure = get_element(session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    make.ideas(call, 20, (measure,))
    make.ideas(call, 9, (measure,), group=make.participant_group(call))
    rows = aggregate(session, engagement=call, actor=None, at=ended(make, call), final=True)
    assert all(getattr(result_of(row), "groups", None) is None for row in rows)


def test_comments_are_told_by_stance_group_and_organisation(make, session):
    opened = make.comment_round(make.municipality())
    council = make.participant_group(opened)
    passage = opened.passages[0]
    for group, stance, number in (
        (None, Stance.APPROVE, 12), (None, Stance.CONCERN, 8),
        (council, Stance.APPROVE, 6), (council, Stance.CONCERN, 7),
    ):  # fmt: skip
        for _ in range(number):
            make.comment(opened, passage, stance=stance, group=group)
    make.statement(opened, pieces=[Said(passage.code, "concern", "Das ist zu teuer.")])
    rows = aggregate(session, engagement=opened, actor=None, at=ended(make, opened), final=True)
    session.commit()
    session.expire_all()
    (table,) = [found for row in rows if isinstance(found := result_of(row), CommentTable)]
    assert table.groups is not None
    assert table.comments == 33
    assert [(row.name, row.are_organisations, row.n) for row in table.groups.rows] == [
        ("", False, 20), ("Jugendbeirat", False, 15), ("", True, 1),
    ]  # fmt: skip
    concern = table.groups.columns.index(("concern",))
    assert [row.counts[concern] for row in table.groups.rows] == [10, 5, 1]


def test_without_a_group_people_stand_beside_organisations(make, session):
    opened = make.comment_round(make.municipality())
    passage = opened.passages[0]
    make.comment(opened, passage, stance=Stance.APPROVE)
    make.statement(opened, pieces=[Said(passage.code, "concern", "Das ist zu teuer.")])
    rows = aggregate(session, engagement=opened, actor=None, at=ended(make, opened), final=True)
    (table,) = [found for row in rows if isinstance(found := result_of(row), CommentTable)]
    assert table.groups is not None
    assert table.groups.columns == (("approve",), ("concern",))
    assert [row.counts for row in table.groups.rows] == [(1, 0), (0, 1)]
    assert all(row.is_exact for row in table.groups.rows)
