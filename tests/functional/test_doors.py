"""Guests: a code from a letter, or a mailbox that proves to be theirs, opens an engagement once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.engagements import codes
from participation.engagements.models import Audience
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.notifications.models import OutboxMessage
from participation.surveys.answers import SurveyResponse
from tests.conftest import NOON
from tests.pages import pressed
from tests.statements import queries_of


@pytest.fixture
def code_survey(site):
    survey = site.make.survey(site.municipality, audience=Audience.CODE, title="Auswahl")
    site.session.commit()
    return survey


@pytest.fixture
def typed(site, code_survey):
    made = site.make.invitations(code_survey, 2)
    site.session.commit()
    return [codes.as_written(code) for code in made]


@pytest.fixture
def mail_survey(site):
    survey = site.make.survey(site.municipality, audience=Audience.MAIL, title="Postfach")
    site.session.commit()
    return survey


def responses(site):
    site.session.expire_all()
    count = site.session.scalar(sa.select(sa.func.count()).select_from(SurveyResponse))
    site.session.commit()
    return count


def cookies(answer):
    return answer.headers.getlist("Set-Cookie")


def test_whoever_has_no_code_is_asked_for_it(client, code_survey):
    page = client.get("/beteiligung/auswahl/teilnehmen")
    assert page.status_code == 200
    assert "Code aus dem Brief" in page.text
    assert not cookies(page)
    assert "Mit Code mitmachen" in client.get("/beteiligung/auswahl").text


def test_a_code_lets_in_and_getting_the_page_changes_nothing(client, typed):
    page = client.get("/beteiligung/auswahl/code")
    assert not cookies(page)
    answer = client.post("/beteiligung/auswahl/code", data={"_code": f" {typed[0].lower()} "})
    assert (answer.status_code, answer.location) == (303, "/beteiligung/auswahl/teilnehmen")
    (cookie,) = cookies(answer)
    assert cookie.startswith("pass-")
    for sign in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert sign in cookie
    assert typed[0].replace("-", "") not in cookie
    assert "Expires" not in cookie
    assert "Wie möchten Sie Ihr Anliegen erledigen?" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("", "Bitte geben Sie den Code"),
        ("12345-12345", "In diesem Code stimmt ein Zeichen nicht"),
        (codes.as_written(codes.new_list_key()), "Diesen Code kennen wir nicht"),
    ],
    ids=["nothing", "misread", "unknown"],
)
def test_a_wrong_code_stays_in_the_field_with_a_reason(client, typed, wrong, message):
    page = client.post("/beteiligung/auswahl/code", data={"_code": wrong})
    assert page.status_code == 422
    assert message in page.text
    assert f'value="{wrong}"' in page.text
    assert not cookies(page)


def test_guesses_are_counted_and_slips_of_the_pen_are_not(client, typed):
    for _ in range(35):
        client.post("/beteiligung/auswahl/code", data={"_code": typed[0][:-1] + "*"})
    for _ in range(30):
        guess = codes.new_list_key()
        page = client.post("/beteiligung/auswahl/code", data={"_code": guess})
        assert "kennen wir nicht" in page.text
    page = client.post("/beteiligung/auswahl/code", data={"_code": typed[0]})
    assert "zu viele falsche Codes" in page.text


def test_a_survey_sent_without_a_pass_keeps_all_answers_and_asks_for_the_code(site, client, typed):
    sent = {"frage_F1": "2", "frage_F4": "Mehr Bänke bitte", "submission": "0" * 32}
    page = client.post("/beteiligung/auswahl/teilnehmen", data=sent)
    assert page.status_code == 409
    assert "Ihre Eingaben sind noch da" in page.text
    action, fields = pressed(page.text, "Mit diesem Code absenden", _code="falsch")
    assert fields["frage_F4"] == ["Mehr Bänke bitte"]
    page = client.post(action, data=fields)
    assert "In diesem Code stimmt ein Zeichen nicht" in page.text
    assert responses(site) == 0
    action, fields = pressed(page.text, "Mit diesem Code absenden", _code=typed[0])
    page = client.post(action, data=fields)
    assert page.status_code == 200
    assert "Beleg" in page.text
    assert responses(site) == 1


def test_a_code_is_spent_by_the_response(site, client, typed):
    def send(browser, code, submission):
        browser.post("/beteiligung/auswahl/code", data={"_code": code})
        return browser.post(
            "/beteiligung/auswahl/teilnehmen", data={"frage_F1": "1", "submission": submission}
        )

    first = send(client, typed[0], "1" * 32)
    assert "Beleg" in first.text
    # The browser is let go: whoever uses it next is asked for their own code.
    assert any("pass-" in cookie and "Max-Age=0" in cookie for cookie in cookies(first))
    assert "Code aus dem Brief" in client.get("/beteiligung/auswahl/teilnehmen").text
    assert send(site.visitor(), typed[0], "2" * 32).status_code == 409
    assert responses(site) == 1
    assert "Beleg" in send(client, typed[1], "3" * 32).text


def test_idea_calls_let_in_by_code_too(site, client):
    call = site.make.idea_call(site.municipality, audience=Audience.CODE, title="Ideen")
    (code,) = site.make.invitations(call, 1)
    site.session.commit()
    idea = {"title": "Bänke", "text": "Mehr davon.", "submission": "0" * 32, "anyway": "1"}
    page = client.post("/beteiligung/ideen/ideen/neu", data=idea)
    assert page.status_code == 409
    action, fields = pressed(page.text, "Mit diesem Code absenden", _code=code)
    assert client.post(action, data=fields).status_code == 200
    assert site.session.scalar(sa.select(Idea.title)) == "Bänke"


def came_in(client, code, slug):
    answer = client.post(f"/beteiligung/{slug}/code", data={"_code": code})
    assert answer.status_code == 303


def has_pass(client):
    return any(one.decoded_key.startswith("pass-") for one in client._cookies.values())


def test_a_guest_writes_several_ideas_and_then_leaves_a_computer_that_others_use(site, client):
    call = site.make.idea_call(site.municipality, audience=Audience.CODE, title="Ideen")
    codes_made = site.make.invitations(call, 2)
    site.session.commit()
    assert "Zugang beenden" not in client.get("/beteiligung/ideen/ideen").text
    came_in(client, codes_made[0], "ideen")
    for number in range(2):
        idea = {"title": "Bänke", "text": "Mehr.", "submission": f"{number}" * 32, "anyway": "1"}
        receipt = client.post("/beteiligung/ideen/ideen/neu", data=idea)
        assert receipt.status_code == 200
        # In the head of the page, for wide and narrow windows, and where others are thought of.
        assert receipt.text.count("Zugang beenden") == 3
    assert "Zugang beenden" in client.get("/beteiligung/ideen/ideen").text
    action, fields = pressed(receipt.text, "Zugang beenden")
    gone = client.post(action, data=fields)
    assert "Ihr Zugang ist beendet" in gone.text
    assert "Zugang beenden" not in gone.text
    assert not has_pass(client)
    assert "Code aus dem Brief" in client.get("/beteiligung/ideen/ideen/neu").text
    came_in(client, codes_made[1], "ideen")
    assert has_pass(client)


def test_a_pass_is_asked_for_again_after_a_few_hours_and_no_word_is_lost(site, client):
    call = site.make.idea_call(site.municipality, audience=Audience.CODE, title="Ideen")
    (code,) = site.make.invitations(call, 1)
    site.session.commit()
    came_in(client, code, "ideen")
    with clock.standing_at(NOON + timedelta(hours=2)):
        assert "Zugang beenden" in client.get("/beteiligung/ideen/ideen/neu").text
    with clock.standing_at(NOON + timedelta(hours=4)):
        idea = {"title": "Bänke", "text": "Mehr davon.", "submission": "0" * 32, "anyway": "1"}
        page = client.post("/beteiligung/ideen/ideen/neu", data=idea)
        assert page.status_code == 409
        assert 'value="Mehr davon."' in page.text


def test_the_pass_of_a_survey_goes_with_the_receipt(site, client, typed):
    came_in(client, typed[0], "auswahl")
    page = client.get("/beteiligung/auswahl/teilnehmen").text
    assert "Zugang beenden" in page
    sent = {"frage_F1": "1", "submission": "1" * 32}
    receipt = client.post("/beteiligung/auswahl/teilnehmen", data=sent)
    assert receipt.status_code == 200
    assert responses(site) == 1
    assert "Zugang beenden" not in receipt.text
    assert not has_pass(client)


def way_in(site, client, address="Erika+stadt@example.org"):
    page = client.post("/beteiligung/postfach/adresse", data={"email": address})
    assert page.status_code == 200
    assert "Schauen Sie in Ihr Postfach" in page.text
    site.work()
    return re.findall(r"http://localhost(/\S+)", site.mails()[-1].get_content())[0]


def test_an_address_gets_a_link_to_a_page_with_a_button(site, client, mail_survey):
    assert "Link schicken" in client.get("/beteiligung/postfach/teilnehmen").text
    link = way_in(site, client)
    for _ in range(2):  # A program that opens the link does nothing.
        page = site.visitor().get(link)
        assert "Jetzt mitmachen" in page.text
        assert not cookies(page)
    answer = client.post(link)
    assert (answer.status_code, answer.location) == (303, "/beteiligung/postfach/teilnehmen")
    sent = {"frage_F1": "1", "submission": "0" * 32}
    assert "Beleg" in client.post(answer.location, data=sent).text
    assert responses(site) == 1


def test_a_mailbox_takes_part_once_however_it_is_written(site, client, mail_survey):
    for number, address in enumerate(("erika@example.org", "ERIKA+2@example.org")):
        browser = site.visitor()
        browser.post(way_in(site, browser, address))
        answer = browser.post(
            "/beteiligung/postfach/teilnehmen",
            data={"frage_F1": "1", "submission": str(number) * 32},
        )
        assert answer.status_code == (200 if number == 0 else 409)
    assert responses(site) == 1


def test_once_the_mail_is_on_its_way_nothing_knows_the_address(site, client, mail_survey):
    way_in(site, client, "erika.kanarienvogel@example.org")
    connection = site.session.connection()
    for table in OutboxMessage.metadata.sorted_tables:
        rows = connection.execute(sa.select(table)).all()
        assert "kanarienvogel" not in repr(rows).lower(), table.name


def test_a_link_runs_out_and_opens_nothing_else(site, client, mail_survey):
    other = site.make.survey(site.municipality, audience=Audience.MAIL, title="Anderes")
    site.session.commit()
    link = way_in(site, client)
    for wrong in (link.replace("postfach", other.slug), link[:-5], link[:-1] + "%C3%A4"):
        page = client.post(wrong)
        assert page.status_code == 410
        assert not cookies(page)
    with clock.standing_at(NOON + timedelta(days=8)):
        assert client.get(link).status_code == 410


def test_an_address_is_not_flooded_and_the_answer_stays_the_same(site, client, mail_survey):
    for _ in range(7):
        page = client.post("/beteiligung/postfach/adresse", data={"email": "erika@example.org"})
        assert "Schauen Sie in Ihr Postfach" in page.text
    site.work()
    assert len(site.mails()) == 5
    wrong = client.post("/beteiligung/postfach/adresse", data={"email": "keine Adresse"})
    assert wrong.status_code == 422
    assert 'value="keine Adresse"' in wrong.text


def test_each_door_belongs_to_its_audience_and_time(site, client, code_survey, mail_survey):
    assert client.get("/beteiligung/auswahl/adresse").status_code == 404
    assert client.get("/beteiligung/postfach/code").status_code == 404
    with clock.standing_at(code_survey.closes_at):
        page = client.get("/beteiligung/auswahl/code")
        assert "beendet" in page.text
        assert "<form class" not in page.text
        assert client.post("/beteiligung/auswahl/code", data={"_code": "x"}).status_code == 409


def test_the_doors_take_few_queries(site, client, code_survey, mail_survey):
    for path in ("auswahl/code", "auswahl/teilnehmen", "postfach/adresse", "auswahl"):
        assert queries_of(site, client, f"/beteiligung/{path}") <= 10
