"""A table is read in one true sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import participation
from participation.surveys.matrix_words import overviews
from participation.surveys.models import QuestionKind
from participation.surveys.readings import bar_rows, n_text, reading_of, value_head
from participation.surveys.tables import CountRow, QuestionTable

TRANSLATIONS = Path(participation.__file__).with_name("translations")


@pytest.fixture(autouse=True)
def german():
    app = Flask(__name__)
    Babel(app, default_locale="de", default_translation_directories=str(TRANSLATIONS))
    with app.test_request_context():
        yield


def table(*rows: tuple[str, int | None], kind=QuestionKind.SINGLE, n=100, **more) -> QuestionTable:
    return QuestionTable(
        code="F1",
        question="Wie?",
        kind=kind,
        n=n,
        rows=tuple(
            CountRow((label,), count, None if count is None else round(100 * count / n))
            for label, count in rows
        ),
        **more,
    )


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (100, "Alle Befragten antworten: „online“."),
        (95, "Fast alle Befragten antworten: „online“."),
        (90, "Neun von zehn Befragten antworten: „online“."),
        (75, "Drei von vier Befragten antworten: „online“."),
        (65, "Zwei von drei Befragten antworten: „online“."),
        (55, "55\N{NO-BREAK SPACE}% der Befragten antworten: „online“."),
        (50, "Die Hälfte der Befragten antwortet: „online“."),
    ],
)
def test_the_largest_group_is_said_in_words_where_they_are_true(count, sentence):
    assert reading_of(table(("online", count), ("vor Ort", None))) == sentence


def test_several_answers_are_named_and_not_given():
    read = reading_of(table(("online", 65), ("vor Ort", 40), kind=QuestionKind.MULTIPLE))
    assert read == "Zwei von drei Befragten nennen: „online“."


def test_equal_groups_are_named_together():
    read = reading_of(table(("14", 40), ("15", 40), ("16", 20)))
    assert read == "Gleich häufig an erster Stelle: „14“ und „15“, je 40\N{NO-BREAK SPACE}%."


def test_a_scale_is_read_by_its_mean_and_says_what_its_ends_mean():
    rows = (("1", 20), ("2", 30), ("3", 50))
    scale = table(*rows, kind=QuestionKind.SCALE, mean=2.3, low="schwer", high="leicht")
    assert reading_of(scale) == "Im Mittel 2,3 auf einer Skala von 1 (schwer) bis 3 (leicht)."
    assert [row["label"] for row in bar_rows(scale)] == ["1 (schwer)", "2", "3 (leicht)"]


def test_nothing_is_said_where_nothing_is_shown():
    assert reading_of(table()) == ""
    assert reading_of(table(("online", None))) == ""
    assert bar_rows(table(("online", None)))[0]["hidden"]


def test_n_says_that_it_is_rounded():
    assert n_text(table(("online", 1500), n=1500)) == "n = 1.500, gerundet"


# Other kinds of questions ----------------------------------------------------------------------


def ranking(*rows: tuple[str, float | None, int | None]) -> QuestionTable:
    return QuestionTable(
        code="F1",
        question="Was zuerst?",
        kind=QuestionKind.RANKING,
        n=100,
        rows=tuple(CountRow((name,), share, share, mean=mean) for name, mean, share in rows),
    )


def test_a_ranking_is_read_by_what_stands_first_and_drawn_by_rank():
    table_of_ranks = ranking(("Rad", 2.4, 25), ("Bus", 1.6, 60), ("Bank", None, None))
    assert reading_of(table_of_ranks) == "Ganz vorn steht „Bus“, im Mittel auf Platz 1,6 von 3."
    rows = bar_rows(table_of_ranks)
    assert [row["label"] for row in rows] == ["Bus", "Rad", "Bank"]
    assert rows[0]["value_text"] == "Platz 1,6, 60\N{NO-BREAK SPACE}% an erster Stelle"
    assert [row["share"] for row in rows] == [70, 30, None]
    assert rows[2]["hidden"]
    assert value_head(table_of_ranks) == "Platz im Mittel"
    even = ranking(("Rad", 1.5, 50), ("Bus", 1.5, 50))
    assert reading_of(even) == "Gleichauf ganz vorn: „Rad“ und „Bus“, im Mittel auf Platz 1,5."


def test_points_are_read_by_the_largest_share():
    rows = (
        CountRow(("Bus",), None, 70, mean=70.0),
        CountRow(("Rad",), None, 30, mean=30.0),
        CountRow(("weiß nicht",), 90, 90, no_answer=True),
    )
    points = QuestionTable("F1", "?", QuestionKind.POINTS, 100, rows, points=100)
    assert (
        reading_of(points) == "Die meisten Punkte bekommt „Bus“: 70\N{NO-BREAK SPACE}% von allen."
    )
    # Of a hundred points the mean says the same as the share.
    assert [row["value_text"] for row in bar_rows(points)] == [
        "70\N{NO-BREAK SPACE}%",
        "30\N{NO-BREAK SPACE}%",
        "90\N{NO-BREAK SPACE}%",
    ]
    of_ten = replace(points, points=10, rows=(replace(points.rows[0], mean=7.0),))
    assert bar_rows(of_ten)[0]["value_text"] == "70\N{NO-BREAK SPACE}%, im Mittel 7 Punkte"
    turned = replace(points, rows=(points.rows[1], points.rows[0], points.rows[2]))
    assert [row["label"] for row in bar_rows(turned)] == ["Bus", "Rad", "weiß nicht"]
    even = replace(points, rows=(replace(rows[0], share=50), replace(rows[1], share=50)))
    assert (
        reading_of(even)
        == "Gleich viele Punkte bekommen „Bus“ und „Rad“: je 50\N{NO-BREAK SPACE}% von allen."
    )


def test_numbers_are_read_by_their_mean_or_their_middle():
    rows = (("bis 9", 40), ("10 bis 19", 30), ("ab 20", 30))
    numbers = table(*rows, kind=QuestionKind.NUMBER, unit="km", mean=12.5)
    assert reading_of(numbers) == "Im Mittel: rund 12,5 km."
    middle = replace(numbers, mean=None, median=1)
    assert reading_of(middle) == "Der mittlere Wert liegt hier: 10 bis 19 km."
    assert bar_rows(middle)[0]["label"] == "bis 9 km"


def test_days_are_read_by_their_middle():
    rows = (("bis Mai 2026", 60), ("ab Juni 2026", 40))
    days = table(*rows, kind=QuestionKind.DATE, median=0)
    assert reading_of(days) == "Der mittlere Zeitpunkt liegt hier: bis Mai 2026."


def test_places_are_read_by_the_square_that_most_showed_and_never_by_the_rest():
    rows = (
        CountRow(("53,87° Nord, 13,25° Ost",), 30, 30, codes=("5387/1325",)),
        CountRow(("an anderen Orten",), 70, 70, codes=("",)),
    )
    places = QuestionTable("F1", "Wo?", QuestionKind.PLACE, 100, rows)
    assert reading_of(places) == (
        "Am häufigsten gezeigt: der Bereich um 53,87° Nord, 13,25° Ost, von "
        "30\N{NO-BREAK SPACE}% der Befragten."
    )
    assert reading_of(replace(places, rows=rows[1:])) == ""


def row_of_matrix(code: str, question: str, *counts: int | None, **more) -> QuestionTable:
    words = ("sehr wichtig", "eher wichtig", "unwichtig")
    rows = table(*zip(words, counts, strict=True), **more)
    return replace(rows, code=code, question=question, group="F6", group_text="Wie wichtig ist …?")


def test_the_rows_of_a_matrix_stand_in_one_chart_the_most_wanted_first():
    tables = [
        table(("ja", 60), ("nein", 40)),
        row_of_matrix("F6_1", "das Rad", 20, 50, 30),
        row_of_matrix("F6_2", "der Bus", 50, 30, 20, n=95),
        row_of_matrix("F6_3", "das Auto", None, 60, 40),
        replace(row_of_matrix("F6_4", "das Boot", 90, 5, 5), rows=()),
    ]
    (found,) = overviews(tables)
    assert (found.first, found.title) == ("F6_1", "Wie wichtig ist …?")
    assert found.reading == "Am häufigsten „sehr wichtig“: „der Bus“, 53\N{NO-BREAK SPACE}%."
    assert [(row["label"], row["value_text"], row["hidden"]) for row in found.rows] == [
        ("der Bus", "53\N{NO-BREAK SPACE}%", False),
        ("das Rad", "20\N{NO-BREAK SPACE}%", False),
        ("das Auto", "", True),
    ]
    assert (found.n_text, found.value_head) == ("n = 95, gerundet", "„sehr wichtig“")


def test_a_matrix_has_no_chart_of_all_rows_where_less_than_two_may_be_shown_or_columns_differ():
    one = row_of_matrix("F6_1", "das Rad", 20, 50, 30)
    hidden = replace(row_of_matrix("F6_2", "der Bus", 1, 1, 1), rows=())
    assert list(overviews([one, hidden])) == []
    merged = CountRow(("sehr wichtig", "eher wichtig"), 70, 70)
    assert list(overviews([one, replace(one, code="F6_2", version=2)])) == []
    other = replace(one, code="F6_2", rows=(replace(merged, labels=("nie",)), *one.rows[1:]))
    assert list(overviews([one, other])) == []
    (found,) = overviews([one, replace(one, code="F6_2", rows=(merged, one.rows[2]))])
    assert [row["hidden"] for row in found.rows] == [False, True]


BANDS = [
    (QuestionKind.NUMBER, ("..19",), "bis 19", "up to 19"),
    (QuestionKind.NUMBER, ("20..39", "40..59"), "20 bis 59", "20 to 59"),
    (QuestionKind.NUMBER, ("1000.5..",), "ab 1.000,5", "from 1,000.5"),
    (QuestionKind.NUMBER, ("7..7",), "7", "7"),
    (QuestionKind.NUMBER, ("..<18",), "unter 18", "under 18"),
    (QuestionKind.NUMBER, ("18..<40",), "18 bis unter 40", "18 to under 40"),
    (
        QuestionKind.NUMBER,
        ("18..<40", "40..<1062.5"),
        "18 bis unter 1.062,5",
        "18 to under 1,062.5",
    ),
    (QuestionKind.NUMBER, ("18..<40", "40.."), "ab 18", "from 18"),
    # As releases of old have it.
    (QuestionKind.NUMBER, ("18..39.99",), "18 bis 39,99", "18 to 39.99"),
    (QuestionKind.DATE, ("2026-05..2026-05",), "Mai 2026", "May 2026"),
    (QuestionKind.DATE, ("2026-05..2026-06",), "Mai 2026 bis Juni 2026", "May 2026 to June 2026"),
    (QuestionKind.DATE, ("2024..",), "ab 2024", "from 2024"),
    (QuestionKind.DATE, ("..",), "insgesamt", "all together"),
    (QuestionKind.PLACE, ("5387/-1325",), "53,87° Nord, 13,25° West", "53.87° north, 13.25° west"),
    (QuestionKind.PLACE, ("",), "an anderen Orten", "at other places"),
    (QuestionKind.NUMBER, (), "wie gespeichert", "wie gespeichert"),
    (QuestionKind.NUMBER, ("sonst",), "wie gespeichert", "wie gespeichert"),
]


@pytest.mark.parametrize(("kind", "codes", "in_german", "in_english"), BANDS)
def test_bands_months_and_places_are_read_in_the_language_of_the_page(
    kind, codes, in_german, in_english
):
    row = CountRow(("wie gespeichert",), 100, 100, codes=codes)
    found = QuestionTable("F1", "?", kind, 100, (row,))
    assert bar_rows(found)[0]["label"] == in_german
    with force_locale("en"):
        assert bar_rows(found)[0]["label"] == in_english


def test_who_cant_say_is_no_end_of_a_scale():
    rows = (("1", 20), ("2", 30), ("weiß nicht", 50))
    scale = table(*rows, kind=QuestionKind.SCALE, mean=1.6, low="schwer", high="leicht")
    scale = replace(scale, rows=(*scale.rows[:2], replace(scale.rows[2], no_answer=True)))
    assert reading_of(scale) == "Im Mittel 1,6 auf einer Skala von 1 (schwer) bis 2 (leicht)."
    assert [row["label"] for row in bar_rows(scale)] == ["1 (schwer)", "2 (leicht)", "weiß nicht"]


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_nothing_is_said_of_a_withheld_table_of_any_kind(kind):
    withheld = table(kind=kind, n=0)
    assert reading_of(withheld) == ""
    assert bar_rows(withheld) == []
