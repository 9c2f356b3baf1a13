"""The receipt's pages: what became of a contribution, hearing of it, withdrawing it."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa

from participation.contributions.models import Contribution, ContributionStatus, Follow
from participation.engagements.models import Subscription
from participation.foundation.tokens import written_code
from participation.moderation.models import Action, Ground
from participation.surveys.answers import SurveyResponse
from tests.arranged import arranged

UNKNOWN = "LIN-00000-00000-00000-00000"


@pytest.fixture
def loop(site):
    return arranged(site, "a loop", lambda site: site.make.loop(site.municipality))


def look_up(client, code):
    return client.post("/beleg", data={"code": written_code(code, "LIN")})


def test_the_path_goes_from_the_submission_to_the_next_version(client, loop):
    page = look_up(client, loop.code)
    assert page.status_code == 200
    for station in ("eingegangen", "veröffentlicht", "in Erkenntnis E-1", "in Fassung 2"):
        assert station in page.text
    assert "beantwortet: teilweise übernommen" in page.text
    assert "Ihr Beitrag hat einen Satz verändert" in page.text
    assert "Dieser Satz ist jetzt anders" in page.text
    assert "Für fünf Tage fehlen 1,5 Stellen." in page.text


def test_an_english_receipt_has_english_quotation_marks(client, loop):
    client.get("/sprache/en")
    page = look_up(client, loop.code).text
    assert f"‘{loop.idea.title}’" in page
    assert f"‘{loop.idea.engagement.title}’" in page
    assert not re.search("[„“]", page)


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        " ".join,
        lambda code: written_code(code, "LIN").replace("1", "I").replace("0", "O"),
        lambda code: f"lin-{code}",
    ],
)
def test_a_code_may_be_typed_as_people_type(typed, client, loop):
    assert client.post("/beleg", data={"code": typed(loop.code)}).status_code == 200


@pytest.mark.parametrize("typed", [UNKNOWN, "", "abc", "%%%", "x" * 81, "LIN-ÄÖÜ"])
def test_a_wrong_code_is_met_kindly_and_kept_in_the_field(typed, client, loop):
    answer = client.post("/beleg", data={"code": typed})
    assert answer.status_code in {404, 422}
    assert "kern-error" in answer.text


def test_the_code_stands_in_no_address_and_no_log(client, loop, caplog):
    caplog.set_level(logging.DEBUG)
    page = look_up(client, loop.code)
    assert page.headers["Cache-Control"] == "no-store"
    for address in re.findall(r'(?:href|action)="([^"]*)"', page.text):
        assert loop.code not in address
    assert loop.code not in caplog.text
    assert client.get(f"/beleg?code={loop.code}").text.count(loop.code) == 0


def test_a_code_of_another_municipality_finds_nothing_here(site, loop):
    site.make.municipality("rohrbeck", "Rohrbeck")
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    browser = site.visitor()
    assert browser.post("/rohrbeck/beleg", data={"code": loop.code}).status_code == 404
    assert browser.post("/lindenow/beleg", data={"code": loop.code}).status_code == 200


def test_what_waits_for_moderation_is_shown_to_whoever_has_the_code(site, client):
    call = site.make.idea_call(site.municipality)
    submitted = site.make.submitted_idea(call, title="Noch geheim")
    site.session.commit()
    page = look_up(client, submitted.code).text
    assert "wird geprüft" in page
    assert "Noch geheim" in page


def test_a_refusal_comes_with_its_ground_and_note_and_the_path_ends(site, client):
    call = site.make.idea_call(site.municipality)
    submitted = site.make.submitted_idea(call)
    moderator = site.make.account()
    site.make.decision(
        submitted.idea,
        Action.REJECT,
        actor=moderator,
        ground=Ground.OFF_TOPIC,
        note="Das gehört zur Straßenreinigung.",
    )
    site.session.commit()
    page = look_up(client, submitted.code).text
    assert "Ohne Bezug zum Thema" in page
    assert "Das gehört zur Straßenreinigung." in page
    assert 'class="is-ended"' in page
    assert "in der Strategie" not in page


def test_an_answer_that_waits_for_the_adoption_is_not_shown_on_the_receipt(site, client):
    loop = site.make.loop(
        site.municipality, adopted=False, with_adoption=True, reasons="Kanarienvogel-Antwort"
    )
    site.session.commit()
    page = look_up(client, loop.code).text
    assert "in Erkenntnis E-1" in page
    assert "Kanarienvogel-Antwort" not in page
    assert "Ihr Beitrag hat" not in page


def test_following_by_mail_asks_for_confirmation_first(site, client, loop):
    answer = client.post(
        "/beleg/benachrichtigen", data={"code": loop.code, "email": "Mara@Example.org"}
    )
    assert answer.status_code == 200
    assert "Bitte bestätigen Sie darin Ihre Adresse." in answer.text
    subscription = site.session.scalars(sa.select(Subscription)).one()
    assert subscription.address == "mara@example.org"
    assert subscription.confirmed_at is None
    assert site.session.scalars(sa.select(Follow)).one().contribution_id == loop.idea.id
    site.session.commit()
    assert site.work() >= 1


@pytest.mark.parametrize("given", [{"email": "keine"}, {}, {"email": "a@b.de", "website": "x"}])
def test_a_wrong_address_is_said_and_the_path_stays_in_sight(given, site, client, loop):
    answer = client.post("/beleg/benachrichtigen", data={"code": loop.code, **given})
    assert answer.status_code == 422
    assert "Der Weg Ihres Beitrags" in answer.text
    assert site.session.scalar(sa.select(sa.func.count(Subscription.id))) == 0


def test_withdrawing_asks_once_and_then_erases_for_good(site, client, loop):
    asked = client.post("/beleg/zurueckziehen", data={"code": loop.code})
    assert "wirklich zurückziehen" in asked.text
    site.session.expire_all()
    assert site.session.get(Contribution, loop.idea.id).status is ContributionStatus.PUBLISHED
    done = client.post("/beleg/zurueckziehen", data={"code": loop.code, "confirmed": "1"})
    assert "Ihr Beitrag ist zurückgezogen" in done.text
    site.session.expire_all()
    stored = site.session.get(Contribution, loop.idea.id)
    assert stored.status is ContributionStatus.WITHDRAWN
    assert stored.text == ""
    page = look_up(client, loop.code).text
    assert "zurückgezogen" in page
    again = client.post("/beleg/zurueckziehen", data={"code": loop.code, "confirmed": "1"})
    assert again.status_code == 409


def test_a_withdrawn_contribution_leaves_no_empty_section(site, client):
    submitted = site.make.submitted_idea(site.make.idea_call(site.municipality))
    site.session.commit()
    assert 'id="beitrag"' in look_up(client, submitted.code).text
    client.post("/beleg/zurueckziehen", data={"code": submitted.code, "confirmed": "1"})
    assert 'id="beitrag"' not in look_up(client, submitted.code).text


def test_no_id_stands_twice_on_a_receipt(client, loop, response):
    for code in (loop.code, response[1]):
        ids = re.findall(r'\sid="([^"]+)"', look_up(client, code).text)
        assert len(ids) == len(set(ids))


def test_nothing_is_withdrawn_or_followed_with_a_wrong_code(client, loop):
    for path in ("/beleg/zurueckziehen", "/beleg/benachrichtigen"):
        assert client.post(path, data={"code": UNKNOWN, "confirmed": "1"}).status_code == 404
        assert client.get(path).status_code == 405


@pytest.fixture
def response(site):
    survey = site.make.survey(site.municipality)
    taken = site.make.response(survey)
    site.session.commit()
    return survey, taken.code


def test_a_response_is_found_and_its_answers_are_never_shown(site, client, response):
    survey, code = response
    page = look_up(client, code)
    assert page.status_code == 200
    assert "Ihr Antwortbogen zählt" in page.text
    assert survey.title in page.text


def test_a_response_is_withdrawn_until_the_final_release(site, client, response):
    _survey, code = response
    done = client.post("/beleg/zurueckziehen", data={"code": code, "confirmed": "1"})
    assert "zurückgezogen" in done.text
    assert site.session.scalar(sa.select(sa.func.count(SurveyResponse.id))) == 0
    gone = look_up(client, code)
    assert gone.status_code == 404
    assert "ist auch sein Beleg gelöscht" in gone.text


def test_after_the_final_release_a_response_stays(site, client, response):
    survey, code = response
    site.make.aggregate(survey, final=True)
    site.session.commit()
    assert "im veröffentlichten Ergebnis" in look_up(client, code).text
    answer = client.post("/beleg/zurueckziehen", data={"code": code, "confirmed": "1"})
    assert answer.status_code == 409
    assert site.session.scalar(sa.select(sa.func.count(SurveyResponse.id))) == 1


def test_codes_cannot_be_tried_without_end(site, client, loop):
    answers = [client.post("/beleg", data={"code": UNKNOWN}).status_code for _ in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429
