"""A survey is filled in page by page or on one page, back and forth."""

from __future__ import annotations

import re

import sqlalchemy as sa

from participation.engagements.models import Audience
from participation.surveys.answers import NumberAnswer
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind
from tests.citizen import NOTHING, PAGE_1, PAGE_2, PAGE_3, PAGE_4, Citizen, stored, walk

# The way through -------------------------------------------------------------------------------


def test_every_kind_is_answered_step_by_step_and_stored_once_at_the_end(site, citizen):
    assert "Schritt 1 von 4" in citizen.said
    assert citizen.press("Weiter", **PAGE_1) == 200
    assert "Schritt 2 von 4" in citizen.said
    assert "Die Wege" not in citizen.page
    assert citizen.press("Weiter", **PAGE_2) == 200
    assert citizen.press("Weiter", **PAGE_3) == 200
    assert "Schritt 4 von 4" in citizen.said
    assert citizen.press("Antworten prüfen", **PAGE_4) == 200
    assert stored(site) == NOTHING
    for words in (
        "mit dem Rad",
        "am Bahnhof",
        "Termine",
        "Stadtkalender",
        "2 von 5",
        "Telefon oft",
        "sind weit",
        "1. Bäume",
        "2. Radwege",
        "Schulen: 60 Punkte",
        "12,5 km",
        "4. März 2026",
        "Am Anger",
        "keine Antwort",
        "Wer sieht was?",
        "Niemand kann aus den Ergebnissen erkennen, wer was geantwortet hat",
        "Freie Texte prüft die Moderation",
    ):
        assert words in citizen.said, words
    assert citizen.press("Antworten absenden") == 200
    assert "Danke, Ihre Antworten sind gespeichert" in citizen.said
    assert "Am Anger" not in citizen.page
    # 1 + 1 + 2 + 1 + 1 + 2 + 2 ticks, ranks and points; a number, a day, three texts.
    assert stored(site) == [1, 10, 1, 1, 3]
    assert site.session.scalar(sa.select(NumberAnswer.value)) == 12.5


def test_answers_given_before_stand_readable_nowhere_in_a_later_step(citizen):
    citizen.press("Weiter", **(PAGE_1 | {"frage_F1": "other", "worte_F1": "KANARIENVOGEL"}))
    assert "Schritt 2 von 4" in citizen.said
    citizen.press("Weiter", **PAGE_2)
    assert "KANARIENVOGEL" not in citizen.page
    assert "sind weit" not in citizen.page


def test_one_page_and_back_to_steps_loses_nothing(citizen):
    _, fields = citizen.fields("Alles auf einer Seite zeigen", **PAGE_1)
    citizen.answer = citizen.browser.post(f"{citizen.path}/schritt", data=fields)
    assert "Schritt" not in citizen.said.replace("Schritt für Schritt", "")
    assert re.search(r'<input checked[^>]*id="frage_F1-1"', citizen.page)
    assert "Was sollen wir noch wissen?" in citizen.page
    _, fields = citizen.fields("Schritt für Schritt beantworten", **PAGE_4)
    citizen.answer = citizen.browser.post(f"{citizen.path}/schritt", data=fields)
    assert "Schritt 1 von 4" in citizen.said
    assert re.search(r'<input checked[^>]*id="frage_F1-1"', citizen.page)


def test_the_whole_survey_can_be_asked_for_on_one_page(site, survey):
    citizen = Citizen(site, survey, "?ansicht=seite")
    everything = PAGE_1 | PAGE_2 | PAGE_3 | PAGE_4
    assert citizen.press("Antworten prüfen", **everything) == 200
    assert stored(site) == NOTHING
    assert citizen.press("Antworten absenden") == 200
    assert stored(site) == [1, 10, 1, 1, 3]


def test_the_check_leads_to_a_page_and_the_page_back_to_the_check(site, citizen):
    walk(citizen)
    assert citizen.back_from_check("seite:3") == 200
    assert 'value="60"' in citizen.page
    assert citizen.press("Antworten prüfen", frage_F8__1="100", frage_F8__2="") == 200
    assert "Schulen: 100 Punkte" in citizen.said
    assert "Straßen:" not in citizen.said
    assert citizen.press("Antworten absenden") == 200


def test_going_back_keeps_what_was_typed_even_where_it_is_wrong(citizen):
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    assert citizen.press("Zurück", **(PAGE_3 | {"frage_F9": "viele"})) == 200
    assert "Schritt 2 von 4" in citizen.said
    assert "sind weit</textarea>" in citizen.page
    assert citizen.press("Weiter") == 200
    assert 'value="viele"' in citizen.page


