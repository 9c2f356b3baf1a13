"""`participation bounces`: no more mail to addresses that take none."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.config import load_settings
from participation.engagements.models import Subscription
from participation.engagements.operations import end_unreachable, subscribe
from participation.foundation import clock
from participation.jobs.models import Job
from participation.notifications.bounces import BOUNCE_JOB, name_of, note_bounce
from participation.notifications.operations import post
from tests.bounces import report
from tests.conftest import NOON


@pytest.fixture
def mail(session, make, town):
    """A mail to somebody, sent a while ago."""
    message = post(
        session,
        municipality_id=town.id,
        key="news",
        address="mara@example.org",
        template="engagements/extended",
        payload={},
        at=NOON,
    )
    assert message is not None
    message.sent_at = NOON
    session.commit()
    return message


@pytest.fixture
def key(command):
    """The key of the installation that the commands run in."""
    return load_settings(os.environ).hashing_key


def noted(session):
    session.expire_all()
    return session.scalars(sa.select(Job).where(Job.kind == BOUNCE_JOB)).all()


def test_a_report_of_an_address_that_does_not_exist_is_noted_once(
    command, key, session, mail, tmp_path
):
    file = tmp_path / "report.eml"
    file.write_bytes(report(name_of(mail, key), "mara@example.org"))
    first, second = command("bounces", file), command("bounces", file)
    assert first.out.strip() == "1 of 1 reports end the mail to an address."
    assert second.out.strip() == "0 of 1 reports end the mail to an address."
    assert len(noted(session)) == 1


def test_a_report_about_another_address_ends_nothing(command, key, session, mail, tmp_path):
    """Whoever forwards a mail of ours cannot end somebody else's."""
    file = tmp_path / "report.eml"
    file.write_bytes(report(name_of(mail, key), "other@example.org"))
    assert command("bounces", file).out.startswith("0 of 1")
    assert noted(session) == []


def test_what_is_no_report_is_passed_over_and_the_others_are_read(
    command, key, session, mail, tmp_path
):
    holiday, file = tmp_path / "holiday.eml", tmp_path / "report.eml"
    holiday.write_bytes(b"Subject: Urlaub\n\nIch bin weg.")
    file.write_bytes(report(name_of(mail, key), "mara@example.org"))
    ran = command("bounces", holiday, file)
    assert ran.code == 0
    assert ran.out.startswith("1 of 2")
    assert "holiday.eml: this mail is no report" in ran.err


def test_an_address_that_takes_no_mail_is_forgotten_in_all_engagements(make, session, town):

    calls = [make.idea_call(town), make.idea_call(make.municipality("neudorf", "Neudorf"))]
    for call in calls:
        subscribe(session, engagement=call, address="Mara@example.org", at=NOON)
        subscribe(session, engagement=call, address="omar@example.org", at=NOON)
    assert end_unreachable(session, address="mara@Example.org", at=NOON) == 2
    left = session.scalars(sa.select(Subscription.address).where(Subscription.address != "")).all()
    assert left == ["omar@example.org"] * 2
    # A mail that was forgotten ends nobody's.
    assert end_unreachable(session, address="", at=NOON) == 0


def test_news_that_waits_for_an_address_that_takes_no_mail_is_not_sent(site):
    def waiting(name, address, **payload):
        return post(
            site.session,
            municipality_id=site.municipality.id,
            key=name,
            address=address,
            template="accounts/reset",
            payload={"name": "Mara", "token": "x", "hours": 1} | payload,
            at=NOON,
            not_before=NOON + timedelta(hours=1),
        )

    bounced = waiting("bounced", "mara@example.org")
    news = waiting("news", "Mara@example.org", mailbox_token="x")
    link = waiting("link", "mara@example.org")
    other = waiting("other", "omar@example.org", mailbox_token="x")
    site.session.commit()
    note_bounce(site.session, message=bounced, at=NOON)
    site.session.commit()
    site.work()
    site.session.expire_all()
    assert (news.refused_at, news.address) == (NOON, "")
    assert (link.refused_at, other.refused_at) == (None, None)
    site.session.rollback()
    with clock.standing_at(NOON + timedelta(hours=1)):
        site.work()
    assert {mail["To"] for mail in site.mails()} == {"mara@example.org", "omar@example.org"}
    assert len(site.mails()) == 2
