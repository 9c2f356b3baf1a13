"""Pages that are the same for everybody are kept, and never a moment too long."""

from __future__ import annotations

from datetime import timedelta

import flask
import pytest

from participation.accounts.models import Role
from participation.comments.models import CommentRound
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.moderation.models import Action, Ground
from participation.moderation.operations import decide
from participation.portal.views import ideas
from participation.web import kept_pages
from tests.conftest import NOON
from tests.statements import noted_statements

IDEAS = "/beteiligung/orte/ideen"


@pytest.fixture
def town(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.make.idea(call, title="Bank am Markt")
    site.session.commit()
    return site


def reads(site, client, path, **more):
    """Return an answer and how many statements it took beyond asking whether anybody wrote."""
    with noted_statements(site) as statements:
        answer = client.get(path, **more)
    return answer, len(statements)


def test_a_page_that_was_made_is_shown_again_without_reading(town):
    first, taken = reads(town, town.visitor(), IDEAS)
    second, again = reads(town, town.visitor(), IDEAS)
    assert taken > 0
    assert again == 0
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers)


def test_a_browser_that_has_the_page_is_not_sent_it_again(town):
    etag = town.visitor().get(IDEAS).headers["ETag"]
    answer = town.visitor().get(IDEAS, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")
    # A proxy that packs pages calls the mark a weak one.
    answer = town.visitor().get(IDEAS, headers={"If-None-Match": "W/" + etag})
    assert answer.status_code == 304


def test_what_moderation_hides_is_gone_from_the_next_answer_on(town):
    browser = town.visitor()
    assert "Bank am Markt" in browser.get(IDEAS).text
    etag = browser.get(IDEAS).headers["ETag"]
    decide(
        town.session,
        contribution=town.session.query(Idea).one(),
        action=Action.HIDE,
        ground=Ground.INSULT,
        actor=town.make.account(),
        at=NOON,
    )
    town.session.commit()
    answer = browser.get(IDEAS, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "Bank am Markt" not in answer.text


def test_a_page_made_while_somebody_writes_is_made_anew(town, monkeypatch):
    """The state is named before a page is read: what is written meanwhile makes another state."""
    made = flask.render_template

    def make_and_write(*args, **values):
        page = made(*args, **values)
        monkeypatch.setattr(ideas, "render_template", made)
        town.make.idea(town.session.query(Idea).one().engagement, title="Zaun am Teich")
        town.session.commit()
        return page

    monkeypatch.setattr(ideas, "render_template", make_and_write)
    assert "Zaun am Teich" not in town.visitor().get(IDEAS).text
    assert "Zaun am Teich" in town.visitor().get(IDEAS).text


def test_schedules_are_looked_at_every_minute(town):
    call = town.make.idea_call(town.municipality, title="Bald", opens_at=NOON + timedelta(hours=1))
    town.session.commit()
    path, opens = "/beteiligung/bald", call.opens_at
    with clock.standing_at(opens - timedelta(seconds=1)):
        before = town.visitor().get(path).text
    with clock.standing_at(opens):
        after = town.visitor().get(path).text
    assert before != after


def test_each_language_has_pages_of_its_own(town):
    german, english = town.visitor(), town.visitor()
    english.set_cookie("language", "en")
    assert 'lang="de"' in german.get(IDEAS).text
    assert 'lang="en"' in english.get(IDEAS).text
    assert 'lang="de"' in town.visitor().get(IDEAS).text


def test_each_address_has_a_page_of_its_own(town):
    browser = town.visitor()
    assert "Bank am Markt" in browser.get(IDEAS).text
    assert "Bank am Markt" not in browser.get(f"{IDEAS}?suche=Zaun").text
    assert browser.get(IDEAS, base_url="https://anders.example").text


@pytest.mark.parametrize("cookie", ["mark", "session", "fremd"])
def test_who_brings_a_cookie_gets_a_page_of_their_own(town, cookie):
    town.visitor().get(IDEAS)
    browser = town.visitor()
    browser.set_cookie(cookie, "x")
    answer, taken = reads(town, browser, IDEAS)
    assert taken > 0
    assert "ETag" not in answer.headers


def test_staff_never_sees_a_kept_page_and_leaves_none(town):
    moderator = town.staff(Role.MODERATOR)
    for _ in range(2):
        assert "Abmelden" in moderator.get(IDEAS).text
        assert "Abmelden" not in town.visitor().get(IDEAS).text


def test_a_page_with_a_form_for_one_sending_is_for_one(town):
    round_ = town.make.comment_round(town.municipality, title="Text", voting=True)
    town.make.comment(round_, text="Mehr Licht.")
    town.session.commit()
    assert isinstance(round_, CommentRound)
    path = "/beteiligung/text/kommentare"
    _first, taken = reads(town, town.visitor(), path)
    answer, again = reads(town, town.visitor(), path)
    assert 0 < again <= taken
    assert 'name="stimme-submission"' in answer.text
    assert "ETag" not in answer.headers


def test_a_refused_address_is_not_kept(town):
    for _ in range(2):
        answer, taken = reads(town, town.visitor(), "/beteiligung/nichts/ideen")
        assert (answer.status_code, taken > 0) == (404, True)


def test_a_card_for_other_sites_is_kept_with_its_own_headers(town):
    town.municipality.embed_origins = "https://stadt.example"
    town.session.commit()
    first, second = (town.visitor().get("/einbetten/orte").headers for _ in range(2))
    assert "X-Frame-Options" not in first
    assert dict(first) == dict(second)


def test_the_room_for_pages_is_bounded(town, monkeypatch):
    monkeypatch.setattr(kept_pages, "_ROOM", 60_000)
    for number in range(20):
        town.visitor().get(f"{IDEAS}?suche={number}")
    pages = town.app.extensions["kept_pages"]
    assert 0 < pages.size <= 60_000
