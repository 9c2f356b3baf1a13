"""A draft of an engagement: shown to staff as citizens would see it, and deleted again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.engagements.models import Engagement
from participation.journal.models import JournalEntry
from participation.strategy.queries import get_element
from tests.statements import queries_of


@pytest.fixture
def element(site):
    strategy = site.make.adopted_strategy(site.municipality)
    return get_element(site.session, strategy.id, "M-01")


@pytest.fixture
def drafts(site, element):
    """A draft of each kind."""
    make, town = site.make, site.municipality
    later = {
        "published": False,
        "elements": (element,),
        "opens_at": make.at + timedelta(days=3),
        "closes_at": make.at + timedelta(days=20),
    }
    call = make.idea_call(town, title="Geheime Ideen", question="Was fehlt Ihnen?", **later)
    survey = make.survey(town, title="Geheime Umfrage", **later)
    comment_round = make.comment_round(town, title="Geheimer Entwurf", **later)
    site.session.commit()
    return {"ideas": call, "survey": survey, "round": comment_round}


def preview_of(engagement: Engagement) -> str:
    return f"/verwaltung/beteiligungen/{engagement.slug}/vorschau"


@pytest.mark.parametrize("kind", ["ideas", "survey", "round"])
@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR])
def test_staff_sees_a_draft_as_citizens_would(kind, role, site, drafts):
    staff, draft = site.staff(role), drafts[kind]
    assert preview_of(draft) in staff.get("/verwaltung/beteiligungen").text
    page = staff.get(preview_of(draft))
    assert page.status_code == 200
    assert "Vorschau: So sehen" in page.text
    assert draft.title in page.text
    assert f"{preview_of(draft)}/mitmachen" in page.text
    form = staff.get(f"{preview_of(draft)}/mitmachen", follow_redirects=True)
    assert form.status_code == 200
    assert "Vorschau" in form.text


@pytest.mark.parametrize("kind", ["ideas", "survey", "round"])
def test_a_preview_leads_to_no_page_that_is_not_there(kind, site, drafts):
    staff, draft = site.staff(Role.STRATEGIST), drafts[kind]
    for path in (preview_of(draft), f"{preview_of(draft)}/mitmachen"):
        page = staff.get(path).text
        for address in set(re.findall(r'(?:href|action)="(/[^"#?]*)', page)):
            assert f"/beteiligung/{draft.slug}" not in address, address


@pytest.mark.parametrize("kind", ["ideas", "survey", "round"])
def test_nothing_is_sent_from_a_preview(kind, site, drafts):
    staff, draft = site.staff(Role.STRATEGIST), drafts[kind]
    for path in (preview_of(draft), f"{preview_of(draft)}/mitmachen"):
        answer = staff.post(path, data={"title": "x", "text": "y"}, follow_redirects=True)
        assert "wird nichts gesendet und nichts gespeichert" in answer.text


@pytest.mark.parametrize("kind", ["ideas", "survey", "round"])
def test_a_preview_is_never_public(kind, site, drafts, client):
    draft = drafts[kind]
    for path in (preview_of(draft), f"{preview_of(draft)}/mitmachen"):
        assert client.get(path).status_code == 303
        assert site.signed_in(site.make.account()).get(path).status_code == 403
        assert site.staff(Role.MODERATOR).get(path).status_code == 403
        stored = site.staff(Role.STRATEGIST).get(path).headers["Cache-Control"]
        assert "no-store" in stored
    assert client.get(f"/beteiligung/{draft.slug}").status_code == 404


def test_what_is_published_has_no_preview_any_more(site, element):
    call = site.make.idea_call(site.municipality)
    site.session.commit()
    answer = site.staff(Role.STRATEGIST).get(preview_of(call))
    assert answer.headers["Location"].endswith(f"/beteiligung/{call.slug}")


def test_a_preview_takes_few_queries(site, drafts):
    staff = site.staff(Role.STRATEGIST)
    for draft in drafts.values():
        assert queries_of(site, staff, preview_of(draft)) <= 20
        # The form of a survey has a preview of its own, beside its questions.
        form = "fragen/vorschau" if draft is drafts["survey"] else "vorschau/mitmachen"
        path = f"/verwaltung/beteiligungen/{draft.slug}/{form}"
        assert queries_of(site, staff, path) <= 20


@pytest.mark.parametrize("kind", ["ideas", "survey", "round"])
def test_a_draft_is_deleted_once_that_is_confirmed(kind, site, drafts):
    staff, draft = site.staff(Role.STRATEGIST), drafts[kind]
    path = f"/verwaltung/beteiligungen/{draft.slug}/loeschen"
    assert "löschen?" in staff.get(path).text
    assert site.session.get(Engagement, draft.id) is not None
    answer = staff.post(path, follow_redirects=True)
    assert "ist gelöscht" in answer.text
    site.session.expunge_all()
    assert site.session.get(Engagement, draft.id) is None
    actions = set(site.session.scalars(sa.select(JournalEntry.action)))
    assert "engagement.discarded" in actions


def test_what_is_published_is_not_deleted(site, element):
    call = site.make.idea_call(site.municipality)
    site.session.commit()
    path = f"/verwaltung/beteiligungen/{call.slug}/loeschen"
    for answer in (site.staff(Role.STRATEGIST).get(path), site.staff(Role.STRATEGIST).post(path)):
        assert answer.status_code == 303
    site.session.expire_all()
    assert site.session.get(Engagement, call.id) is not None


def test_a_draft_that_holds_contributions_is_not_deleted(site, element):
    call = site.make.idea_call(site.municipality)
    site.make.idea(call)
    call.published_at = None
    site.session.commit()
    path = f"/verwaltung/beteiligungen/{call.slug}/loeschen"
    answer = site.staff(Role.STRATEGIST).post(path, follow_redirects=True)
    assert "lässt sich der Entwurf nicht löschen" in answer.text
    site.session.expunge_all()
    assert site.session.get(Engagement, call.id) is not None
    assert "engagement.discarded" not in set(site.session.scalars(sa.select(JournalEntry.action)))


def test_an_analyst_deletes_nothing(site, drafts):
    path = f"/verwaltung/beteiligungen/{drafts['ideas'].slug}/loeschen"
    assert site.staff(Role.ANALYST).post(path).status_code == 403