def test_an_answer_that_uncovers_a_question_leads_there_before_the_check(citizen):
    citizen.press("Weiter", **(PAGE_1 | {"frage_F1": "1", "frage_F2": []}))
    citizen.press("Weiter", frage_F4="5")
    citizen.press("Weiter")
    citizen.press("Antworten prüfen")
    assert "Wo stellen Sie Ihr Rad ab?" not in citizen.said
    citizen.back_from_check("seite:2")
    assert citizen.press("Antworten prüfen", frage_F4="1", frage_F6="Weil es regnet") == 200
    assert "Weil es regnet" in citizen.said


# Conditions ------------------------------------------------------------------------------------


def test_without_a_script_a_condition_of_the_page_stands_in_words(citizen):
    assert "Nur wenn Sie bei Frage 1 „mit dem Rad“ gewählt haben." in citizen.said


def test_the_answer_to_a_question_that_is_not_asked_is_dropped(site, citizen):
    citizen.press("Weiter", **(PAGE_1 | {"frage_F1": "1"}))
    citizen.press("Weiter", **(PAGE_2 | {"frage_F4": "5"}))
    citizen.press("Weiter")
    citizen.press("Antworten prüfen")
    assert "am Bahnhof" not in citizen.said
    assert "sind weit" not in citizen.said
    assert citizen.press("Antworten absenden") == 200
    assert stored(site)[4] == 0


def test_a_page_that_asks_nothing_is_no_step(site):
    from participation.surveys.drafts import TermDraft  # noqa: PLC0415
    from participation.surveys.models import Operator  # noqa: PLC0415

    survey = site.make.survey(
        site.municipality,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Haben Sie ein Rad?", choices=("ja", "nein")),
            QuestionDraft(
                QuestionKind.TEXT,
                "Welches Rad?",
                terms=(TermDraft("F1", Operator.TICKED, choice="1"),),
                required=True,
                page=2,
            ),
            QuestionDraft(QuestionKind.TEXT, "Noch etwas?", page=3),
        ],
    )
    citizen = Citizen(site, survey)
    assert "Schritt 1 von 3" in citizen.said
    citizen.press("Weiter", frage_F1="2")
    assert "Schritt 2 von 2" in citizen.said
    assert "Noch etwas?" in citizen.said
    citizen.press("Zurück", frage_F3="Danke")
    citizen.press("Weiter", frage_F1="1")
    assert "Schritt 2 von 3" in citizen.said
    assert "Nur wenn" not in citizen.said
    assert citizen.press("Weiter") == 422
    assert "Bitte beantworten Sie diese Frage." in citizen.said
    citizen.press("Weiter", frage_F2="Ein blaues")
    assert "Danke</textarea>" in citizen.page


# Going back in the browser ----------------------------------------------------------------------


def test_a_blank_step_may_be_kept_by_the_browser_and_answers_may_not(site, citizen):
    citizen.press("Weiter", **PAGE_1)
    assert citizen.answer.headers["Cache-Control"] == "private, no-cache"
    assert citizen.press("Weiter", **(PAGE_2 | {"frage_F4": "7"})) == 422
    assert citizen.answer.headers["Cache-Control"] == "no-store"
    citizen.press("Weiter", **PAGE_2)
    citizen.press("Weiter", **PAGE_3)
    citizen.press("Antworten prüfen", **PAGE_4)
    assert citizen.answer.headers["Cache-Control"] == "no-store"


def test_who_is_signed_in_keeps_no_step_in_the_browser(site):
    survey = site.make.survey(
        site.municipality, audience=Audience.ACCOUNT, questions=site.make.every_kind()
    )
    site.session.commit()
    person = site.signed_in(site.make.account())
    answer = person.get(f"/beteiligung/{survey.slug}/teilnehmen")
    assert answer.headers["Cache-Control"] == "no-store"


# What it costs ----------------------------------------------------------------------------------


def test_a_step_writes_nothing_and_asks_little(site, citizen):
    from tests.statements import counted_queries  # noqa: PLC0415

    _, fields = citizen.fields("Weiter", **PAGE_1)
    with counted_queries(site) as statements:
        assert citizen.browser.post(f"{citizen.path}/schritt", data=fields).status_code == 200
    work = [one for one in statements if "rate_count" not in one]
    assert len(work) <= 10, work
    assert all(one.lstrip().startswith("SELECT") for one in work), work


def test_the_first_page_takes_at_most_ten_statements(site, citizen):
    from tests.statements import queries_of  # noqa: PLC0415

    assert queries_of(site, citizen.browser, citizen.path) <= 10
