"""What is shown of each kind of question, after disclosure control."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from participation.analysis.disclosure import PUBLIC_THRESHOLD, STAFF_THRESHOLD
from participation.surveys.models import (
    ChoiceRole,
    ConditionMode,
    Operator,
    QuestionKind,
)
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)
from participation.surveys.sheets import Place, Sheet
from participation.surveys.tables import QuestionTable, tables_of
from tests.counted_sheets import asked, choices, take_in, ticked
from tests.questionnaires import store

Kind = QuestionKind
NONE = AskedChoice(0, "none", "weiß nicht", role=ChoiceRole.NO_ANSWER)


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def table_of(make, session, town):
    """Ask one question, take sheets in, and return its table."""

    def count(
        question: AskedQuestion, sheets: Iterable[Sheet], threshold: int = PUBLIC_THRESHOLD
    ) -> QuestionTable:
        return tables(make, session, town, [question], sheets, threshold)[question.code]

    return count


def tables(
    make, session, town, questions, sheets, threshold=PUBLIC_THRESHOLD
) -> dict[str, QuestionTable]:
    survey, questionnaire = store(make, town, Questionnaire(1, tuple(questions)))
    take_in(make, session, survey, sheets)
    found = tables_of(session, questionnaire, threshold=threshold)
    for table in found:
        assert QuestionTable.from_json(json.loads(json.dumps(table.as_json()))) == table
    return {table.code: table for table in found}


def shown(table: QuestionTable) -> list[tuple[str, int | None]]:
    return [(row.label, row.count) for row in table.rows]


# Ticks and “can't say” -------------------------------------------------------------------------


def test_who_cant_say_is_a_row_and_counts_for_no_mean(table_of):
    scale = asked(Kind.SCALE, choices=(*choices("1", "2", "3"), NONE))
    table = table_of(scale, ticked("F1", _1=10, _3=10, none=20))
    assert shown(table) == [("1", 10), ("2", 0), ("3", 10), ("weiß nicht", 20)]
    assert table.mean == 2.0
    assert table.n == 40
    assert [row.no_answer for row in table.rows] == [False, False, False, True]


def test_who_cant_say_is_merged_with_nobody(table_of):
    single = asked(Kind.SINGLE, choices=(*choices("a", "b", "c"), NONE))
    table = table_of(single, ticked("F1", _1=40, _2=3, _3=3, none=2))
    assert shown(table) == [("a", 40), ("b / c", 5), ("weiß nicht", None)]


def test_several_answers_are_held_against_those_who_could_say(table_of):
    multiple = asked(Kind.MULTIPLE, choices=(*choices("a", "b"), NONE), min_choices=2)
    sheets = [Sheet(choices={"F1": ("1", "2")})] * 20 + ticked("F1", none=10)
    table = table_of(multiple, sheets)
    assert shown(table) == [("a", 20), ("b", 20), ("weiß nicht", 10)]
    assert [row.share for row in table.rows] == [67, 67, 33]


def test_other_is_counted_like_any_answer_and_its_words_are_not_there(table_of):
    other = AskedChoice(0, "other", "Sonstiges", role=ChoiceRole.OTHER)
    single = asked(Kind.SINGLE, choices=(*choices("a"), other))
    sheets = ticked("F1", _1=10) + [
        Sheet(choices={"F1": ("other",)}, texts={"F1": f"Kanarienvogel {number}"})
        for number in range(10)
    ]
    table = table_of(single, sheets)
    assert shown(table) == [("a", 10), ("Sonstiges", 10)]
    assert "Kanarienvogel" not in json.dumps(table.as_json())


# Matrix ----------------------------------------------------------------------------------------


def test_every_row_of_a_matrix_is_a_table_under_its_matrix(make, session, town):
    columns = choices("wichtig", "egal")
    rows = tuple(asked(Kind.SINGLE, f"F1_{row}", choices=columns) for row in (1, 2))
    sheets = [Sheet(choices={"F1_1": ("1",), "F1_2": ("2",)})] * 12
    found = tables(make, session, town, [asked(Kind.MATRIX, rows=rows)], sheets)
    assert list(found) == ["F1_1", "F1_2"]
    assert {table.group for table in found.values()} == {"F1"}
    assert found["F1_2"].group_text == "Frage F1?"
    assert shown(found["F1_1"]) == [("wichtig", 10), ("egal", 0)]


# Ranking ---------------------------------------------------------------------------------------


def ranked(*codes: str) -> Sheet:
    return Sheet(amounts={"F1": {code: rank for rank, code in enumerate(codes, start=1)}})


RANKING = asked(Kind.RANKING, choices=choices("Bus", "Rad", "Bank"))


def test_a_ranking_shows_first_places_and_mean_ranks(table_of):
    sheets = [ranked("1", "2", "3")] * 60 + [ranked("2", "1", "3")] * 40
    table = table_of(RANKING, sheets)
    assert [(row.label, row.count, row.mean) for row in table.rows] == [
        ("Bus", 60, 1.4),
        ("Rad", 40, 1.6),
        ("Bank", 0, 3.0),
    ]


def test_places_that_somebody_left_out_count_as_the_mean_of_those_left(table_of):
    # The second and third place are both worth 2.5 for who only gave the first.
    table = table_of(RANKING, [ranked("1")] * 100)
    assert [row.mean for row in table.rows] == [1.0, 2.5, 2.5]


def test_the_fewer_people_the_coarser_is_a_mean_rank(table_of):
    sheets = [ranked("1", "2", "3")] * 8 + [ranked("2", "1", "3")] * 7
    assert [row.mean for row in table_of(RANKING, sheets).rows] == [1.5, 1.5, 3.0]


def test_a_mean_rank_that_would_tell_hidden_first_places_is_not_shown(table_of):
    # One of sixty puts the bank first, and all others put it last: the mean would say “one”.
    sheets = [ranked("1", "2", "3")] * 59 + [ranked("3", "1", "2")]
    bank = table_of(RANKING, sheets).rows[2]
    assert (bank.count, bank.mean, bank.hidden) == (None, None, True)


def test_nothing_is_shown_of_a_ranking_by_nine_people(table_of):
    assert table_of(RANKING, [ranked("1", "2", "3")] * 9).withheld


def test_a_sensitive_ranking_in_which_all_agree_is_withheld(table_of):
    sheets = [ranked("1", "2", "3")] * 40
    assert not table_of(RANKING, sheets).withheld
    assert table_of(replace(RANKING, sensitive=True), sheets).withheld


def test_mean_ranks_are_shown_where_no_number_of_first_places_may_be(table_of):
    many = asked(Kind.RANKING, choices=choices("a", "b", "c", "d"))
    codes = ["1", "2", "3", "4"]
    turned = [ranked(*codes[place:], *codes[:place]) for place in range(4)] * 3
    table = table_of(many, turned)
    assert [row.count for row in table.rows] == [None] * 4
    assert [row.mean for row in table.rows] == [2.5] * 4
    assert table.n == 10


# Points ----------------------------------------------------------------------------------------

POINTS = asked(Kind.POINTS, choices=(*choices("Bus", "Rad"), NONE), points=100)


def test_points_are_shown_as_shares_and_means(table_of):
    sheets = [Sheet(amounts={"F1": {"1": 70, "2": 30}})] * 40 + ticked("F1", none=10)
    table = table_of(POINTS, sheets)
    assert [(row.label, row.share, row.mean) for row in table.rows] == [
        ("Bus", 70, 70.0),
        ("Rad", 30, 30.0),
        ("weiß nicht", 20, None),
    ]
    assert table.n == 50


def test_shares_of_few_points_are_coarse(table_of):
    few = asked(Kind.POINTS, choices=choices("Bus", "Rad"), points=3)
    sheets = [Sheet(amounts={"F1": {"1": 3}})] * 39 + [Sheet(amounts={"F1": {"1": 2, "2": 1}})]
    # One point of 120 is less than one per cent: it would tell of one person.
    assert [row.share for row in table_of(few, sheets).rows] == [100, 0]


# Numbers, days, places -------------------------------------------------------------------------


def numbers(*counted: tuple[str, int]) -> list[Sheet]:
    return [Sheet(numbers={"F1": Decimal(value)}) for value, times in counted for _ in range(times)]


def test_a_short_range_of_numbers_has_a_row_for_each_and_a_mean(table_of):
    household = asked(Kind.NUMBER, lowest=Decimal(1), highest=Decimal(5))
    table = table_of(household, numbers(("1", 20), ("2", 10), ("3", 10), ("5", 10)))
    assert shown(table) == [("1", 20), ("2", 10), ("3", 10), ("4", 0), ("5", 10)]
    assert table.mean == 2.4  # 20·1 + 10·2 + 10·3 + 10·5, of 50
    assert table.median == 1


def test_numbers_of_a_long_range_are_shown_in_bands_with_a_coarse_mean(table_of):
    age = asked(Kind.NUMBER, lowest=Decimal(0), highest=Decimal(119))
    table = table_of(age, numbers(("17", 10), ("34", 30), ("71", 20)))
    assert [row.label for row in table.rows][:4] == [
        "0 bis 19",
        "20 bis 39",
        "40 bis 59",
        "60 bis 79",
    ]
    assert [row.count for row in table.rows][:4] == [10, 30, 0, 20]
    # The mean is 43.5; three people of sixty may be anywhere without showing.
    assert table.mean == 40.0
    assert table.rows[table.median].label == "20 bis 39"
    assert table.rows[0].codes == ("0..19",)


def test_numbers_with_decimals_are_shown_in_bands_that_stay_below_the_next(table_of):
    hours = asked(Kind.NUMBER, lowest=Decimal(0), highest=Decimal(100), decimals=2)
    table = table_of(hours, numbers(("17.25", 10), ("34", 30), ("79.99", 20), ("80", 20)))
    assert shown(table) == [
        ("0 bis unter 20", 10),
        ("20 bis unter 40", 30),
        ("40 bis unter 60", 0),
        ("60 bis unter 80", 20),
        ("80 bis 100", 20),
    ]
    assert table.rows[0].codes == ("0..<20",)
    without_range = table_of(
        asked(Kind.NUMBER, decimals=2), numbers(("17.25", 10), ("34", 30), ("79.99", 20))
    )
    assert without_range.rows[0].label.startswith("unter ")
    assert without_range.rows[-1].label.startswith("ab ")


def test_the_smallest_and_the_largest_number_are_told_by_no_edge(table_of):
    income = asked(Kind.NUMBER)
    sheets = numbers(("2100", 20), ("2900", 20), ("3300", 20), ("999983", 1), ("1", 1))
    table = table_of(income, sheets)
    assert "9999" not in json.dumps(table.as_json())
    assert table.rows[0].label.startswith("bis ")
    assert table.rows[-1].label.startswith("ab ")
    assert table.mean is None


def test_days_are_shown_by_month_or_by_year(table_of):
    day = asked(Kind.DATE)
    sheets = [Sheet(dates={"F1": date(2026, month, 5)}) for month in (1, 2, 3) for _ in range(10)]
    table = table_of(day, sheets)
    assert shown(table) == [("bis Januar 2026", 10), ("Februar 2026", 10), ("ab März 2026", 10)]
    years = [Sheet(dates={"F1": date(year, 5, 5)}) for year in (1980, 1999) for _ in range(10)]
    labels = [row.label for row in table_of(asked(Kind.DATE), years).rows]
    assert labels[0] == "bis 1980"
    assert labels[-1] == "ab 1999"


def test_places_are_shown_from_five_people_and_all_others_together(table_of):
    sheets = [
        Sheet(places={"F1": Place(5387, east)})
        for east, times in ((1325, 20), (1326, 12), (1327, 4), (1328, 3))
        for _ in range(times)
    ]
    table = table_of(asked(Kind.PLACE), sheets)
    assert [(row.codes, row.count) for row in table.rows] == [
        (("5387/1325",), 20),
        (("5387/1326",), 10),
        (("",), 5),
    ]
    assert table.rows[0].label == "53,87° Nord, 13,25° Ost"
    stored = json.dumps(table.as_json())
    assert "1327" not in stored
    assert "1328" not in stored


def test_places_are_withheld_where_no_square_has_five_people(table_of):
    sheets = [Sheet(places={"F1": Place(5387, 1300 + number)}) for number in range(20)]
    assert table_of(asked(Kind.PLACE), sheets).withheld


# What conditions tell --------------------------------------------------------------------------


def _asked_if_yes(code: str) -> AskedQuestion:
    condition = AskedCondition(ConditionMode.ALL, (AskedTerm("F1", Operator.TICKED, choice="1"),))
    return asked(Kind.SINGLE, code, choices=choices("a", "b"), condition=condition)


def test_a_table_is_withheld_whose_n_would_tell_a_hidden_count(make, session, town):
    first = asked(Kind.SINGLE, choices=choices("ja", "nein", "egal", "später"))
    questions = [first, _asked_if_yes("F2")]
    yes = [Sheet(choices={"F1": ("1",), "F2": ("1",)})]
    many = tables(make, session, town, questions, yes * 30 + ticked("F1", _2=10, _3=10))
    assert many["F1"].rows[0].count == 30
    assert many["F2"].n == 30
    few = [*yes * 8, *ticked("F1", _2=5, _3=5, _4=1)]
    found = tables(make, session, town, questions, few, STAFF_THRESHOLD)
    # That eight said yes is not shown, because it would tell the one; so would n = 10.
    assert found["F1"].rows[0].count is None
    assert found["F2"].withheld


def test_a_table_is_withheld_that_follows_from_a_withheld_one(make, session, town):
    first = asked(Kind.SINGLE, choices=choices("ja", "nein"), sensitive=True)
    sheets = [Sheet(choices={"F1": ("1",), "F2": ("1",)})] * 30 + ticked("F1", _2=2)
    found = tables(make, session, town, [first, _asked_if_yes("F2")], sheets)
    assert found["F1"].withheld
    assert found["F2"].withheld
