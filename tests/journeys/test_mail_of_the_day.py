"""From an idea's form to the mail of the day through a mail server, and out of it by one click."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from playwright.sync_api import expect

from participation.accounts.models import Role
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from participation.ideas.models import IdeaCall
from participation.notifications.transport import MailServer
from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.servers.axe import axe
from tests.servers.site import served
from tests.servers.smtp import Mailbox
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

ANNA = "anna@example.org"


@dataclass
class Town:
    """A town that sends its mails through a server, with a call in which two ideas stand."""

    base: str
    site: Site
    mailbox: Mailbox
    call: IdeaCall

    @property
    def ideas(self) -> str:
        """The address of the list of ideas."""
        return f"{self.base}/beteiligung/{self.call.slug}/ideen"

    def work(self, *, days: int = 0) -> None:
        """Let the worker do what is due by then."""
        self.site.session.commit()
        with clock.standing_at(NOON + timedelta(days=days)):
            self.site.work()

    def here(self, address: str) -> str:
        """Return where a link of a mail leads, as this town is served."""
        parts = urllib.parse.urlsplit(address.strip("<>"))
        return f"{self.base}{parts.path}"

    def mails(self) -> list[EmailMessage]:
        """Return what Anna got."""
        return self.mailbox.to(ANNA)

    def put_together(self, *numbers: int, days: int = 0) -> None:
        """Let staff put ideas into one group, by its form."""
        with clock.standing_at(NOON + timedelta(days=days)):
            staff = self.site.staff(Role.MODERATOR, Role.STRATEGIST)
            address = "/verwaltung/beteiligungen/orte/gleiche-ideen"
            sent = staff.post(address, data={"idea": [*numbers]}, follow_redirects=True)
        assert "kern-alert--success" in sent.text


@pytest.fixture
def town(app: Flask, mailbox: Mailbox) -> Iterator[Town]:
    app.extensions["mail_transport"] = MailServer(mailbox.url)
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        call = site.make.idea_call(
            site.municipality, title="Orte", moderation_mode=ModerationMode.AFTER
        )
        for title in ("Netz am Bahnhof", "WLAN für alle, die warten"):
            site.make.idea(call, title=title)
        site.session.commit()
        yield Town(base, site, mailbox, call)


def test_the_mail_of_the_day_tells_of_a_group_and_is_left_with_one_click(
    hands: Hands, town: Town
) -> None:
    page = hands.page
    page.goto(town.ideas + "/neu")
    hands.fill(page.get_by_label("Titel Ihrer Idee"), "Bänke am Teich")
    hands.fill(page.get_by_label("Was schlagen Sie vor?"), "Am Ufer fehlen drei Bänke.")
    hands.fill(page.get_by_label("E-Mail-Adresse"), ANNA)
    hands.follow(page.get_by_role("button", name="Idee absenden"))
    expect(page.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    town.work()
    (asked,) = town.mails()
    (link,) = re.findall(r"http\S+/bestaetigen", asked.get_content())
    page.goto(town.here(link))
    assert axe(page) == []
    hands.follow(page.get_by_role("button", name=re.compile("bestätigen|Ja", re.I)).first)
    town.mailbox.clear()
    town.put_together(3, 1)
    town.work()
    assert town.mails() == []
    town.work(days=1)
    (mail,) = town.mails()
    assert "steht jetzt mit gleichen Ideen zusammen" in mail["Subject"] + mail.get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = town.here(mail["List-Unsubscribe"])
    page.goto(way_out)
    expect(page.get_by_role("heading", name="Keine E-Mails mehr?")).to_be_visible()
    assert axe(page) == []
    # What a mail program sends by itself: no cookie, no page before it.
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(urllib.request.Request(way_out, data=body)) as answer:
        assert "Sie sind abgemeldet" in answer.read().decode()
    town.mailbox.clear()
    town.site.make.idea(town.call, title="Noch eine")
    town.put_together(3, 4, days=1)
    town.work(days=2)
    assert town.mails() == []
    page.goto(way_out)
    expect(page.get_by_text("Sie sind abgemeldet").first).to_be_visible()
