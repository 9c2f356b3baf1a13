"""A survey is released once, frozen, and shows nobody."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import ResultsMode
from participation.foundation.errors import Conflict, Forbidden
from participation.insights.aggregation import aggregate
from participation.insights.models import Aggregate, AggregateElement
from participation.insights.queries import aggregates_about, released
from participation.insights.results import SurveyTable, as_json, result_of
from participation.journal.models import JournalEntry
from participation.surveys.answers import Answer
from participation.surveys.building import QuestionDraft
from participation.surveys.models import QuestionKind, Survey
from participation.surveys.sheets import Sheet
from tests.released import close, shown


def tables_of(rows: list[Aggregate]) -> dict[str, SurveyTable]:
    results = {row.subject: result_of(row) for row in rows}
    return {code: table for code, table in results.items() if isinstance(table, SurveyTable)}


def test_the_final_release_freezes_a_table_for_each_ticked_question(make, session, survey):
    make.answered(
        survey, F1={"1": 31, "2": 19, "3": 8, "4": 2}, F2={"1": 40}, F3={"1": 12, "5": 48}
    )
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    tables = tables_of(rows)
    assert list(tables) == ["F1", "F2", "F3"]  # What was written is in no table.
    assert shown(tables["F1"]) == [
        ("online", 30),
        ("vor Ort ohne Termin", 20),
        ("vor Ort mit Termin", 10),
        ("am Telefon", None),
    ]
    assert shown(tables["F2"]) == [("Termine", 40), ("Anträge", 0), ("Stadtkalender", 0)]
    assert tables["F3"].mean == pytest.approx(4.3)  # Of 10 and 50, as shown
    assert tables["F1"].n == rows[0].n == 60
    assert [row.release for row in rows] == [1, 1, 1]
    assert all(row.final for row in rows)


def test_a_release_survives_the_way_into_the_database_and_back(make, session, survey):
    make.answered(survey, F1={"1": 31, "4": 2, "3": 1}, F3={"1": 3, "2": 30})
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    session.commit()
    session.expire_all()
    for row in rows:
        result = result_of(row)
        assert as_json(result) == row.result
        assert json.loads(json.dumps(row.result)) == row.result


def test_nothing_is_shown_of_a_survey_that_nine_people_answered(make, session, survey):
    make.answered(survey, F1={"1": 9})
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert all(table.withheld for table in tables_of(rows).values())
    assert all(row.n == 0 for row in rows)
    assert all(row.parameters["people"] == 0 for row in rows)


def test_what_somebody_wrote_is_in_no_release(make, session, survey):
    make.responses(
        survey, [Sheet({"F1": ("1",)}, {"F4": f"Kanarienvogel {number}"}) for number in range(20)]
    )
    for remark in session.scalars(sa.select(Contribution)):
        remark.move_to(ContributionStatus.PUBLISHED, at=make.at)
    aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    stored = session.scalars(sa.select(Aggregate)).all()
    assert "Kanarienvogel" not in repr([vars(row) for row in stored])


def test_questions_stand_behind_the_elements_that_they_name(make, session, town):
    strategy = make.strategy(town)
    first, second = make.measure(strategy), make.measure(strategy)
    survey = make.survey(town, elements=(first, second), questions=make.questions((first,)))
    make.answered(survey, F1={"1": 20}, F3={"3": 20})
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert [row.subject for row in aggregates_about(session, first.id)] == ["F1"]
    assert aggregates_about(session, second.id) == []
    assert len(rows) == 3


def test_all_questions_stand_behind_the_elements_of_a_survey_that_names_none(make, session, town):
    element = make.measure(make.strategy(town))
    survey = make.survey(town, elements=(element,))
    make.answered(survey, F1={"1": 20})
    aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert len(aggregates_about(session, element.id)) == 3


def test_a_final_release_is_made_once_and_after_closing_only(make, session, survey):
    make.answered(survey, F1={"1": 20})
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=make.at, final=True)
    at = close(survey, make)
    aggregate(session, engagement=survey, actor=None, at=at, final=True)
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=at, final=True)
    assert len(released(session, survey)) == 3


def test_the_final_release_waits_for_forms_that_were_opened_in_time(make, session, survey):
    make.answered(survey, F1={"1": 20})
    at = survey.closes_at + timedelta(minutes=14)
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=at, final=True)
    at = survey.closes_at + timedelta(minutes=15)
    assert aggregate(session, engagement=survey, actor=None, at=at, final=True)


def test_what_was_collected_elsewhere_can_be_released_at_once(make, session, town):
    survey = make.survey(
        town,
        opens_at=make.at - timedelta(days=9),
        closes_at=make.at - timedelta(days=2),
    )
    make.answered(survey, F1={"1": 20})
    at = survey.closes_at + timedelta(minutes=1)
    assert aggregate(session, engagement=survey, actor=None, at=at, final=True)


def test_a_survey_with_free_questions_only_has_nothing_to_release(make, session, town):
    survey = make.survey(town, questions=[QuestionDraft(QuestionKind.TEXT, "Was fehlt?")])
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)


def test_interim_results_need_the_choice_and_ten_people_more_each_time(make, session, town):
    closed = make.survey(town)
    make.answered(closed, F1={"1": 30})
    with pytest.raises(Conflict):
        aggregate(session, engagement=closed, actor=None, at=make.at, final=False)

    survey = make.survey(town, results_mode=ResultsMode.INTERIM)
    make.answered(survey, F1={"1": 9})
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=make.at, final=False)
    make.answered(survey, F1={"1": 11})
    first = aggregate(session, engagement=survey, actor=None, at=make.at, final=False)
    assert (first[0].release, first[0].final) == (1, False)
    make.answered(survey, F1={"2": 9})
    with pytest.raises(Conflict):
        aggregate(session, engagement=survey, actor=None, at=make.at, final=False)
    make.answered(survey, F1={"2": 6})
    second = aggregate(session, engagement=survey, actor=None, at=make.at, final=False)
    assert second[0].release == 2
    assert [row.release for row in released(session, survey)] == [2, 2, 2]
    with pytest.raises(Conflict):  # Closed: only the final one is left.
        aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=False)
    final = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert (final[0].release, final[0].final) == (3, True)


def test_an_interim_release_does_not_show_what_a_few_more_people_answered(make, session, town):
    survey = make.survey(town, results_mode=ResultsMode.INTERIM)
    make.answered(survey, F1={"1": 20}, F3={"1": 10, "2": 10})
    before = tables_of(aggregate(session, engagement=survey, actor=None, at=make.at, final=False))
    # Twenty more answered the first question, one of them the third as well.
    make.answered(survey, F1={"1": 20}, F3={"3": 1})
    after = tables_of(aggregate(session, engagement=survey, actor=None, at=make.at, final=False))
    assert after["F1"].n == 40
    assert after["F3"] == before["F3"]


def test_a_response_that_was_taken_back_is_in_no_later_release(make, session, survey):
    make.answered(survey, F1={"1": 10, "2": 10})
    session.execute(sa.delete(Answer).where(Answer.choice_id == _choice(session, survey, "2")))
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert shown(tables_of(rows)["F1"])[:2] == [("online", 10), ("vor Ort ohne Termin", 0)]


def _choice(session: Session, survey: Survey, code: str) -> int:
    from participation.surveys.queries import questionnaire_of  # noqa: PLC0415

    question = questionnaire_of(session, survey.id).questions[0]
    return next(choice.id for choice in question.choices if choice.code == code)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR])
def test_only_the_strategy_team_releases(make, session, town, survey, role):
    make.answered(survey, F1={"1": 20})
    at = close(survey, make)
    with pytest.raises(Forbidden):
        aggregate(
            session,
            engagement=survey,
            actor=make.member(role, municipality=town),
            at=at,
            final=True,
        )
    lead = make.member(Role.STRATEGIST, municipality=town)
    rows = aggregate(session, engagement=survey, actor=lead, at=at, final=True)
    assert rows[0].released_by_id == lead.id
    entry = session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "results.released")
    ).one()
    assert entry.actor_id == lead.id
    assert entry.facts == {"release": 1, "final": True, "results": 3}


def test_the_database_refuses_to_change_or_delete_what_was_released(make, session, town):
    element = make.measure(make.strategy(town))
    survey = make.survey(town, elements=(element,))
    make.answered(survey, F1={"1": 20})
    aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    session.commit()
    for statement in (
        sa.update(Aggregate).values(n=5),
        sa.delete(Aggregate),
        sa.update(AggregateElement).values(element_id=element.id),
        sa.delete(AggregateElement),
    ):
        with pytest.raises(sa.exc.IntegrityError, match="never changes"), session.begin_nested():
            session.execute(statement)


def test_ten_thousand_responses_are_released_quickly(make, session, town):
    survey = make.survey(
        town,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, f"Frage {number}?", choices=("a", "b", "c"))
            for number in range(12)
        ],
    )
    make.responses(
        survey,
        (
            Sheet({f"F{number + 1}": (str((person + number) % 3 + 1),) for number in range(12)})
            for person in range(10_000)
        ),
    )
    session.commit()
    survey_id = survey.id
    session.expunge_all()
    survey = session.get_one(Survey, survey_id)
    began = time.process_time()
    rows = aggregate(session, engagement=survey, actor=None, at=close(survey, make), final=True)
    assert time.process_time() - began < 2
    assert {row.count for row in tables_of(rows)["F1"].rows} == {3335}
    # The database counts: no answer becomes an object here.
    assert not any(isinstance(row, Answer) for row in session.identity_map.values())
