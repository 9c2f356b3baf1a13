"""The strategy team plans, publishes and extends; citizens subscribe and leave."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import DutyText, Role
from participation.accounts.operations import put_duty_text
from participation.engagements.marks import subscription_token
from participation.engagements.models import Audience, Engagement, Subscription
from participation.foundation import clock
from participation.ideas.models import IdeaCall
from participation.strategy.models import Element
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind
from tests.conftest import NOON

NEW = "/beteiligung/neu/ideenaufruf"
MANAGE = "/verwaltung/beteiligungen"
FIELDS = {
    "title": "Größere Orte",
    "summary": "Wo fehlt Netz?",
    "scope_open": "Die Orte.",
    "scope_closed": "Das Geld.",
    "question": "Wo fehlt Netz?",
    "asks_place": "optional",
    "elements": ["HF-1", "M-01"],
    "opens_on": "2026-05-07",
    "opens_time": "08:00",
    "closes_on": "2026-06-30",
    "closes_time": "23:59",
    "audience": "open",
    "moderation_mode": "before",
    "results_mode": "at_closing",
}


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


@pytest.fixture
def strategist(site):
    return site.staff(Role.STRATEGIST)


def engagements(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(Engagement).order_by(Engagement.id)).all()
    site.session.commit()
    return found


def test_a_clerk_opens_a_call_with_title_scope_and_elements(site, strategy, strategist):
    page = strategist.get(NEW)
    assert page.status_code == 200
    assert 'value="2026-05-07"' in page.text
    answer = strategist.post(NEW, data=FIELDS)
    assert (answer.status_code, answer.location) == (303, MANAGE)
    (call,) = site.session.scalars(sa.select(IdeaCall))
    assert (call.slug, call.question) == ("groessere-orte", "Wo fehlt Netz?")
    assert [element.code for element in call.elements] == ["HF-1", "M-01"]
    assert call.opens_at.isoformat() == "2026-05-07T06:00:00+00:00"
    assert call.closes_at.isoformat() == "2026-06-30T21:59:00+00:00"
    site.session.commit()
    assert site.visitor().get("/beteiligung/groessere-orte").status_code == 404
    assert "Entwurf" in strategist.get(MANAGE).text
    strategist.post(f"{MANAGE}/groessere-orte/veroeffentlichen")
    page = site.visitor().get("/beteiligung/groessere-orte")
    for words in ("Größere Orte", "Die Orte.", "Das Geld.", "Idee einreichen"):
        assert words in page.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Geben Sie der Beteiligung einen Titel."),
        ({"title": "x" * 121}, "höchstens 120 Zeichen"),
        ({"scope_open": " "}, "worüber noch nicht entschieden ist"),
        ({"scope_closed": ""}, "was nicht mehr offen ist"),
        ({"elements": []}, "Wählen Sie mindestens einen Teil der Strategie."),
        ({"closes_on": "2026-05-06"}, "Das Ende muss nach dem Beginn liegen."),
        (
            {"opens_on": "2026-01-01", "closes_on": "2026-02-01"},
            "Das Ende muss in der Zukunft liegen.",
        ),
        ({"opens_on": "gestern"}, "Geben Sie einen Tag an"),
        ({"closes_time": ""}, "Geben Sie eine Uhrzeit an"),
        ({"audience": "friends"}, "Wer kann mitmachen?"),
    ],
)
def test_an_error_stands_at_its_field_and_the_rest_is_kept(
    site, strategy, strategist, fields, message
):
    page = strategist.post(NEW, data=FIELDS | fields)
    assert page.status_code == 422
    assert message in page.text
    assert "Wo fehlt Netz?" in page.text
    assert engagements(site) == []


def test_an_unknown_element_is_refused(site, strategy, strategist):
    assert strategist.post(NEW, data=FIELDS | {"elements": ["M-99"]}).status_code == 422


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR])
def test_other_roles_open_and_change_nothing(site, strategy, role):
    call = site.make.idea_call(site.municipality, published=False, title="Entwurf")
    site.session.commit()
    browser = site.staff(role)
    assert browser.post(NEW, data=FIELDS).status_code == 403
    for path in ("/entwurf", "/entwurf/ideenaufruf", "/entwurf/verlaengern"):
        assert browser.get(MANAGE + path).status_code == 403
    assert browser.post(f"{MANAGE}/entwurf/veroeffentlichen").status_code == 403
    assert [one.published_at for one in engagements(site)] == [call.published_at] == [None]


def test_an_analyst_reads_the_list_and_gets_no_buttons(site, strategy):
    site.make.idea_call(site.municipality, published=False, title="Entwurf")
    site.session.commit()
    page = site.staff(Role.ANALYST).get(MANAGE)
    assert "Entwurf" in page.text
    assert "veroeffentlichen" not in page.text
    assert NEW not in page.text


def test_publishing_is_refused_while_a_duty_text_is_missing(site, strategy, strategist):
    put_duty_text(
        site.session,
        municipality=site.municipality,
        kind=DutyText.PRIVACY,
        source="noch nicht fertig",
        completed=False,
        actor=None,
        at=NOON,
    )
    site.make.idea_call(site.municipality, published=False, title="Entwurf")
    site.session.commit()
    assert "Datenschutz" in strategist.get(MANAGE).text
    answer = strategist.post(f"{MANAGE}/entwurf/veroeffentlichen")
    page = strategist.get(answer.location)
    assert "Noch nicht veröffentlicht" in page.text
    assert site.visitor().get("/beteiligung/entwurf").status_code == 404


def test_publishing_twice_is_no_error(site, strategist):
    site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    answer = strategist.post(f"{MANAGE}/offen/veroeffentlichen")
    assert "schon veröffentlicht" in strategist.get(answer.location).text


def test_words_may_change_after_opening_and_rules_are_not_even_offered(site, strategy, strategist):
    call = site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    page = strategist.get(f"{MANAGE}/offen/ideenaufruf")
    assert "Zeitraum und Regeln stehen fest" in page.text
    assert 'name="audience"' not in page.text
    forged = FIELDS | {"title": "Neuer Titel", "audience": "account"}
    assert strategist.post(f"{MANAGE}/offen/ideenaufruf", data=forged).status_code == 303
    (changed,) = engagements(site)
    assert (changed.title, changed.audience) == ("Neuer Titel", Audience.OPEN)
    assert changed.closes_at == call.closes_at


def test_a_draft_may_change_in_everything(site, strategy, strategist):
    site.make.idea_call(site.municipality, title="Entwurf", published=False)
    site.session.commit()
    for path in ("/entwurf/ideenaufruf", "/entwurf"):
        data = FIELDS | {"audience": "account"}
        assert strategist.post(MANAGE + path, data=data).status_code == 303
    (changed,) = engagements(site)
    assert changed.audience is Audience.ACCOUNT


def test_an_element_stays_while_questions_are_about_it_and_they_are_named(
    site, strategy, strategist
):
    by_code = {
        element.code: element
        for element in site.session.scalars(
            sa.select(Element).where(Element.strategy_id == strategy.id)
        )
    }
    both = (by_code["HF-1"], by_code["M-01"])
    survey = site.make.survey(
        site.municipality,
        title="Entwurf",
        published=False,
        elements=both,
        questions=[
            QuestionDraft(QuestionKind.TEXT, "Warum?"),
            QuestionDraft(QuestionKind.SCALE, "Wie wichtig?", points=5, elements=(both[1],)),
            QuestionDraft(QuestionKind.RANKING, "Ordnen", choices=("M-01 Busse", "Bänke")),
        ],
    )
    site.session.commit()
    path = f"{MANAGE}/entwurf"
    page = strategist.post(path, data=FIELDS | {"elements": ["HF-1"]})
    assert page.status_code == 422
    assert "M-01 bleibt, solange Fragen davon handeln: F2, F3." in page.text
    assert 'value="Größere Orte"' in page.text
    site.session.expire_all()
    assert set(survey.elements) == set(both)
    assert survey.title == "Entwurf"
    # The other one is in no question.
    answer = strategist.post(path, data=FIELDS | {"elements": ["M-01"]})
    assert answer.status_code == 303
    site.session.expire_all()
    assert [element.code for element in survey.elements] == ["M-01"]


def test_the_end_is_put_off_and_never_brought_forward(site, strategist):
    call = site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    path = f"{MANAGE}/offen/verlaengern"
    early = {"closes_on": "2026-05-08", "closes_time": "10:00", "reason": "Hochwasser"}
    page = strategist.post(path, data=early)
    assert page.status_code == 422
    assert "Das neue Ende muss später liegen" in page.text
    late = {"closes_on": "2026-07-01", "closes_time": "12:00", "reason": ""}
    page = strategist.post(path, data=late)
    assert "Geben Sie den Grund an." in page.text
    assert 'value="2026-07-01"' in page.text
    late["reason"] = "Viele hatten Hochwasser."
    assert strategist.post(path, data=late).status_code == 303
    (changed,) = engagements(site)
    assert changed.closes_at > call.closes_at - timedelta(days=1)
    assert changed.closes_at.isoformat() == "2026-07-01T10:00:00+00:00"
    with clock.standing_at(changed.closes_at):
        late = {"closes_on": "2026-08-01", "closes_time": "12:00", "reason": "Noch mehr."}
        assert "schon beendet" in site.staff(Role.STRATEGIST).post(path, data=late).text


def test_every_kind_is_listed_with_the_way_to_change_it(site, strategist):
    site.make.survey(site.municipality, title="Umfrage eins")
    site.make.comment_round(site.municipality, title="Runde eins")
    site.make.idea_call(site.municipality, title="Aufruf eins")
    site.session.commit()
    page = strategist.get(MANAGE).text
    for path in (
        "/umfrage-eins/fragen",
        "/runde-eins",
        "/aufruf-eins/ideenaufruf",
    ):
        assert f'href="{MANAGE}{path}"' in page
        assert strategist.get(MANAGE + path).status_code == 200
    for opener in ("ideenaufruf", "umfrage", "kommentarrunde"):
        assert f'href="/beteiligung/neu/{opener}"' in page


def test_the_list_is_paged(site, strategist):
    for number in range(52):
        site.make.idea_call(site.municipality, title=f"Nummer {number:02}")
    site.session.commit()
    first = strategist.get(MANAGE)
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = strategist.get(following)
    assert "Nummer 00" in second.text
    assert "Nummer 10" not in second.text
    assert strategist.get(f"{MANAGE}?vor=99999999999999999999").status_code == 200


@pytest.fixture
def subscribed(site, client):
    """Somebody who left an address on an engagement's page, and the token of their mails."""
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    page = client.get("/beteiligung/orte")
    fields = dict(re.findall(r'name="(submission|opened)"[^>]*value="([^"]*)"', page.text))
    answer = client.post(
        "/beteiligung/orte/benachrichtigen", data=fields | {"email": "Ich@Example.org"}
    )
    assert answer.status_code == 303
    (subscription,) = site.session.scalars(sa.select(Subscription))
    assert subscription.engagement_id == call.id
    site.session.commit()
    return subscription_token(site.app.config["HASHING_KEY"], subscription.id)


