"""Results stand behind elements, and those of each version apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from participation.insights.aggregation import aggregate
from participation.insights.queries import aggregates_about
from participation.insights.results import SurveyTable, result_of
from participation.surveys import totals
from participation.surveys.models import (
    Choice,
    ChoiceText,
    ConditionMode,
    Operator,
    Question,
    QuestionKind,
    QuestionText,
    SurveyVersion,
)
from participation.surveys.queries import questions_about
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Place, Sheet
from tests.counted_sheets import asked, choices, take_in, ticked
from tests.questionnaires import store

Kind = QuestionKind


@pytest.fixture
def town(make):
    return make.municipality()


def _asked_if_yes(code: str) -> AskedQuestion:
    condition = AskedCondition(ConditionMode.ALL, (AskedTerm("F1", Operator.TICKED, choice="1"),))
    return asked(Kind.SINGLE, code, choices=choices("a", "b"), condition=condition)


# Elements --------------------------------------------------------------------------------------


def released(make, session, survey) -> dict[str, SurveyTable]:
    at = survey.closes_at + timedelta(hours=1)
    rows = aggregate(session, engagement=survey, actor=None, at=at, final=True)
    found = {}
    for row in rows:
        table = result_of(row)
        assert isinstance(table, SurveyTable)
        found[row.subject] = table
    return found


def test_a_table_stands_behind_the_elements_of_its_choices_and_rows(make, session, town):
    strategy = make.strategy(town)
    bus, bike, bench, path = (make.measure(strategy) for _ in range(4))
    ranking = asked(
        Kind.RANKING,
        choices=(
            AskedChoice(0, "1", "Bus", element=(bus.code, bus.id)),
            AskedChoice(0, "2", "Rad", element=(bike.code, bike.id)),
        ),
    )
    rows = tuple(
        asked(Kind.SINGLE, f"F2_{row}", choices=choices("wichtig", "egal"), elements=elements)
        for row, elements in ((1, ((bench.code, bench.id),)), (2, ((path.code, path.id),)))
    )
    questionnaire = Questionnaire(1, (ranking, asked(Kind.MATRIX, "F2", rows=rows)))
    survey, found = store(make, town, questionnaire, elements=(bus, bike, bench, path))
    assert found.names_elements
    sheet = Sheet({"F2_1": ("1",), "F2_2": ("2",)}, amounts={"F1": {"1": 1, "2": 2}})
    take_in(make, session, survey, [sheet] * 20)
    tables = released(make, session, survey)
    for element, code in ((bus, "F1"), (bike, "F1"), (bench, "F2_1"), (path, "F2_2")):
        assert [row.subject for row in aggregates_about(session, element.id)] == [code]
    assert [row.elements for row in tables["F1"].rows] == [(bus.code,), (bike.code,)]
    assert questions_about(session, bus.id, [survey.id]) == {survey.id: ["Frage F1?"]}
    assert questions_about(session, path.id, [survey.id]) == {survey.id: ["Frage F2? Frage F2_2?"]}
    (about,) = aggregates_about(session, bench.id)
    assert about.title == "Frage F2? Frage F2_1?"


def test_the_part_about_an_element_keeps_its_row_and_what_its_condition_asks_for(
    make, session, town
):
    strategy = make.strategy(town)
    bench, path = make.measure(strategy), make.measure(strategy)
    first = asked(Kind.SINGLE, choices=choices("ja", "nein"))
    rows = tuple(
        asked(Kind.SINGLE, f"F2_{row}", choices=choices("a", "b"), elements=((one.code, one.id),))
        for row, one in ((1, bench), (2, path))
    )
    matrix = replace(_asked_if_yes("F2"), kind=Kind.MATRIX, choices=(), rows=rows)
    questionnaire = Questionnaire(1, (first, matrix, asked(Kind.TEXT, "F3")))
    survey, found = store(make, town, questionnaire, elements=(bench, path))
    part = found.about(bench.code)
    assert [one.code for one in part.answered] == ["F1", "F2_1"]
    assert make.response(survey, make.sheet(F1="1", F2_1="2"), about=bench.code).is_new


# Versions --------------------------------------------------------------------------------------


def _new_version(session, survey) -> None:
    version = SurveyVersion(survey_id=survey.id, number=2, created_at=survey.opens_at)
    version.questions = [
        Question(
            code="F1",
            series="1",
            kind=Kind.SINGLE,
            position=1,
            texts=[QuestionText(language="de", text="Anders?")],
            choices=[
                Choice(code=code, position=1, texts=[ChoiceText(language="de", text=code)])
                for code in ("1", "2")
            ],
        )
    ]
    session.add(version)
    session.flush()
    session.expire(survey, ["versions"])


def test_the_results_of_two_versions_stay_apart_and_say_which(make, session, town):
    first = asked(Kind.SINGLE, choices=choices("a", "b"))
    survey, _ = store(make, town, Questionnaire(1, (first,)))
    take_in(make, session, survey, ticked("F1", _1=20))
    _new_version(session, survey)
    take_in(make, session, survey, ticked("F1", _2=15))
    at = survey.closes_at + timedelta(hours=1)
    rows = aggregate(session, engagement=survey, actor=None, at=at, final=True)
    assert [(row.subject, row.title, row.version_apart, row.n) for row in rows] == [
        ("F1", "Anders?", 2, 15),
        ("F1/1", "Frage F1?", 1, 20),
    ]
    assert [row.parameters["version"] for row in rows] == [2, 1]


def test_a_version_that_nobody_answered_is_not_released_beside_one_that_was(make, session, town):
    first = asked(Kind.SINGLE, choices=choices("a", "b"))
    survey, _ = store(make, town, Questionnaire(1, (first,)))
    take_in(make, session, survey, ticked("F1", _1=20))
    _new_version(session, survey)
    tables = released(make, session, survey)
    assert [table.version for table in tables.values()] == [1]


def test_staff_totals_grow_for_each_version_apart(make, session, town):
    first = asked(Kind.SINGLE, choices=choices("a", "b"))
    survey, _ = store(make, town, Questionnaire(1, (first,)))
    take_in(make, session, survey, ticked("F1", _1=20))
    assert totals.renew_totals(session, survey=survey, at=make.at)
    _new_version(session, survey)
    take_in(make, session, survey, ticked("F1", _2=4))
    # Four of a new version are too few, however many answered the one before.
    assert not totals.renew_totals(session, survey=survey, at=make.at)
    assert totals.totals_of(session, survey.id) is None
    take_in(make, session, survey, ticked("F1", _2=1))
    assert totals.renew_totals(session, survey=survey, at=make.at)
    by_version = totals.totals_by_version(session, survey.id)
    assert {number: found.n for number, found in by_version.items()} == {2: 5, 1: 20}


# Statements ------------------------------------------------------------------------------------


def test_a_sheet_of_twelve_answers_of_all_kinds_takes_at_most_fifteen_statements(
    make, session, town
):
    strategy = make.strategy(town)
    measure = make.measure(strategy)
    about = ((measure.code, measure.id),)
    kinds = [Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.RANKING, Kind.POINTS]
    questions = [
        asked(kind, f"F{number}", choices=choices("1", "2"), points=10 * (kind is Kind.POINTS))
        for number, kind in enumerate(kinds, start=1)
    ]
    more = [Kind.NUMBER, Kind.DATE, Kind.PLACE, Kind.SHORT_TEXT, Kind.TEXT, Kind.TEXT, Kind.NUMBER]
    questions += [asked(kind, f"F{number}") for number, kind in enumerate(more, start=6)]
    questions = [replace(question, elements=about) for question in questions]
    survey, _ = store(make, town, Questionnaire(1, tuple(questions)), elements=(measure,))
    sheet = Sheet(
        choices={"F1": ("1",), "F2": ("1", "2"), "F3": ("2",)},
        amounts={"F4": {"1": 1}, "F5": {"1": 4, "2": 6}},
        numbers={"F6": Decimal(1), "F12": Decimal(2)},
        dates={"F7": date(2026, 1, 1)},
        places={"F8": Place(5387, 1325)},
        texts={"F9": "kurz", "F10": "lang", "F11": "länger"},
    )
    session.commit()
    survey = session.get_one(type(survey), survey.id)
    seen: list[str] = []
    engine = session.get_bind()
    listen = lambda *given: seen.append(given[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", listen)
    make.response(survey, sheet)
    sa.event.remove(engine, "before_cursor_execute", listen)
    assert len(seen) <= 15, seen
