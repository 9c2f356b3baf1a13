"""A youth council takes part by its link on a phone, from the link to the group's own numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from participation.engagements.participant_groups import code_of_group
from participation.insights.aggregation import aggregate
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


def test_an_idea_is_written_for_a_group_and_counted_with_it(app: Flask, hands: Hands) -> None:
    page = hands.page
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        strategy = site.make.adopted_strategy(site.municipality)
        measure = get_element(site.session, strategy.id, "M-01")
        call = site.make.idea_call(site.municipality, title="Orte", elements=(measure,))
        council = site.make.participant_group(call)
        site.make.ideas(call, 20, (measure,))
        site.make.ideas(call, 11, (measure,), group=council)
        site.session.commit()
        code = code_of_group(app.config["HASHING_KEY"], council)
        page.goto(f"{base}/beteiligung/{call.slug}/gruppe/{code}")
        expect(page.get_by_text("„Jugendbeirat“")).to_be_visible()
        assert axe(page) == []
        hands.follow(page.get_by_role("button", name="Für die Gruppe teilnehmen"))
        expect(page.get_by_label("Ich nehme als Mitglied dieser Gruppe teil")).to_be_checked()
        assert axe(page) == []
        hands.fill(page.get_by_label("Titel"), "Ein Proberaum am Anger")
        hands.fill(page.locator("textarea[name=text]"), "Dort könnten wir laut sein.")
        hands.follow(page.get_by_role("button", name="Idee absenden"))
        expect(page.get_by_text("Danke")).to_be_visible()
        call.closes_at = NOON - timedelta(hours=1)
        aggregate(site.session, engagement=call, actor=None, at=NOON, final=True)
        site.session.commit()
        page.goto(f"{base}/beteiligung/{call.slug}")
        hands.open(page.locator("summary", has_text="Nach Gruppen").first)
        expect(page.get_by_role("columnheader", name="Jugendbeirat")).to_be_visible()
        assert axe(page) == []
