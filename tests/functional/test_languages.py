"""Choosing the language of the pages, and what then speaks it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from participation.foundation.errors import Conflict, Refused
from participation.strategy.fields import AmountField, NumberField
from participation.web.forms import Form
from participation.web.languages import LANGUAGES
from participation.web.refusals import told
from tests.architecture.translations import CATALOGUES

LANGUAGE_OF_A_PAGE = '<html lang="{}"'


@pytest.fixture
def english(site):
    """A browser that chose English."""
    client = site.visitor()
    client.get("/sprache/en")
    return client


def test_pages_speak_german_to_whoever_chose_nothing_whatever_the_browser_asks_for(client):
    page = client.get("/beteiligung/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert LANGUAGE_OF_A_PAGE.format("de") in page.text
    assert page.headers.getlist("Set-Cookie") == []


def test_a_choice_leads_back_to_the_page_and_is_remembered(client):
    page = client.get("/beteiligung/?seite=2").text
    assert 'href="/sprache/en?weiter=/beteiligung/?seite%3D2"' in page
    answer = client.get("/sprache/en?weiter=/beteiligung/?seite%3D2")
    assert (answer.status_code, answer.location) == (303, "/beteiligung/?seite=2")
    page = client.get("/")
    assert LANGUAGE_OF_A_PAGE.format("en") in page.text
    assert "Cookie" in page.vary
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_choosing_german_leaves_no_cookie(english):
    assert english.get_cookie("language") is not None
    english.get("/sprache/de")
    assert english.get_cookie("language") is None
    assert LANGUAGE_OF_A_PAGE.format("de") in english.get("/").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_choice_leads_to_no_other_site(client, target: str):
    assert client.get("/sprache/en", query_string={"weiter": target}).location == "/"


def test_there_are_only_the_languages_that_there_are(client):
    page = client.get("/sprache/xx")
    assert page.status_code == 404
    assert page.headers.getlist("Set-Cookie") == []


def test_a_cookie_with_nonsense_means_german(client):
    client.set_cookie("language", "../../xx")
    assert LANGUAGE_OF_A_PAGE.format("de") in client.get("/").text


def test_an_answer_to_a_form_offers_its_page_in_the_other_language(client):
    page = client.post("/konto/anmelden", data={"email": "", "password": ""})
    assert 'href="/sprache/en?weiter=/konto/anmelden"' in page.text


def test_every_catalogue_is_a_language_that_can_be_chosen():
    catalogues = {path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po")}
    assert catalogues == LANGUAGES.keys() - {"de"}


def test_days_times_and_numbers_are_written_as_the_language_does(site, english):
    with site.app.test_request_context(headers={"Cookie": "language=en"}):
        shown = site.app.jinja_env.from_string(
            "{{ at|local_date }} / {{ at|local_time }} / {{ 1234.5|number }}"
        ).render(at=site.make.at)
    assert shown == "7 May 2026 / 7 May 2026, 12:00 / 1,234.5"
    with site.app.test_request_context():
        shown = site.app.jinja_env.from_string(
            "{{ at|local_date }} / {{ at|local_time }} / {{ 1234.5|number }}"
        ).render(at=site.make.at)
    assert shown == "7. Mai 2026 / 7. Mai 2026, 12:00 Uhr / 1.234,5"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "62% / 62.5% / 0% / 62.5% / 1,234.5 min"),
        ("de", "62_% / 62,5_% / 0_% / 62,5_% / 1.234,5 min"),
    ],
)
def test_per_cent_and_units_are_written_as_the_language_does(site, language: str, shown: str):
    with site.app.test_request_context(headers={"Cookie": f"language={language}"}):
        page = site.app.jinja_env.from_string(
            "{{ 62|percent }} / {{ 62.5|percent }} / {{ 0|percent }} / {{ 62.5|measured('%') }}"
            " / {{ 1234.5|measured('min') }}"
        ).render()
    assert page == shown.replace("_", "\N{NO-BREAK SPACE}")


def test_what_is_quoted_stands_between_the_marks_of_the_language(site):
    for language, shown in (("en", "‘Fort &amp; da 5%’"), ("de", "„Fort &amp; da 5%“")):
        with site.app.test_request_context(headers={"Cookie": f"language={language}"}):
            template = site.app.jinja_env.from_string(
                "{% autoescape true %}{{ text|quoted }}{% endautoescape %}"
            )
            assert template.render(text="Fort & da 5%") == shown


def test_text_of_people_stays_text_inside_a_translated_sentence(site, english):
    call = site.make.idea_call(site.municipality, title="<b>fett</b>")
    page = english.get(f"/beteiligung/{call.slug}/ideen").text
    assert "<b>fett</b>" not in page
    assert "Ideas: &lt;b&gt;fett&lt;/b&gt;" in page


class Figures(Form):
    value = NumberField("Wert")
    amount = AmountField("Betrag")


@pytest.mark.parametrize(
    ("language", "value", "amount"), [("en", "1,234.5", "184,000"), ("de", "1.234,5", "184.000")]
)
def test_a_number_is_read_and_shown_again_as_the_language_writes_it(site, language, value, amount):
    with site.app.test_request_context(headers={"Cookie": f"language={language}"}):
        typed = Figures(MultiDict({"value": value, "amount": amount}))
        assert (typed.value.data, typed.amount.data) == (Decimal("1234.5"), 184_000)
        stored = Figures(None, value=Decimal("1234.5"), amount=184_000)
        assert f'value="{value}"' in stored.value()
        assert f'value="{amount}"' in stored.amount()


@pytest.mark.parametrize(
    ("language", "sentence", "something"),
    [
        ("en", "Please be briefer: at most 9 characters.", "That did not work."),
        ("de", "Bitte fassen Sie sich kürzer: höchstens 9 Zeichen.", "Das hat nicht geklappt."),
    ],
)
def test_a_refusal_speaks_the_language_of_the_page_and_not_to_developers(
    site, language: str, sentence: str, something: str
):
    with site.app.test_request_context(headers={"Cookie": f"language={language}"}):
        refusal = Refused("Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.", limit=9)
        assert told(refusal) == sentence
        assert told(Conflict("the version is adopted")).startswith(something)
