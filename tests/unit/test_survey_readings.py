"""A table is read in one true sentence."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from participation.surveys.models import QuestionKind
from participation.surveys.readings import bar_rows, n_text, reading_of
from participation.surveys.tables import CountRow, QuestionTable


@pytest.fixture(autouse=True)
def german():
    app = Flask(__name__)
    Babel(app, default_locale="de")
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
        (55, "55 % der Befragten antworten: „online“."),
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
    assert read == "Gleich häufig an erster Stelle: „14“ und „15“, je 40 %."


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
