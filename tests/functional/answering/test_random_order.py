"""A block over measures in random order: another for each person, and the same all the way."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest

from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.insights.results import SurveyTable, result_of
from participation.strategy.models import ElementKind
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind
from tests.citizen import Citizen

PEOPLE = 20
SCALE = ("sehr wichtig", "eher wichtig", "eher unwichtig")


@pytest.fixture
def measures(site):
    strategy = site.make.strategy(site.municipality)
    return [site.make.element(strategy, ElementKind.MEASURE) for _ in range(6)]


def block(site, measures, **more):
    """Return a survey that asks about each measure, then what comes first, then for a word."""
    lines = tuple(f"{one.code} Vorhaben {one.number}" for one in measures)
    survey = site.make.survey(
        site.municipality,
        elements=tuple(measures),
        questions=[
            QuestionDraft(
                QuestionKind.MATRIX,
                "Wie wichtig ist Ihnen …?",
                rows=lines,
                choices=SCALE,
                elements=tuple(measures),
                required=True,
                page=1,
                **more,
            ),
            QuestionDraft(
                QuestionKind.SINGLE,
                "Was zuerst?",
                choices=lines,
                other="etwas anderes",
                no_answer="weiß nicht",
                page=2,
                **more,
            ),
            QuestionDraft(QuestionKind.SHORT_TEXT, "Ein Wort?", page=2),
        ],
    )
    site.session.commit()
    return survey


def rows_in(page):
    return tuple(dict.fromkeys(re.findall(r'name="frage_(F1_\d+)"', page)))


def choices_in(page):
    return tuple(re.findall(r'name="frage_F2"[^>]*? value="([^"]+)"', page))


ALL_ROWS = tuple(f"F1_{number}" for number in range(1, 7))
ALL_CHOICES = tuple("123456")


def test_people_see_the_measures_in_different_orders_and_each_sees_all(site, measures):
    survey = block(site, measures, shuffled=True)
    orders = [rows_in(Citizen(site, survey).page) for _ in range(PEOPLE)]
    assert all(sorted(order) == sorted(ALL_ROWS) for order in orders)
    assert len(set(orders)) > PEOPLE / 2
    # Which one stands first is spread: no measure gains from its place in the list.
    firsts = Counter(order[0] for order in orders)
    assert len(firsts) >= 4
    choices = [choices_in(Citizen(site, survey, "?ansicht=seite").page) for _ in range(PEOPLE)]
    assert all(sorted(order[:6]) == sorted(ALL_CHOICES) for order in choices)
    assert all(order[6:] == ("other", "none") for order in choices)
    assert len(set(choices)) > PEOPLE / 2


def test_one_person_sees_the_same_order_after_a_refusal_on_the_way_back_and_on_one_page(
    site, measures
):
    survey = block(site, measures, shuffled=True)
    citizen = Citizen(site, survey)
    rows = rows_in(citizen.page)
    some = dict.fromkeys((f"frage_{row}" for row in ALL_ROWS[:3]), "1")
    assert citizen.press("Weiter", **some) == 422
    assert rows_in(citizen.page) == rows
    every = {f"frage_{row}": "1" for row in ALL_ROWS}
    assert citizen.press("Weiter", **every) == 200
    choices = choices_in(citizen.page)
    assert citizen.press("Antworten prüfen", frage_F2="other") == 422
    assert choices_in(citizen.page) == choices
    assert citizen.press("Zurück", frage_F2="2") == 200
    assert rows_in(citizen.page) == rows
    assert citizen.press("Alles auf einer Seite zeigen") == 200
    assert (rows_in(citizen.page), choices_in(citizen.page)) == (rows, choices)


def test_a_fixed_order_is_that_of_the_list_for_everybody(site, measures):
    survey = block(site, measures)
    for _ in range(5):
        page = Citizen(site, survey, "?ansicht=seite").page
        assert rows_in(page) == ALL_ROWS
        assert choices_in(page) == (*ALL_CHOICES, "other", "none")


def test_the_priority_of_each_measure_is_counted_whatever_order_it_was_read_in(site, measures):
    survey = block(site, measures, shuffled=True)
    for person in range(PEOPLE):
        citizen = Citizen(site, survey)
        # The second measure matters to all, the third to nobody, the others to every second.
        liked = {"F1_2": "1", "F1_3": "3"}
        every = {f"frage_{row}": liked.get(row, "1" if person % 2 else "2") for row in ALL_ROWS}
        assert citizen.press("Weiter", **every) == 200
        assert citizen.press("Antworten prüfen", frage_F2="2") == 200
        assert citizen.press("Antworten absenden") == 200
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        rows = aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        by_code = {row.subject: row for row in rows}
        tables = {code: result_of(by_code[code]) for code in ALL_ROWS}
        shares = {
            code: tuple(cell.share for cell in table.rows)
            for code, table in tables.items()
            if isinstance(table, SurveyTable)
        }
        assert shares["F1_2"][0] == 100
        assert shares["F1_3"][2] == 100
        assert {shares[f"F1_{number}"] for number in (1, 4, 5, 6)} == {(50, 50, 0)}
        assert [one.code for one in by_code["F1_2"].elements] == [measures[1].code]
        page = site.visitor().get(f"/strategie/{measures[1].code}").text
        assert "Alle Befragten antworten: „sehr wichtig“" in page
