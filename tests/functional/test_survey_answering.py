"""Filling a survey in: page by page, on one page, saved for later; and whatever can go wrong.

Nothing is stored before it is sent, and nothing that was typed is lost.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from participation.engagements.models import Audience, EngagementText
from participation.foundation import clock
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SavedSheet,
    SurveyRemark,
    SurveyResponse,
)
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind, QuestionText
from tests.pages import pressed

STORED = (SurveyResponse, Answer, NumberAnswer, DateAnswer, SurveyRemark)


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def stored(site):
    site.session.rollback()
    return [site.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in STORED]


NOTHING = [0, 0, 0, 0, 0]


class Citizen:
    """A browser without a script that fills in what it is shown."""

    def __init__(self, site, survey, query=""):
        self.browser = site.visitor()
        self.path = f"/beteiligung/{survey.slug}/teilnehmen"
        self.answer = self.browser.get(self.path + query)
        assert self.answer.status_code == 200

    @property
    def page(self):
        return self.answer.text

    @property
    def said(self):
        return text_of(self.page)

    def fields(self, button="Weiter", **typed):
        found, fields = pressed(self.page, button)
        named = {name.replace("__", ":"): value for name, value in typed.items()}
        fields = {name: value for name, value in fields.items() if name not in named}
        return html.unescape(found), fields | named

    def press(self, button, *, to=None, **typed):
        target, fields = self.fields(button, **typed)
        path = (to or target or self.path).partition("#")[0]
        self.answer = self.browser.post(path, data=fields)
        return self.answer.status_code

    def save(self, **typed):
        return self.press("Später weitermachen", to=f"{self.path}/merken", **typed)

    def back_from_check(self, target):
        _, fields = pressed(self.page, "Antworten absenden")
        self.answer = self.browser.post(f"{self.path}/schritt", data=fields | {"tun": target})
        return self.answer.status_code


PAGE_1 = {"frage_F1": "2", "frage_F2": "1", "frage_F3": ["1", "3"]}
PAGE_2 = {"frage_F4": "2", "frage_F5_1": "3", "frage_F6": "Die Wege\nsind weit"}
PAGE_3 = {"frage_F7__3": "1", "frage_F7__1": "2", "frage_F8__1": "60", "frage_F8__2": "40"}
PAGE_3 |= {"frage_F9": "12,5"}
PAGE_4 = {"frage_F10": "2026-03-04", "frage_F11": "Am Anger", "frage_F12": "Mut"}


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.session.commit()
    return survey


@pytest.fixture
def citizen(site, survey):
    return Citizen(site, survey)


def walk(citizen):
    assert citizen.press("Weiter", **PAGE_1) == 200
    assert citizen.press("Weiter", **PAGE_2) == 200
    assert citizen.press("Weiter", **PAGE_3) == 200
    assert citizen.press("Antworten prüfen", **PAGE_4) == 200


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


# Bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "typed", "words", "kept"),
    [
        (1, {"frage_F1": "77"}, "Wie kommen Sie meist in die Stadt? Diese Antwort", ""),
        (1, {"frage_F1": ["1", "2"]}, "Wie kommen Sie meist in die Stadt? Bitte wählen", ""),
        (1, {"frage_F1": "other"}, "schreiben Sie in das Feld", ""),
        (1, {"frage_F3": ["1", "2", "3"]}, "höchstens 2 Antworten", 'id="frage_F3-2"'),
        (1, {"frage_F3": ["1", "none"]}, "zugleich keine Antwort", ""),
        (2, {"frage_F4": "6"}, "Wie leicht erledigen Sie Dinge", ""),
        (2, {"frage_F5_2": "9"}, "Internet", ""),
        (2, {"frage_F6": "x" * 1001}, "auf 1000 Zeichen", "x" * 1001),
        (3, {"frage_F7__1": "1", "frage_F7__2": "1"}, "Platz 1 zweimal", ""),
        (3, {"frage_F7__1": "3"}, "Platz 1 fehlt", ""),
        (3, {"frage_F7__1": "99"}, "Was soll zuerst kommen?", '<option value="99" selected>'),
        (3, {"frage_F8__1": "60"}, "40 Punkte sind noch übrig", 'value="60"'),
        (3, {"frage_F8__1": "60", "frage_F8__2": "50"}, "10 Punkte mehr", 'value="50"'),
        (3, {"frage_F8__1": "-5", "frage_F8__2": "105"}, "Wofür soll", 'value="-5"'),
        (3, {"frage_F8__1": "viel"}, "nur mit Ziffern", 'value="viel"'),
        (3, {"frage_F9": "1001"}, "von 0 bis 1.000", 'value="1001"'),
        (3, {"frage_F9": "1,55"}, "höchstens eine Stelle", 'value="1,55"'),
        (3, {"frage_F9": "zwölf"}, "nur mit Ziffern", 'value="zwölf"'),
        (4, {"frage_F10": "2026-02-30"}, "Datum", 'value="2026-02-30"'),
        (4, {"frage_F10": "neulich"}, "Datum", 'value="neulich"'),
        (4, {"frage_F11": "x" * 201}, "auf 200 Zeichen", "x" * 201),
        (4, {"punkt_F11": "500,500"}, "auf der Karte", ""),
        (4, {"frage_F12": "x" * 201}, "auf 200 Zeichen", "x" * 201),
    ],
)
def test_a_wrong_answer_is_named_at_its_field_and_kept(site, citizen, page, typed, words, kept):
    right: list[dict[str, Any]] = [PAGE_1, PAGE_2, PAGE_3, PAGE_4]
    for answers in right[: page - 1]:
        citizen.press("Weiter", **answers)
    button = "Antworten prüfen" if page == 4 else "Weiter"
    answers = right[page - 1] | dict.fromkeys(_rest(typed), "") | typed
    assert citizen.press(button, **answers) == 422
    assert "Bitte prüfen Sie eine Angabe" in citizen.said
    assert words in citizen.said
    assert 'class="kern-error"' in citizen.page
    target = re.search(r'role="alert".*?href="#([^"]+)"', citizen.page, re.S)
    assert target
    assert f'id="{target[1]}"' in citizen.page
    assert kept in html.unescape(citizen.page)
    assert stored(site) == NOTHING


def _rest(typed):
    """The other fields of a question whose ranks or points are typed."""
    return [
        f"{name.partition('__')[0]}__{number}"
        for name in typed
        if "__" in name
        for number in range(1, 5)
    ]


def test_the_same_sheet_sent_twice_is_stored_once_with_the_same_receipt(site, citizen):
    walk(citizen)
    target, fields = citizen.fields("Antworten absenden")
    pages = [citizen.browser.post(target, data=fields).text for _ in range(3)]
    codes = {re.findall(r'class="bt-receipt">([^<]+)<', page)[0] for page in pages}
    assert len(codes) == 1
    assert stored(site)[0] == 1


def test_a_step_that_was_left_out_is_shown_first_and_nothing_typed_is_lost(site, citizen):
    _, fields = citizen.fields("Weiter", **PAGE_3)
    for name in list(fields):
        if name.startswith(("frage_F1", "frage_F2")) and name not in PAGE_3:
            del fields[name]
    answer = citizen.browser.post(f"{citizen.path}/schritt", data=fields | {"page": "3"})
    assert answer.status_code == 422
    assert "Dieser Schritt fehlt noch" in answer.text
    assert "Schritt 1 von 4" in text_of(answer.text)
    citizen.answer = answer
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    assert 'value="12,5"' in citizen.page
    assert stored(site) == NOTHING


def test_sending_from_the_middle_is_refused(site, citizen):
    citizen.press("Weiter", **PAGE_1)
    _, fields = citizen.fields("Weiter", **PAGE_2)
    answer = citizen.browser.post(citizen.path, data=fields)
    assert answer.status_code == 422
    assert "Dieser Schritt fehlt noch" in answer.text
    assert stored(site) == NOTHING


@pytest.mark.parametrize("damage", ["forged", "foreign", "empty"])
def test_steps_that_cannot_be_read_are_refused_and_the_last_page_is_kept(site, citizen, damage):
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    _, fields = citizen.fields("Weiter", **PAGE_3)
    if damage == "forged":
        fields["sealed"] = [fields["sealed"][0][:-8] + "AAAAAAA="]
    elif damage == "foreign":
        other = site.make.survey(site.municipality, questions=site.make.every_kind())
        site.session.commit()
        fields["sealed"] = Citizen(site, other).fields()[1]["sealed"]
    else:
        fields["sealed"] = [""]
    for path in (f"{citizen.path}/schritt", citizen.path):
        answer = citizen.browser.post(path, data=fields)
        assert answer.status_code == 422
        assert "Schritt 1 von 4" in text_of(answer.text)
    assert stored(site) == NOTHING
    citizen.answer = answer
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    assert 'value="12,5"' in citizen.page


def test_a_form_that_was_open_for_a_month_is_read_over_again(site, survey, citizen):
    walk(citizen)
    survey.closes_at += timedelta(days=60)
    site.session.commit()
    with clock.standing_at(clock.now() + timedelta(days=31)):
        assert citizen.press("Antworten absenden") == 409
        assert "länger als 30 Tage offen" in citizen.said
        assert "12,5 km" in citizen.said
        assert stored(site) == NOTHING
        assert citizen.press("Antworten absenden") == 200
    assert stored(site)[0] == 1


def test_a_survey_that_changed_under_an_open_form_says_so_and_keeps_the_answers(
    site, survey, citizen
):
    walk(citizen)
    question = next(one for one in survey.versions[-1].questions if one.code == "F9")
    question.texts[0].text = "Wie lang ist Ihr Weg?"
    gone = next(one for one in survey.versions[-1].questions if one.code == "F12")
    site.session.delete(gone)
    site.session.commit()
    assert citizen.press("Antworten absenden") == 409
    assert "Die Umfrage wurde geändert" in citizen.said
    assert "Schritt 1 von 4" in citizen.said
    assert re.search(r'<input checked[^>]*id="frage_F1-1"', citizen.page)
    assert stored(site) == NOTHING
    citizen.press("Weiter")
    citizen.press("Weiter")
    assert "Wie lang ist Ihr Weg?" in citizen.page
    assert 'value="12,5"' in citizen.page
    citizen.press("Weiter")
    citizen.press("Antworten prüfen")
    assert citizen.press("Antworten absenden") == 200
    assert stored(site)[0] == 1


def test_words_for_a_question_that_is_gone_are_shown_to_be_copied(site, survey):
    citizen = Citizen(site, survey, "?ansicht=seite")
    _, fields = citizen.fields("Antworten prüfen", **(PAGE_1 | {"frage_F13": "Mehr Bänke bitte"}))
    gone = next(one for one in survey.versions[-1].questions if one.code == "F13")
    site.session.delete(gone)
    site.session.commit()
    answer = citizen.browser.post(f"{citizen.path}/schritt", data=fields)
    assert answer.status_code == 409
    assert '<p class="bt-typed">Mehr Bänke bitte</p>' in answer.text


def test_a_survey_that_closed_meanwhile_shows_what_was_answered(site, survey, citizen):
    walk(citizen)
    target, fields = citizen.fields("Antworten absenden")
    with clock.standing_at(survey.closes_at + timedelta(minutes=16)):
        for path in (target, f"{citizen.path}/schritt"):
            answer = citizen.browser.post(path, data=fields)
            assert answer.status_code == 409
            for words in ("Am Anger", "12,5 km", "mit dem Rad"):
                assert words in text_of(answer.text)
        assert citizen.browser.get(f"{citizen.path}/schritt").status_code == 303
    assert stored(site) == NOTHING
    with clock.standing_at(survey.closes_at + timedelta(minutes=14)):
        assert citizen.browser.post(target, data=fields).status_code == 200


def test_a_second_person_says_so_on_the_check_and_loses_nothing(site, survey, citizen):
    walk(citizen)
    citizen.press("Antworten absenden")
    citizen.answer = citizen.browser.get(citizen.path)
    assert "An diesem Gerät wurde schon geantwortet" in citizen.page
    walk(citizen)
    assert citizen.press("Antworten absenden") == 409
    assert "Am Anger" in citizen.said
    assert citizen.press("Antworten absenden", again="y") == 200
    assert stored(site)[0] == 2


def test_a_form_without_a_key_gets_one_and_keeps_what_was_typed(site, citizen):
    typed = PAGE_1 | {"frage_F3": "1", "worte_F3": "ein Fest"}
    _, fields = citizen.fields("Weiter", **typed)
    answer = citizen.browser.post(
        f"{citizen.path}/schritt", data=fields | {"submission": "kein Schlüssel", "sealed": ""}
    )
    assert answer.status_code == 422
    assert "ein Fest" in answer.text
    citizen.answer = answer
    assert citizen.press("Weiter") == 200


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


# Languages -------------------------------------------------------------------------------------


@pytest.fixture
def in_english(site, survey):
    first = survey.versions[-1].questions[0]
    site.session.add_all(
        [
            QuestionText(question_id=first.id, language="en", text="How do you get into town?"),
            EngagementText(engagement_id=survey.id, language="en", title="Digital every day"),
            EngagementText(engagement_id=survey.id, language="de-x-leicht", title="Leicht gesagt"),
        ]
    )
    site.session.commit()


def test_another_language_is_marked_and_what_is_missing_says_so(site, survey, in_english):
    citizen = Citizen(site, survey, "?sprache=en")
    assert '<h1 class="kern-heading-large" lang="en">Digital every day</h1>' in citizen.page
    assert re.search(r'data-code="F1"[^>]* lang="en"', citizen.page)
    assert citizen.said.count("Diese Frage gibt es nur auf Deutsch.") == 2
    easy = Citizen(site, survey, "?sprache=de-x-leicht")
    assert "Leicht gesagt" in easy.said


def test_changing_the_language_loses_nothing(site, survey, in_english):
    citizen = Citizen(site, survey)
    _, fields = citizen.fields("Weiter", **(PAGE_1 | {"worte_F3": "ein Fest"}))
    fields["tun"] = "sprache"
    answer = citizen.browser.post(f"{citizen.path}/schritt?sprache=en", data=fields)
    assert answer.status_code == 200
    assert "How do you get into town?" in answer.text
    assert "ein Fest" in answer.text
    citizen.answer = answer
    assert citizen.fields("Weiter")[0].endswith("sprache=en")


def test_what_is_no_language_is_german(site, survey, in_english):
    for tag in ("xx", "%00", "en'--", "a" * 3000, "DE"):
        answer = site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen?sprache={tag}")
        assert answer.status_code in {200, 400}
        if answer.status_code == 200:
            assert "Wie kommen Sie meist in die Stadt?" in answer.text


# Saving ----------------------------------------------------------------------------------------


def link_in(page):
    (link,) = re.findall(r'data-copy="([^"]+)"', page)
    return urlsplit(html.unescape(link)).path


def test_a_saved_sheet_is_sealed_comes_back_with_a_button_and_is_deleted_on_sending(
    site, survey, citizen
):
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    assert citizen.save(**(PAGE_3 | {"frage_F9": "viele"})) == 200
    assert "Ihre Antworten warten auf Sie" in citizen.said
    link = link_in(citizen.page)
    row = site.session.scalars(sa.select(SavedSheet)).one()
    assert link.rpartition("/")[2] not in row.name
    assert b"viele" not in row.sealed
    assert stored(site) == NOTHING

    elsewhere = site.visitor()
    for _ in range(2):
        shown = elsewhere.get(link)
        assert shown.status_code == 200
        assert "viele" not in shown.text
    target, fields = pressed(shown.text, "Weitermachen")
    citizen.browser = elsewhere
    citizen.answer = elsewhere.post(target, data=fields)
    assert "Schritt 3 von 4" in citizen.said
    assert 'value="viele"' in citizen.page

    # Saved again it keeps its link.
    assert citizen.save(frage_F9="7") == 200
    assert link_in(citizen.page) == link
    assert site.session.scalar(sa.select(sa.func.count()).select_from(SavedSheet)) == 1
    citizen.answer = elsewhere.post(link)
    citizen.press("Weiter")
    citizen.press("Antworten prüfen", **PAGE_4)
    assert "7 km" in citizen.said
    assert citizen.press("Antworten absenden") == 200
    site.session.rollback()
    assert site.session.scalars(sa.select(SavedSheet)).all() == []
    assert elsewhere.get(link).status_code == 404


def test_a_saved_sheet_is_deleted_by_its_link_and_after_thirty_days(site, survey, citizen):
    citizen.save(**PAGE_1)
    link = link_in(citizen.page)
    target, fields = pressed(citizen.browser.get(link).text, "Angefangene Antworten löschen")
    assert "gelöscht" in citizen.browser.post(target, data=fields).text
    assert citizen.browser.get(link).status_code == 404
    other = Citizen(site, survey)
    other.save(**PAGE_1)
    survey.closes_at += timedelta(days=90)
    site.session.commit()
    with clock.standing_at(clock.now() + timedelta(days=31)):
        assert other.browser.get(link_in(other.page)).status_code == 404
        site.work()
    site.session.rollback()
    assert site.session.scalars(sa.select(SavedSheet)).all() == []


@pytest.mark.parametrize("token", ["x", "a" * 3000, "%2e%2e", "ä"])
def test_a_link_that_holds_nothing_says_so(site, survey, token):
    answer = site.visitor().get(f"/beteiligung/{survey.slug}/weiter/{token}")
    assert answer.status_code == 404


def test_a_link_of_another_survey_opens_nothing(site, survey, citizen):
    citizen.save(**PAGE_1)
    other = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.session.commit()
    link = link_in(citizen.page).replace(survey.slug, other.slug)
    assert citizen.browser.get(link).status_code == 404


def test_the_link_is_mailed_without_storing_the_address(site, survey, citizen):
    citizen.save(**PAGE_1)
    link = link_in(citizen.page)
    target, fields = pressed(citizen.page, "Link schicken", email="nina@example.org")
    sent = citizen.browser.post(target, data=fields)
    assert sent.status_code == 200
    assert "Der Link ist unterwegs" in sent.text
    (mail,) = site.mails()
    assert mail["To"] == "nina@example.org"
    assert link in mail.get_content()
    assert "nina" not in _whole_database(site)
    wrong = citizen.browser.post(target, data=fields | {"email": "nina"})
    assert wrong.status_code == 422
    assert link in wrong.text
    assert len(site.mails()) == 1


def _whole_database(site):
    site.session.rollback()
    connection = site.session.connection()
    tables = sa.inspect(connection).get_table_names()
    return " ".join(
        str(connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()) for name in tables
    )


def test_a_saved_sheet_of_a_survey_that_changed_explains_itself(site, survey, citizen):
    citizen.press("Weiter", **PAGE_1)
    citizen.save(**PAGE_2)
    survey.versions[-1].questions[0].texts[0].text = "Wie kommen Sie her?"
    site.session.commit()
    answer = citizen.browser.post(link_in(citizen.page))
    assert answer.status_code == 409
    assert "Die Umfrage wurde geändert" in answer.text
    assert re.search(r'<input checked[^>]*id="frage_F1-1"', answer.text)


# Maps ------------------------------------------------------------------------------------------


def test_without_a_tile_server_a_place_is_typed_and_no_picture_comes_from_elsewhere(site, survey):
    page = site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen?ansicht=seite")
    assert "data-map" not in page.text
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]


def test_with_a_tile_server_only_the_page_of_a_place_may_show_its_pictures(site, survey, citizen):
    site.app.config["TILE_SERVER"] = "https://tiles.example/{z}/{x}/{y}.png"
    first = citizen.browser.get(citizen.path)
    assert "tiles.example" not in first.headers["Content-Security-Policy"]
    page = citizen.browser.get(f"{citizen.path}?ansicht=seite")
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example;" in policy
    assert "script-src 'self'" in policy
    # Nothing is fetched before somebody opens the map.
    assert "data-tiles=" in page.text
    assert not re.search(r'(?:src|href)="[^"]*(?:tiles\.example|leaflet)', page.text)
    citizen.answer = page
    citizen.press("Antworten prüfen", **(PAGE_1 | PAGE_2 | {"punkt_F11": "51.337,12.373"}))
    assert "Punkt auf der Karte" in citizen.said
    assert citizen.press("Antworten absenden") == 200
    place = site.session.scalars(sa.select(PlaceAnswer)).one()
    assert (place.north, place.east) == (5134, 1237)


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