def subscription_in(site):
    site.session.expire_all()
    (found,) = site.session.scalars(sa.select(Subscription))
    site.session.commit()
    return found


def test_a_mailed_link_shows_a_button_and_only_the_button_confirms(site, client, subscribed):
    site.work()
    (mail,) = site.mails()
    path = f"/beteiligung/benachrichtigung/{subscribed}/bestaetigen"
    assert "http://localhost" + path in mail.get_content()
    assert client.get(path).status_code == 200
    assert subscription_in(site).confirmed_at is None
    assert "Ihre Adresse ist bestätigt" in client.post(path).text
    assert subscription_in(site).confirmed_at == NOON


def test_leaving_is_one_button_and_erases_the_address(site, client, subscribed):
    path = f"/beteiligung/benachrichtigung/{subscribed}/abmelden"
    assert "Adresse löschen" in client.get(path).text
    assert subscription_in(site).address == "ich@example.org"
    assert "Sie sind abgemeldet" in client.post(path).text
    assert subscription_in(site).address == ""
    assert "Sie sind abgemeldet" in client.get(path).text
    assert client.post(path.replace("abmelden", "bestaetigen")).status_code == 409


def test_a_mail_program_leaves_with_one_click(site, client, subscribed):
    path = f"/beteiligung/benachrichtigung/{subscribed}/abmelden"
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers={"No-Origin": "1"})
    assert answer.status_code == 200
    assert subscription_in(site).address == ""


@pytest.mark.parametrize("token", ["x", "1-0", "1-" + "0" * 40, "-", "%00"])
def test_a_made_up_token_opens_nothing(site, client, subscribed, token):
    for door in ("bestaetigen", "abmelden"):
        path = f"/beteiligung/benachrichtigung/{token}/{door}"
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert subscription_in(site).address == "ich@example.org"


@pytest.mark.parametrize(
    "fields", [{"email": ""}, {"email": "x"}, {"email": "a@b.de", "website": "spam"}]
)
def test_a_wrong_address_is_kept_and_refused(site, client, fields):
    site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    page = client.post("/beteiligung/orte/benachrichtigen", data={"submission": "0" * 32} | fields)
    assert page.status_code == 422
    assert f'value="{fields["email"]}"' in page.text
    assert site.session.scalars(sa.select(Subscription)).all() == []
