"""A comment that quotes words of its passage and proposes others, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from participation.engagements.models import ModerationMode
from tests.conftest import NOON
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

QUOTE = "wenn ein anderes Verfahren nicht möglich ist"
SELECT = """(words) => {
  const text = document.getElementById("wortlaut-2").querySelector("p").firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.indexOf(words));
  range.setEnd(text, text.data.indexOf(words) + words.length);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


@pytest.fixture
def guideline(app: Flask) -> Iterator[str]:
    """The address of a round in which comments appear at once."""
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        opened = site.make.comment_round(
            site.municipality, voting=False, moderation_mode=ModerationMode.AFTER
        )
        site.session.commit()
        yield f"{base}/beteiligung/{opened.slug}/kommentare"


@pytest.mark.parametrize("name", ["phone", "phone_without_javascript"])
def test_a_comment_quotes_its_passage_and_proposes_other_words(
    guideline: str, name: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(name)
    page.goto(guideline)
    passage = page.get_by_role("region", name="Keine Bilder von Menschen")
    take = page.get_by_role("button", name="Markierte Worte übernehmen")
    if name == "phone":
        page.evaluate(SELECT, QUOTE)
        passage.get_by_role("link", name="Zu den markierten Worten schreiben").click()
        expect(page.get_by_label("Welche Worte meinen Sie?")).to_have_value(QUOTE)
        page.get_by_label("Welche Worte meinen Sie?").fill("")
        page.evaluate(SELECT, QUOTE)
        take.click()
        expect(page.get_by_text("Übernommen.")).to_be_visible()
    else:
        passage.get_by_role("link", name="Zu diesem Abschnitt schreiben").click()
        expect(take).to_be_hidden()
        page.get_by_label("Welche Worte meinen Sie?").fill(QUOTE)
    expect(page.get_by_label("Welche Worte meinen Sie?")).to_have_value(QUOTE)
    page.get_by_label("anderer Wortlaut").check()
    page.get_by_label("Ihr Kommentar").fill("Das ist dehnbar.")
    wording = page.get_by_label("So sollte der Abschnitt heißen")
    wording.fill(wording.input_value().replace(QUOTE, "wenn der Rat zustimmt"))
    assert axe(page) == []
    page.get_by_role("button", name="Kommentar absenden").click()
    expect(page.get_by_role("heading", name="Danke")).to_be_visible()
    page.goto(guideline)
    expect(page.locator(".bt-com blockquote")).to_contain_text(QUOTE)
    expect(passage.locator("mark")).to_have_text(QUOTE)
    expect(page.locator(".bt-com del").first).to_be_visible()
    expect(page.get_by_role("link", name="anderer Wortlaut (1)")).to_have_count(2)
    page.get_by_role("link", name="Kommentar 1", exact=True).click()
    expect(page.locator("mark")).to_have_text(QUOTE)
    assert axe(page) == []
