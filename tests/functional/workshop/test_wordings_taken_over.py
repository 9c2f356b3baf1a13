"""A wording that somebody proposed is taken over, adopted, and credited to the comment."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Stance
from participation.comments.passages import passages_of
from participation.contributions.models import ContributionStatus
from participation.revisions.models import Change, OfficialAnswer
from participation.revisions.operations import put_out_for_consultation
from participation.revisions.queries import open_revision_of
from participation.strategy.queries import adopted_version, contents_of
from tests.conftest import NOON
from tests.presence import there
from tests.workshop_pages import field

PAGE = "/werkstatt/aenderungen/M-01"
PROPOSED = "Das Bürgerbüro öffnet an fünf Tagen ohne Termin, auch am Samstag."


@pytest.fixture
def draft(site, loop, town):
    """A round on the draft of M-01 in which somebody has worded it anew."""
    revision = there(open_revision_of(site.session, loop.id))
    version = put_out_for_consultation(site.session, revision=revision, actor=None, at=site.make.at)
    contents = contents_of(site.session, version.id)
    passages = passages_of([contents["M-01"]], by_paragraph=False)
    opened = site.make.comment_round(
        town, title="Entwurf lesen", version=version, passages=passages, voting=False
    )
    site.session.commit()
    return opened


def said(site, draft, rewording=PROPOSED, **more):
    first = draft.passages[0]
    text = first.text.replace("Das Bürgerbüro öffnet an fünf Tagen ohne Termin.", rewording)
    assert text != first.text
    comment = site.make.comment(draft, first, stance=Stance.REWORDING, rewording=text, **more)
    site.session.commit()
    return comment


def filled(page, **more):
    return {
        "edited_from": field(page, "edited_from"),
        "title": "Bürgerservice ohne Termin",
        "text": "Das Bürgerbüro öffnet an fünf Tagen ohne Termin.",
        "goals": ["Z-01"],
        "field": "HF-1",
        "starts": "2026-2",
        "ends": "2027-4",
        "reasons": ["E-1"],
    } | more


def adopt(site, loop):
    """Sign the answer twice, publish it, and adopt the revision."""
    answer = site.session.scalars(sa.select(OfficialAnswer)).one()
    town = site.municipality
    people = [
        site.make.member(role, municipality=town) for role in (Role.STRATEGIST, Role.ADMINISTRATOR)
    ]
    site.make.signed(answer, people)
    site.make.adopt(there(open_revision_of(site.session, loop.id)))
    site.session.commit()


def test_a_wording_is_taken_over_and_its_comment_named_beside_the_adopted_text(site, draft, loop):
    comment = said(site, draft)
    lead = site.staff(Role.STRATEGIST)
    page = lead.get(PAGE).text
    assert f'value="{comment.id.hex}" formnovalidate' in page
    shown = lead.post(PAGE, data=filled(page, take=comment.id.hex)).text
    assert f">{PROPOSED}</textarea>" in shown.replace("\r\n", "\n").replace(">\n", ">")
    assert f'value="{comment.id.hex}" checked' in shown
    site.session.expire_all()
    assert there(site.session.scalar(sa.select(Change))).wordings == []

    saved = lead.post(PAGE, data=filled(page, text=PROPOSED, wordings=[comment.id.hex]))
    assert saved.status_code == 303
    assert f'value="{comment.id.hex}" checked' in lead.get(PAGE).text
    address = f"/beteiligung/{draft.slug}/kommentare/{comment.number}"
    assert "übernommen" not in site.visitor().get(address).text
    adopt(site, loop)
    number = there(adopted_version(site.session, loop.id)).number
    credit = re.compile(rf'Wortlaut nach\s+<a class="bt-code bt-code--box" href="{address}">')
    for path in ("/strategie/M-01", f"/strategie/fassungen/{number}?vergleich=1"):
        assert credit.search(site.visitor().get(path).text), path
    assert "Der vorgeschlagene Wortlaut ist übernommen" in site.visitor().get(address).text


@pytest.mark.parametrize("status", [ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN])
def test_a_comment_that_is_gone_is_credited_no_more(site, draft, loop, status):
    comment = said(site, draft)
    lead = site.staff(Role.STRATEGIST)
    page = lead.get(PAGE).text
    lead.post(PAGE, data=filled(page, text=PROPOSED, wordings=[comment.id.hex]))
    adopt(site, loop)
    comment.move_to(status, at=NOON) if status is ContributionStatus.HIDDEN else comment.withdraw()
    site.session.commit()
    assert "Wortlaut nach" not in site.visitor().get("/strategie/M-01").text


def test_what_reads_otherwise_by_now_is_taken_over_by_hand(site, draft):
    comment = said(site, draft)
    lead = site.staff(Role.STRATEGIST)
    page = lead.get(PAGE).text
    shown = lead.post(PAGE, data=filled(page, text="Ganz anders.", take=comment.id.hex)).text
    assert "bitte von Hand" in shown
    assert "Ganz anders.</textarea>" in shown


@pytest.mark.parametrize(
    "status",
    [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED],
)
def test_what_is_not_public_is_not_offered(site, draft, status):
    comment = said(site, draft, status=status)
    lead = site.staff(Role.STRATEGIST)
    page = lead.get(PAGE).text
    assert "Vorgeschlagene Wortlaute" not in page
    saved = lead.post(PAGE, data=filled(page, text=PROPOSED, wordings=[comment.id.hex]))
    site.session.expire_all()
    assert saved.status_code == 422
    assert there(site.session.scalar(sa.select(Change))).wordings == []
