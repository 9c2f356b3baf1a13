"""A hearing's second draft: somebody words it better, and is named beside the adopted text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from participation.accounts.models import Role
from participation.comments.hearings import begin_hearing, follow_on
from participation.comments.models import Comment
from participation.comments.passages import PassageDraft, passages_of
from participation.engagements.operations import publish_engagement
from participation.revisions.operations import put_out_for_consultation
from participation.strategy.queries import contents_of, get_element
from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site
from tests.workshop_pages import field

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

CHANGE = "/werkstatt/aenderungen/M-01"
DRAFTED = "Das Bürgerbüro öffnet an fünf Tagen ohne Termin."
BETTER = "Das Bürgerbüro öffnet an fünf Tagen ohne Termin, auch am Samstag."


@dataclass
class Heard:
    """A town with a hearing in two phases, the second on a draft of its strategy."""

    base: str
    site: Site
    answer: Any
    revision: Any

    def take_over(self) -> None:
        """Let moderation publish the comment, and the workshop take its wording over."""
        make: Any = self.site.make
        comment = self.site.session.scalars(sa.select(Comment)).one()
        make.decision(comment, actor=make.account())
        lead = self.site.staff(Role.STRATEGIST)
        page = lead.get(CHANGE).text
        values = {
            "edited_from": field(page, "edited_from"),
            "title": "Bürgerservice ohne Termin",
            "goals": ["Z-01"],
            "field": "HF-1",
            "starts": "2026-2",
            "ends": "2027-4",
            "reasons": ["E-1"],
        }
        shown = lead.post(CHANGE, data=values | {"text": DRAFTED, "take": comment.id.hex}).text
        (text,) = re.findall(r'<textarea[^>]*name="text"[^>]*>\s*(.*?)</textarea>', shown, re.S)
        assert text == BETTER
        taken = values | {"text": text, "wordings": [comment.id.hex]}
        assert lead.post(CHANGE, data=taken).status_code == 303

    def adopt(self) -> None:
        """Let two people sign the answer, and the council adopt the next version."""
        make: Any = self.site.make
        make.signed(self.answer, make.two_people(self.site.municipality))
        make.adopt(self.revision)
        self.site.session.commit()


@pytest.fixture
def heard(app: Flask) -> Iterator[Heard]:
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        make: Any = site.make
        town, session = site.municipality, site.session
        strategy = make.adopted_strategy(town)
        measure = get_element(session, strategy.id, "M-01")
        call = make.idea_call(town, elements=(measure,))
        finding = make.finding(
            strategy, elements=(measure,), contributions=(make.idea(call, elements=(measure,)),)
        )
        answer = make.answer(finding)
        revision = make.revision(strategy)
        make.amended(revision, "M-01", text=DRAFTED)
        first = make.comment_round(
            town, title="Erster Entwurf", passages=[PassageDraft("Öfter öffnen.", "Bürgerbüro")]
        )
        begin_hearing(session, comment_round=first, title="Anhörung", actor=None, at=NOON)
        version = put_out_for_consultation(session, revision=revision, actor=None, at=NOON)
        contents = contents_of(session, version.id)
        second = make.comment_round(
            town,
            title="Zweiter Entwurf",
            version=version,
            passages=passages_of([contents["M-01"]], by_paragraph=False),
            voting=False,
            published=False,
        )
        phase = follow_on(session, before=first, comment_round=second, actor=None, at=NOON)
        phase.note = "Jetzt steht da, wie oft."
        publish_engagement(session, engagement=second, actor=None, at=NOON)
        session.commit()
        yield Heard(base, site, answer, revision)


def test_a_better_wording_is_adopted_and_its_comment_named(hands: Hands, heard: Heard) -> None:
    page = hands.page
    page.goto(heard.base + "/anhoerungen/anhoerung")
    expect(page.get_by_text("Jetzt steht da, wie oft.")).to_be_visible()
    assert axe(page) == []
    hands.follow(page.get_by_role("link", name="Zweiter Entwurf"))
    hands.follow(page.get_by_role("link", name=re.compile("^Zu diesem Abschnitt schreiben")))
    hands.tick(page.get_by_role("radio", name="anderer Wortlaut"))
    hands.fill(page.get_by_label("Ihr Kommentar"), "Unter der Woche arbeite ich.")
    wording = page.get_by_label("So sollte der Abschnitt heißen")
    before = wording.input_value()
    assert DRAFTED in before
    hands.fill(wording, before.replace(DRAFTED, BETTER))
    hands.follow(page.get_by_role("button", name="Kommentar absenden"))
    expect(page.get_by_role("heading", name=re.compile("^Danke"))).to_be_visible()
    code = page.locator(".bt-receipt").first.inner_text()
    heard.take_over()
    heard.adopt()
    page.goto(heard.base + "/beleg")
    hands.fill(page.get_by_label("Beleg").first, code)
    hands.follow(page.get_by_role("button", name="Prüfen").first)
    expect(page.get_by_text("Fassung 2").first).to_be_visible()
    assert axe(page) == []
    page.goto(heard.base + "/anhoerungen/anhoerung")
    adopted = page.get_by_role("region", name="Diese Wortlaute stehen jetzt in der Strategie")
    expect(adopted.get_by_text("in Fassung 2")).to_be_visible()
    hands.follow(adopted.get_by_role("link", name="M-01"))
    expect(page.get_by_text(BETTER).first).to_be_visible()
    expect(page.get_by_text("Wortlaut nach")).to_be_visible()
    hands.follow(page.get_by_role("link", name=re.compile("^(Kommentar|K-?) ?1$")).first)
    expect(page.get_by_text("Der vorgeschlagene Wortlaut ist übernommen")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
