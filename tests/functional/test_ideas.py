"""Handing in and supporting ideas, as people do it without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from participation.contributions.models import Contribution, ContributionStatus, Follow
from participation.engagements.models import Audience, ModerationMode, Subscription
from participation.foundation import clock
from participation.foundation.tokens import read_code
from participation.ideas.models import Idea, IdeaCall
from participation.notifications.models import OutboxMessage
from participation.strategy.queries import get_element
from tests.pages import pressed

FORM = "/beteiligung/digitale-orte/ideen/neu"
LIST = "/beteiligung/digitale-orte/ideen"
WORDS = {"title": "WLAN am Bahnhof", "text": "Im Wartehaus fehlt das Netz."}


@pytest.fixture
def call(site):
    strategy = site.make.adopted_strategy(site.municipality)
    elements = tuple(get_element(site.session, strategy.id, code) for code in ("HF-1", "M-01"))
    call = site.make.idea_call(site.municipality, title="Digitale Orte", elements=elements)
    site.session.commit()
    return call


def hidden_fields(page):
    return dict(re.findall(r'<input[^>]*name="(submission|opened)"[^>]*value="([^"]*)"', page.text))


def send(browser, **fields):
    return browser.post(FORM, data=hidden_fields(browser.get(FORM)) | WORDS | fields)


def code_on(page):
    (written,) = re.findall(r'class="bt-receipt">([^<]+)<', page.text)
    code = read_code(written)
    assert code is not None
    return code


def stored(site):
    site.session.expire_all()
    ideas = site.session.scalars(
        sa.select(Idea).order_by(Idea.number).options(selectinload(Idea.elements))
    ).all()
    # Whoever only looks must not keep the pages from writing.
    site.session.commit()
    return ideas


def test_what_is_too_long_is_kept_whole(site, call, client):
    page = client.get(FORM)
    assert "maxlength" not in page.text
    typed = {"title": "x" * 121, "text": "y" * 4001}
    answer = client.post(FORM, data=hidden_fields(page) | typed)
    assert answer.status_code == 422
    assert all(words in answer.text for words in typed.values())
    assert stored(site) == []


def test_an_idea_is_taken_in_and_answered_with_a_receipt(site, call, client):
    page = send(client, element="x", elements=["M-01"])
    assert page.status_code == 200
    assert "Danke, Ihre Idee ist angekommen" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert len(code_on(page)) == 20
    (idea,) = stored(site)
    assert (idea.title, idea.text) == (WORDS["title"], WORDS["text"])
    assert [element.code for element in idea.elements] == ["M-01"]
    assert idea.status is ContributionStatus.PENDING
    assert idea.author_id is None


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_idea_is_kept_in_the_language_of_its_page(site, call, client, language):
    client.get(f"/sprache/{language}")
    send(client, title="Wifi at the station")
    (idea,) = stored(site)
    assert idea.language == language


def test_the_code_stands_in_no_address(client, call):
    page = send(client)
    code = code_on(page)
    assert page.history == ()
    assert not re.search(f'(href|action|src)="[^"]*{code[:10]}', page.text)


def test_the_same_form_sent_again_shows_the_same_receipt(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS
    codes = {code_on(client.post(FORM, data=fields)) for _ in range(3)}
    assert len(codes) == 1
    assert len(stored(site)) == 1


def test_a_form_sent_again_after_closing_still_shows_its_receipt(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS
    code = code_on(client.post(FORM, data=fields))
    with clock.standing_at(call.closes_at + timedelta(days=3)):
        assert code_on(client.post(FORM, data=fields)) == code


def test_a_form_opened_in_time_may_be_sent_a_little_late(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS
    with clock.standing_at(call.closes_at - timedelta(seconds=1)):
        fields = hidden_fields(client.get(FORM)) | WORDS
    with clock.standing_at(call.closes_at + timedelta(minutes=14)):
        assert client.post(FORM, data=fields).status_code == 200
    assert len(stored(site)) == 1


@pytest.mark.parametrize("opened", ["", "9999999999.0000", "x"])
def test_a_forged_opening_time_does_not_open_a_closed_call(site, call, client, opened):
    fields = hidden_fields(client.get(FORM)) | WORDS | {"opened": opened}
    with clock.standing_at(call.closes_at + timedelta(minutes=1)):
        page = client.post(FORM, data=fields)
    assert page.status_code == 409
    assert stored(site) == []


def test_a_closed_call_says_so_and_keeps_what_was_typed(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS
    with clock.standing_at(call.closes_at + timedelta(hours=1)):
        page = client.post(FORM, data=fields)
        assert client.get(FORM).status_code == 200
    assert page.status_code == 409
    assert "Diese Beteiligung ist beendet." in page.text
    assert WORDS["text"] in page.text
    assert stored(site) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": " "}, "Geben Sie Ihrer Idee einen Titel."),
        ({"title": "x" * 121}, "höchstens 120 Zeichen"),
        ({"text": ""}, "Beschreiben Sie Ihre Idee."),
        ({"text": "x" * 4001}, "höchstens 4.000 Zeichen"),
        ({"email": "keine adresse"}, "Das ist keine E-Mail-Adresse."),
        ({"website": "https://spam.example"}, "Bitte lassen Sie dieses Feld leer."),
        ({"submission": "nicht zufällig"}, "Das Formular ist unvollständig."),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    site, call, client, fields, message
):
    typed = {"title": "Mein Titel", "text": "Mein Text", "email": "ich@example.org", **fields}
    page = send(client, **typed)
    assert page.status_code == 422
    assert message in page.text
    for name in ("title", "text", "email"):
        assert typed[name].strip() in page.text
    assert stored(site) == []


def test_the_end_of_a_line_counts_as_one_sign(site, call, client):
    lines = "\r\n".join("x" for _ in range(2000))
    assert "Ihr Beleg" in send(client, text=lines).text
    (idea,) = stored(site)
    assert idea.text == lines.replace("\r\n", "\n")


def test_an_element_of_another_call_is_refused(site, call, client):
    page = send(client, elements=["M-02"])
    assert page.status_code == 422
    assert stored(site) == []


@pytest.mark.parametrize("code", ["M-99", "00000000-0000-0000-0000-000000000000"])
def test_an_element_that_is_gone_is_told_in_german_and_the_rest_is_kept(site, call, client, code):
    page = send(client, title="Bank am Bahnhof", elements=[code])
    assert page.status_code == 422
    assert "Davon gibt es hier etwas nicht oder nicht mehr." in page.text
    assert "valid choice" not in page.text
    assert "Bank am Bahnhof" in page.text


def test_similar_ideas_are_shown_before_sending_and_sending_anyway_is_one_click(site, call, client):
    site.make.idea(call, title="Offenes WLAN im Bahnhof", text="Ein Netz für alle.")
    site.make.idea(call, title="WLAN und Bahnhof", status=ContributionStatus.PENDING)
    site.make.idea(call, title="Mehr Bäume", text="Schatten auf dem Markt.")
    site.session.commit()
    where, fields = pressed(client.get(FORM).text, "Idee absenden", **WORDS)
    fields |= {"email": ["ich@example.org"], "elements": ["HF-1"]}
    first = client.post(where, data=fields)
    assert first.status_code == 200
    assert "Offenes WLAN im Bahnhof" in first.text
    assert "WLAN und Bahnhof" not in first.text
    assert "Mehr Bäume" not in first.text
    assert len(stored(site)) == 3
    where, fields = pressed(first.text, "Trotzdem senden")
    assert (fields["title"], fields["text"]) == ([WORDS["title"]], [WORDS["text"]])
    assert (fields["email"], fields["elements"]) == (["ich@example.org"], ["HF-1"])
    assert "Ihr Beleg" in client.post(where, data=fields).text
    assert len(stored(site)) == 4


def test_whoever_changes_the_text_after_the_similar_ideas_sends_it_at_once(site, call, client):
    site.make.idea(call, title="Offenes WLAN im Bahnhof")
    site.session.commit()
    where, fields = pressed(client.get(FORM).text, "Idee absenden", **WORDS)
    shown = client.post(where, data=fields).text
    where, fields = pressed(shown, "Idee absenden", text="Ganz anders gesagt.")
    assert "Ihr Beleg" in client.post(where, data=fields).text
    assert stored(site)[-1].text == "Ganz anders gesagt."


def test_suggestions_while_typing_are_a_fragment_and_leave_nothing(site, call, client):
    site.make.idea(call, title="Offenes WLAN im Bahnhof")
    site.session.commit()
    page = client.post(LIST + "/aehnliche", data=WORDS)
    assert page.status_code == 200
    assert "Offenes WLAN im Bahnhof" in page.text
    assert "<html" not in page.text
    assert client.post(LIST + "/aehnliche", data={"title": "Quark"}).text.strip() == ""
    assert client.get(LIST + "/aehnliche").status_code == 405
    assert len(stored(site)) == 1


def test_an_address_is_asked_to_confirm_and_nothing_else_is_sent(site, call, client):
    page = send(client, email="Ich@Example.org")
    assert "Bitte bestätigen Sie Ihre Adresse" in page.text
    assert site.session.scalars(sa.select(OutboxMessage)).all() == []
    site.session.commit()
    site.work()
    (mail,) = site.session.scalars(sa.select(OutboxMessage))
    assert (mail.address, mail.template) == ("ich@example.org", "engagements/confirm")
    (follow,) = site.session.scalars(sa.select(Follow))
    assert follow.contribution_id == stored(site)[0].id
    assert code_on(page) not in str(mail.payload)


def test_without_an_address_nothing_is_subscribed(site, call, client):
    send(client)
    assert site.session.scalars(sa.select(Subscription)).all() == []


def test_what_is_moderated_afterwards_appears_at_once(site, client):
    site.make.idea_call(
        site.municipality, title="Digitale Orte", moderation_mode=ModerationMode.AFTER
    )
    site.session.commit()
    send(client)
    assert WORDS["title"] in client.get(LIST).text


def test_taking_part_counts_each_browser_once(site, call, client):
    send(client)
    send(client, title="Noch eine Idee", anyway="1")
    send(site.visitor(), title="Ganz andere", anyway="1")
    site.session.expire_all()
    assert site.session.get_one(IdeaCall, call.id).participants == 2


def test_no_cookie_is_set_before_somebody_takes_part(call, client):
    for path in ("/", LIST, FORM, "/beteiligung/"):
        assert "Set-Cookie" not in client.get(path).headers
    assert "mark=" in send(client).headers["Set-Cookie"]


def test_only_people_with_an_account_where_accounts_are_asked_for(site):
    site.make.idea_call(site.municipality, title="Digitale Orte", audience=Audience.ACCOUNT)
    person = site.make.account()
    site.session.commit()
    visitor = site.visitor()
    page = visitor.get(FORM)
    assert "/konto/" in page.text
    assert visitor.post(FORM, data=WORDS).status_code == 409
    member = site.signed_in(person)
    assert "Ihr Beleg" in send(member).text
    (idea,) = stored(site)
    assert idea.author_id == person.id


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "entwurf"])
def test_unknown_calls_and_drafts_are_not_found(site, call, client, slug):
    site.make.idea_call(site.municipality, title="Entwurf", published=False)
    site.session.commit()
    for path in ("ideen", "ideen/neu", "ideen/1"):
        assert client.get(f"/beteiligung/{slug}/{path}").status_code == 404
    assert client.post(f"/beteiligung/{slug}/ideen/neu", data=WORDS).status_code == 404


def test_citizens_text_is_never_markup(site, call, client):
    attack = "<script>alert(1)</script><b>fett</b>"
    idea = site.make.idea(call, title=attack, text=attack)
    site.session.commit()
    for path in (LIST, f"{LIST}/{idea.number}"):
        page = client.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
    assert "<b>fett" not in client.post(LIST + "/aehnliche", data={"title": "alert fett"}).text


@pytest.mark.parametrize("path", ["/99999999999999999999", "/0", "/abc", "/1%00"])
def test_odd_numbers_of_ideas_are_not_found(call, client, path):
    assert client.get(LIST + path).status_code == 404


def test_the_pages_say_when_there_is_nothing_yet(call, client):
    assert "Noch keine Idee veröffentlicht" in client.get(LIST).text


def test_a_cross_site_form_is_refused(site, call, client):
    answer = client.post(FORM, data=WORDS, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert site.session.scalars(sa.select(Contribution)).all() == []


def test_ideas_of_one_town_are_not_found_in_another(site, call):
    other = site.make.municipality(slug="dort", name="Dort")
    site.make.idea_call(other, title="Digitale Orte dort")
    site.make.idea(call, title="Kanarienvogel")
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    visitor = site.visitor()
    assert visitor.get("/lindenow" + LIST).status_code == 200
    assert visitor.get("/dort" + LIST).status_code == 404
    assert "Kanarienvogel" not in visitor.get("/dort/").text


def test_a_retry_of_sending_anyway_still_gives_the_receipt_after_closing(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS | {"anyway": "1"}
    code = code_on(client.post(FORM, data=fields))
    with clock.standing_at(call.closes_at + timedelta(days=3)):
        assert code_on(client.post(FORM, data=fields)) == code
    assert len(stored(site)) == 1


def test_an_idea_is_stored_in_one_transaction_of_few_statements(site, call, client):
    fields = hidden_fields(client.get(FORM)) | WORDS | {"anyway": "1", "elements": ["M-01"]}
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    with site.app.app_context():
        engine = site.app.extensions["sqlalchemy"].engine
    # Which municipalities there are is read every two seconds, whoever asks.
    site.app.extensions["tenancy"].forget()
    site.app.extensions["tenancy"].slugs()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert "Ihr Beleg" in client.post(FORM, data=fields).text
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    # One transaction counts the form for the rate limit, the other one does all the work. What
    # is looked at before keeps nobody from writing.
    assert statements.count("BEGIN IMMEDIATE") == 2
    assert statements.count("BEGIN") == 1
    apart = {"BEGIN", "SAVEPOINT", "RELEASE"}
    work = [one for one in statements if one.split()[0] not in apart]
    assert len(work) <= 15 + 1, work
