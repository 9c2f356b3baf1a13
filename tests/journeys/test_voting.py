"""Voting through a whole comment round on a phone, with and without scripts and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

COMMENTS = 20
IMPORTANT = {4, 11}


@pytest.fixture
def voting(app: Flask) -> Iterator[str]:
    """The address at which one votes on the twenty comments of a round."""
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        opened = site.make.comment_round(site.municipality, title="Leitlinie für Sensoren")
        for number in range(COMMENTS):
            site.make.comment(opened, opened.passages[0], text=f"Das ist Satz {number + 1}.")
        site.session.commit()
        yield f"{base}/beteiligung/{opened.slug}/kommentare/abstimmen"


def test_twenty_comments_are_voted_on_one_at_a_time(voting: str, hands: Hands) -> None:
    page = hands.page
    page.goto(voting)
    seen = set()
    for number in range(COMMENTS):
        expect(page.get_by_text(f"Aussage {number + 1} von {COMMENTS}")).to_be_visible()
        seen.add(page.locator("blockquote").first.inner_text())
        if number in IMPORTANT:
            hands.tick(page.get_by_role("checkbox", name="Das ist mir wichtig"))
        # Agree, disagree, pass, and again.
        hands.follow(page.locator(".bt-vote button").nth(number % 3))
    assert len(seen) == COMMENTS
    expect(
        page.get_by_text(f"Sie haben zu allen {COMMENTS} Kommentaren etwas gesagt")
    ).to_be_visible()
    own = page.get_by_role("region", name="Ihre Stimmen")
    expect(own.get_by_role("listitem")).to_have_count(COMMENTS)
    expect(own.get_by_text("ist mir wichtig")).to_have_count(len(IMPORTANT))
    totals = own.locator(".bt-meta b").all_inner_texts()
    assert totals == ["7", "7", "6"]
    assert axe(page) == []
