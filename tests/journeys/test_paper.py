"""Twenty slips of paper are entered with the keys that stand beside their boxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from participation.accounts.models import Role
from participation.contributions.models import Channel
from participation.surveys.answers import Answer, SurveyResponse
from participation.surveys.models import Choice, Question
from tests.journeys.conftest import Served
from tests.journeys.test_answering import looks_right
from tests.pdf_text import pages_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

SLIPS = 20


def test_twenty_slips_are_entered_by_keys_alone(lindenow: Served, open_page: Callable[..., Page]):
    with lindenow.arranging() as (make, municipality):
        survey = make.survey(municipality, title="Papier")
        make.session.flush()
        survey_id = survey.id
    page = open_page(accept_downloads=True)
    lindenow.sign_in(page, Role.STRATEGIST, name="Mara Krüger")
    page.goto(lindenow.address + "/verwaltung/beteiligungen")
    page.get_by_role("link", name=re.compile("Papierbögen.*Papier")).click()
    looks_right(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Fragebogen zum Drucken").click()
    printed = "\n".join(pages_of(Path(download.value.path()).read_bytes()))
    assert "vor Ort ohne Termin" in printed
    page.reload()

    for number in range(SLIPS):
        enter(page, number)
        expect(page.locator("[data-slips-entered]")).to_have_text(
            f"{number + 1} Zettel gespeichert"
        )
    looks_right(page)
    the_same_again(page)

    with lindenow.arranging() as (make, _):
        responses = sa.select(SurveyResponse.channel).where(SurveyResponse.survey_id == survey_id)
        channels = make.session.scalars(responses).all()
        assert channels == [Channel.PAPER] * (SLIPS + 1)
        counts = make.session.execute(
            sa.select(Choice.code, sa.func.count())
            .join(Answer, Answer.choice_id == Choice.id)
            .join(Question, Question.id == Choice.question_id)
            .join(SurveyResponse, SurveyResponse.id == Answer.response_id)
            .where(Question.code == "F1", SurveyResponse.survey_id == survey_id)
            .group_by(Choice.code)
            .order_by(Choice.code)
        ).all()
        assert [tuple(row) for row in counts] == [("1", 5), ("2", 5), ("3", 5), ("4", 6)]


def enter(page: Page, number: int) -> None:
    """Type one slip from the first field to the button, without touching anything else."""
    keyboard = page.keyboard
    expect(page.locator("#frage_F1")).to_be_focused()
    keyboard.type(str(number % 4 + 1))
    keyboard.press("Enter")
    keyboard.type("1 3")
    keyboard.press("Enter")
    keyboard.type(str(number % 5 + 1))
    keyboard.press("Enter")
    if number % 7 == 0:
        keyboard.type(f"Zettel {number}")
    keyboard.press("Enter")
    # The focus is on the button now.
    keyboard.press("Enter")


def the_same_again(page: Page) -> None:
    enter(page, SLIPS - 1)
    expect(page.get_by_role("heading", name="Derselbe Zettel noch einmal?")).to_be_visible()
    looks_right(page)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Speichern, nächster Zettel").click()
    expect(page.locator("[data-slips-entered]")).to_have_text(f"{SLIPS + 1} Zettel gespeichert")
