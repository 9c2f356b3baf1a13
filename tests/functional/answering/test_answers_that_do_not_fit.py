"""What is wrong, late, forged or sent twice is named, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from participation.foundation import clock
from tests.citizen import NOTHING, PAGE_1, PAGE_2, PAGE_3, PAGE_4, Citizen, stored, walk
from tests.pages import text_of


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
    # No browser cuts off what is too long.
    assert "maxlength" not in citizen.page
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
