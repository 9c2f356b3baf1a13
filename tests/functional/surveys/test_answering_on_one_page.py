"""A short survey is answered on one page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.contributions.models import ContributionStatus
from participation.engagements.models import Audience
from participation.foundation import clock
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.building import QuestionDraft
from participation.surveys.models import QuestionKind
from participation.web.extensions import db
from tests.counts import count_anew
from tests.pages import text_of

HIDDEN = re.compile(r'<input[^>]*id="(?:submission|opened)"[^>]*>')


def hidden_fields(page):
    """Return the fields that every form of a survey carries."""
    fields = {}
    for tag in HIDDEN.findall(page):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        assert name
        fields[name[1]] = value[1] if value else ""
    assert fields.keys() == {"submission", "opened"}
    return fields


def receipt_in(page):
    (code,) = re.findall(r'class="bt-receipt">([^<]+)<', page)
    return code


@pytest.fixture
def path(survey):
    return f"/beteiligung/{survey.slug}/teilnehmen"


def test_a_visitor_answers_on_one_page_and_gets_a_receipt(site, survey, path):
    visitor = site.visitor()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    said = text_of(page.text)
    for promise in (
        "Ergebnisse erscheinen erst nach dem",
        "nur Gruppen ab 10 Personen und gerundete Zahlen",
        "weder mit Ihrem Namen noch mit Ihrer Adresse verknüpft",
        "Wer ist gefragt?",
    ):
        assert promise in said
    sent = visitor.post(
        path,
        data=hidden_fields(page.text)
        | {
            "frage_F1": "2",
            "frage_F2": ["1", "3"],
            "frage_F3": "4",
            "frage_F4": "Mehr Bänke\r\nam Markt",
        },
    )
    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"
    assert receipt_in(sent.text).startswith("LIN-")
    assert "Mehr Bänke" not in sent.text  # The receipt shows no answer.
    assert count_anew(site, Answer) == 4
    remark = site.session.scalars(sa.select(SurveyRemark)).one()
    assert remark.text == "Mehr Bänke\nam Markt"
    assert remark.status is ContributionStatus.PENDING


def test_the_code_of_a_receipt_is_in_no_form(site, path):
    """What leaves the page with an address to write to must not tell whose answers they are."""
    visitor = site.visitor()
    data = hidden_fields(visitor.get(path).text) | {"frage_F1": "2"}
    receipt = visitor.post(path, data=data).text
    code = receipt_in(receipt)
    forms = re.findall(r"<form.*?</form>", receipt, re.DOTALL)
    assert any('name="email"' in form for form in forms)
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())[3:]
    for form in forms:
        assert plain not in re.sub(r"[^A-Z0-9]", "", form.upper())


def test_the_same_form_sent_twice_shows_the_same_code_and_stores_one_response(site, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {"frage_F1": "1"}
    codes = {receipt_in(visitor.post(path, data=fields).text) for _ in range(3)}
    assert len(codes) == 1
    assert count_anew(site, SurveyResponse) == 1


def test_a_faulty_answer_is_named_beside_its_question_and_nothing_typed_is_lost(site, path):
    visitor = site.visitor()
    sent = visitor.post(
        path,
        data=hidden_fields(visitor.get(path).text)
        | {"frage_F2": ["1", "2", "3"], "frage_F3": "5", "frage_F4": "Mehr Bänke"},
    )
    assert sent.status_code == 422
    said = text_of(sent.text)
    assert "Bitte prüfen Sie 2 Angaben" in said
    assert "Bitte beantworten Sie diese Frage." in said
    assert "Bitte wählen Sie höchstens 2 Antworten." in said
    assert 'href="#frage_F1-0"' in sent.text
    assert "Mehr Bänke</textarea>" in sent.text
    assert len(re.findall(r'<input checked[^>]*name="frage_F2"', sent.text)) == 3
    assert re.search(r'<input checked[^>]*name="frage_F3"[^>]*value="5"', sent.text)
    assert count_anew(site, SurveyResponse) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"frage_F1": "99"},
        {"frage_F1": ["1", "2"], "frage_F3": "77"},
        {"frage_F1": "1", "frage_F4": "x" * 1001},
        {"frage_F1": "1", "website": "http://spam.example"},
        {"frage_F1": "1", "submission": "not a key"},
        {},
    ],
)
def test_what_no_browser_would_send_is_refused_and_stores_nothing(site, path, fields):
    visitor = site.visitor()
    sent = visitor.post(path, data=hidden_fields(visitor.get(path).text) | fields)
    assert sent.status_code == 422
    assert count_anew(site, SurveyResponse) == count_anew(site, SurveyRemark) == 0


def test_fields_that_nobody_asked_for_are_ignored(site, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {"frage_F1": "1", "frage_F99": "1"}
    assert visitor.post(path, data=fields).status_code == 200
    assert count_anew(site, Answer) == 1


def test_a_second_person_at_the_same_device_goes_on_after_saying_so(site, path):
    visitor = site.visitor()
    visitor.post(path, data=hidden_fields(visitor.get(path).text) | {"frage_F1": "1"})
    page = visitor.get(path)
    assert "An diesem Gerät wurde schon geantwortet" in page.text
    fields = hidden_fields(page.text) | {"frage_F1": "2", "frage_F4": "Noch ein Wunsch"}
    refused = visitor.post(path, data=fields)
    assert refused.status_code == 409
    assert "Noch ein Wunsch</textarea>" in refused.text
    assert count_anew(site, SurveyResponse) == 1
    sent = visitor.post(path, data=fields | {"again": "y"})
    assert sent.status_code == 200
    assert receipt_in(sent.text)
    assert count_anew(site, SurveyResponse) == 2


def test_with_an_account_nobody_answers_twice(site):
    survey = site.make.survey(site.municipality, audience=Audience.ACCOUNT)
    path = f"/beteiligung/{survey.slug}/teilnehmen"
    assert "Konto" in site.visitor().get(path).text
    person = site.signed_in(site.make.account())
    fields = hidden_fields(person.get(path).text) | {"frage_F1": "1"}
    assert person.post(path, data=fields).status_code == 200
    again = hidden_fields(person.get(path).text) | {"frage_F1": "1", "again": "y"}
    assert person.post(path, data=again).status_code == 409
    assert count_anew(site, SurveyResponse) == 1


def test_an_element_asks_only_what_is_about_it_and_leads_to_the_whole(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element = _element(site, strategy, "M-01")
    survey = site.make.survey(
        site.municipality,
        elements=(element,),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Vorher?", choices=("a", "b"), required=True),
            QuestionDraft(QuestionKind.SINGLE, "Zu M-01?", choices=("a", "b"), elements=(element,)),
            QuestionDraft(QuestionKind.TEXT, "Was fehlt dort?", elements=(element,)),
        ],
    )
    path = f"/beteiligung/{survey.slug}/teilnehmen?zu=M-01"
    visitor = site.visitor()
    page = visitor.get(path)
    assert "Zu M-01?" in page.text
    assert "Vorher?" not in page.text
    assert "Die ganze Umfrage beantworten" in page.text
    sent = visitor.post(path, data=hidden_fields(page.text) | {"frage_F2": "1"})
    assert sent.status_code == 200
    assert count_anew(site, SurveyResponse) == 1
    whole = visitor.get(path.partition("?")[0])
    assert "Vorher?" in whole.text
    # An element that no question names asks the whole survey.
    assert "Vorher?" in visitor.get(path.replace("M-01", "M-99")).text


def test_the_page_of_an_element_shows_its_questions_and_not_the_whole_survey(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element, other = (_element(site, strategy, code) for code in ("M-01", "M-02"))
    survey = site.make.survey(
        site.municipality,
        elements=(element, other),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Vorher?", choices=("a", "b")),
            QuestionDraft(QuestionKind.SINGLE, "Zu M-01?", choices=("a", "b"), elements=(element,)),
            QuestionDraft(QuestionKind.TEXT, "Was fehlt dort?", elements=(element,)),
        ],
    )
    page = site.visitor().get("/strategie/M-01").text
    assert "2 Fragen betreffen M-01" in text_of(page)
    assert "Zu M-01?" in page
    assert "Was fehlt dort?" in page
    assert "Vorher?" not in page
    assert f"/beteiligung/{survey.slug}/teilnehmen?zu=M-01" in page
    elsewhere = site.visitor().get("/strategie/M-02").text
    assert "Zu M-01?" not in elsewhere
    assert "betreffen" not in elsewhere


def _element(site, strategy, code):
    from participation.strategy.queries import get_element  # noqa: PLC0415

    return get_element(site.session, strategy.id, code)


def test_a_closed_survey_keeps_what_was_written_for_copying(site, survey, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {
        "frage_F1": "1",
        "frage_F4": "Mehr Bänke",
    }
    with clock.standing_at(survey.closes_at + timedelta(minutes=14)):
        assert visitor.post(path, data=fields).status_code == 200
    other = site.visitor()
    late = hidden_fields(other.get(path).text) | {"frage_F1": "1", "frage_F4": "Mehr Bäume"}
    with clock.standing_at(survey.closes_at + timedelta(minutes=16)):
        refused = other.post(path, data=late)
        assert refused.status_code == 409
        assert "Mehr Bäume" in refused.text
        assert "beendet" in refused.text
        assert "beendet" in other.get(path).text
    assert count_anew(site, SurveyResponse) == 1


def test_a_survey_that_is_not_published_does_not_exist(site):
    survey = site.make.survey(site.municipality, published=False)
    assert site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen").status_code == 404
    assert site.visitor().get("/beteiligung/gibt-es-nicht/teilnehmen").status_code == 404


def test_submitting_twelve_answers_takes_at_most_fifteen_statements(site):
    survey = site.make.survey(
        site.municipality,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, f"Frage {number}?", choices=("a", "b"))
            for number in range(12)
        ],
    )
    path = f"/beteiligung/{survey.slug}/teilnehmen"
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text)
    fields |= {f"frage_F{number}": "2" for number in range(1, 13)}
    with site.app.app_context():
        engine = db.engine
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.post(path, data=fields).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    # Beginning a transaction is none; nor is counting requests, which is one of its own.
    # Which municipalities there are is read every two seconds, whoever asks.
    apart = ("BEGIN", "SELECT municipality.slug")
    work = [one for one in seen if not one.startswith(apart) and "rate_count" not in one]
    assert count_anew(site, Answer) == 12
    assert len(work) <= 15, work
