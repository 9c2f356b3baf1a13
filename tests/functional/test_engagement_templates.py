"""Calls and rounds that are ready in five minutes: from a template, or like an earlier one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import CommentRound
from participation.engagements.models import Audience, EngagementKind, ModerationMode
from participation.engagements.patterns import engagement_templates
from participation.engagements.plans import LONGEST_TITLE
from participation.foundation import clock
from participation.ideas.call_fields import FieldDraft, add_field, fields_of
from participation.ideas.models import FieldKind, IdeaCall
from tests.conftest import NOON
from tests.pages import pressed

MANAGE = "/verwaltung/beteiligungen"


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


@pytest.fixture
def clerk(site, strategy):
    return site.staff(Role.STRATEGIST)


def test_every_template_says_what_the_form_asks_for_and_fits_into_it():
    kinds = {template.kind for template in engagement_templates()}
    assert kinds == set(EngagementKind)
    for template in engagement_templates():
        assert 0 < len(template.name) <= LONGEST_TITLE
        assert 0 < len(template.summary) <= 600
        assert 0 < len(template.scope_open) <= 1500
        assert 0 < len(template.scope_closed) <= 1500
        assert len(template.question) <= 200
        assert len(template.guide) <= 600


def test_a_call_is_drafted_from_a_template_with_three_clicks(site, clerk):
    page = clerk.get(MANAGE).text
    (address,) = re.findall(r'href="(/beteiligung/neu/ideenaufruf\?vorlage=ideen)"', page)
    form = clerk.get(address)
    action, fields = pressed(form.text, "Als Entwurf speichern")
    assert clerk.post(action or address, data=fields).status_code == 303
    call = site.session.scalars(sa.select(IdeaCall)).one()
    assert call.title == "Ihre Ideen für unsere digitale Stadt"
    assert call.question
    assert call.scope_open
    assert call.scope_closed
    assert call.moderation_mode is ModerationMode.BEFORE
    assert call.audience is Audience.OPEN
    opens = call.opens_at.astimezone(clock.LOCAL_ZONE)
    closes = call.closes_at.astimezone(clock.LOCAL_ZONE)
    assert (opens.date(), opens.hour, opens.minute) == (clock.today() + timedelta(days=1), 8, 0)
    assert closes.date() - opens.date() == timedelta(weeks=4)
    codes = [element.code for element in call.elements]
    assert codes
    assert all(code.startswith("HF-") for code in codes)
    assert call.published_at is None
    site.session.commit()
    assert (
        "ist veröffentlicht"
        in clerk.post(f"{MANAGE}/{call.slug}/veroeffentlichen", follow_redirects=True).text
    )


def test_a_hearing_is_drafted_from_a_template_and_a_pasted_text(site, clerk):
    (address,) = re.findall(
        r'href="(/beteiligung/neu/kommentarrunde\?vorlage=anhoerung)"', clerk.get(MANAGE).text
    )
    page = clerk.get(address).text
    (version,) = re.findall(r'<select[^>]*name="version".*?value="(\d+)"', page, re.S)
    action, fields = pressed(
        page,
        "Als Entwurf speichern",
        source="text",
        split="paragraph",
        version=version,
        text="# Ziele\n\nAlle kommen ins Netz.",
        elements="HF-1",
    )
    assert clerk.post(action, data=fields).status_code == 303
    comment_round = site.session.scalars(sa.select(CommentRound)).one()
    assert comment_round.title == "Ihre Meinung zum Entwurf der Digitalstrategie"
    assert comment_round.scope_open


def test_priorities_begin_with_the_questions_of_their_survey(site, clerk):
    (address,) = re.findall(
        r'href="(/beteiligung/neu/umfrage\?vorlage=priorities)"', clerk.get(MANAGE).text
    )
    assert "Was ist Ihnen wichtig?" in clerk.get(address).text


@pytest.mark.parametrize(
    "path",
    [
        "ideenaufruf?vorlage=ideen",
        "kommentarrunde?vorlage=anhoerung",
        "umfrage?vorlage=priorities",
    ],
)
def test_a_template_proposes_to_remind_some_days_before_the_end(site, clerk, path):
    page = clerk.get(f"/beteiligung/neu/{path}").text
    assert re.search(r"<option[^>]*selected[^>]*>\s*Drei Tage vorher", page)


@pytest.mark.parametrize("path", ["ideenaufruf", "kommentarrunde", "umfrage"])
def test_a_template_that_is_not_there_is_not_found(site, clerk, path):
    assert clerk.get(f"/beteiligung/neu/{path}?vorlage=king").status_code == 404


def test_a_template_of_another_kind_is_not_found(site, clerk):
    assert clerk.get("/beteiligung/neu/ideenaufruf?vorlage=anhoerung").status_code == 404


@pytest.mark.parametrize("kind", ["idea_call", "comment_round"])
def test_an_earlier_one_is_taken_as_template_at_new_times(site, clerk, kind):
    earlier = getattr(site.make, kind)(
        site.municipality,
        title="Im letzten Jahr",
        summary="Schreiben Sie uns.",
        scope_open="Die Orte.",
        scope_closed="Das Geld.",
        opens_at=NOON - timedelta(days=400),
        closes_at=NOON - timedelta(days=370),
        remind_days=3,
    )
    site.session.commit()
    (address,) = re.findall(r'href="([^"]*\?wie=im-letzten-jahr)"', clerk.get(MANAGE).text)
    page = clerk.get(address).text
    for words in ("Im letzten Jahr", "Schreiben Sie uns.", "Die Orte.", "Das Geld."):
        assert words in page
    assert (clock.today() + timedelta(days=1)).isoformat() in page
    assert '<option selected value="3">' in page
    assert earlier.slug in address


def test_a_call_like_an_earlier_one_asks_what_that_one_asked(site, clerk):
    earlier = site.make.idea_call(
        site.municipality, title="Im letzten Jahr", guide="Was fehlt?\nWem hilft es?"
    )
    for draft in (
        FieldDraft(FieldKind.CHOICE, "Wann?", choices=("morgens", "abends"), is_public=True),
        FieldDraft(FieldKind.SHORT, "Wen sollten wir fragen?", help="Ein Verein?"),
    ):
        add_field(site.session, call=earlier, draft=draft)
    site.session.commit()
    address = f"/beteiligung/neu/ideenaufruf?wie={earlier.slug}"
    where, sent = pressed(clerk.get(address).text, "Als Entwurf speichern")
    assert sent["guide"][0].split() == ["Was", "fehlt?", "Wem", "hilft", "es?"]
    chosen = {"elements": ["HF-1"], "remind_days": ""}
    assert clerk.post(where or address, data=sent | chosen).status_code == 303
    site.session.expire_all()
    call = site.session.scalars(sa.select(IdeaCall).order_by(IdeaCall.id.desc())).first()
    asked = fields_of(site.session, call.id)
    assert [(one.label, one.kind, one.choices, one.is_public) for one in asked] == [
        ("Wann?", FieldKind.CHOICE, ["morgens", "abends"], True),
        ("Wen sollten wir fragen?", FieldKind.SHORT, [], False),
    ]
    assert asked[1].help == "Ein Verein?"
    assert len(fields_of(site.session, earlier.id)) == 2


def test_one_of_another_town_is_no_template(site, clerk):
    other = site.make.municipality("anderswo", "Anderswo")
    site.make.idea_call(other, title="Fremd")
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    for path in ("ideenaufruf", "kommentarrunde"):
        answer = clerk.get(f"/lindenow/beteiligung/neu/{path}?wie=fremd")
        assert answer.status_code == 404


def test_the_page_of_a_call_leads_to_its_words_in_easy_language(site, clerk):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    page = clerk.get(f"{MANAGE}/{call.slug}/ideenaufruf").text
    assert f'href="{MANAGE}/orte/leichte-sprache"' in page
