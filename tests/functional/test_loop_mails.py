"""The mails of the loop, as the worker writes and sends them."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from participation.contributions.operations import follow
from participation.engagements.models import Pace, Subscription
from participation.engagements.operations import subscribe
from participation.foundation import clock
from participation.notifications.models import OutboxMessage
from participation.notifications.transport import MailServer
from participation.revisions import announcing
from participation.revisions.models import Announcement


def mails(site):
    folder = site.app.extensions["settings"].mail_folder
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted(folder.glob("*.eml"))
    ]


@pytest.fixture
def followed(site):
    loop = site.make.loop(site.municipality, adopted=False, with_adoption=True)
    own = follow(
        site.session, contribution=loop.idea, address="autorin@example.org", at=site.make.at
    )
    other = subscribe(
        site.session, engagement=loop.call, address="alle@example.org", at=site.make.at
    )
    own.confirmed_at = other.confirmed_at = site.make.at
    own.pace = other.pace = Pace.AT_ONCE
    site.session.commit()
    return loop


def test_an_adoption_is_told_once_to_each_with_the_way_out(site, followed):
    site.make.adopt(followed.revision)
    site.session.commit()
    site.work()
    site.work()
    told = [mail for mail in mails(site) if "Fassung 2" in mail["Subject"]]
    assert sorted(mail["To"] for mail in told) == ["alle@example.org", "autorin@example.org"]
    for mail in told:
        text = mail.get_content()
        assert "Antwort von Lindenow: teilweise übernommen" in text
        assert "E-1: Wer keinen Termin online buchen kann" in text
        assert "http://localhost/was-daraus-wurde/E-1" in text
        assert mail["List-Unsubscribe"]
        assert followed.code not in text
    site.session.expire_all()
    assert site.session.scalars(sa.select(Announcement)).one().fanned_out_at is not None


def test_a_mail_is_from_the_municipality_at_the_configured_address(site, followed):
    site.make.municipality(slug="nachbarstadt", name="Nachbarstadt")
    site.municipality.name = 'Bad Lößnitz "Süd"\r\nBcc: mara@example.org'
    site.make.adopt(followed.revision)
    site.session.commit()
    site.work()
    told = mails(site)
    assert told
    for mail in told:
        (sender,) = mail["From"].addresses
        assert sender.display_name == 'Bad Lößnitz "Süd" Bcc: mara@example.org'
        assert sender.addr_spec == "beteiligung@localhost"
        assert mail["Bcc"] is None


def test_an_answer_of_its_own_is_told_when_it_is_published(site):
    loop = site.make.loop(site.municipality, adopted=False)
    own = follow(
        site.session, contribution=loop.idea, address="autorin@example.org", at=site.make.at
    )
    own.confirmed_at, own.pace = site.make.at, Pace.AT_ONCE
    site.session.commit()
    site.work()
    [mail] = [mail for mail in mails(site) if "geantwortet" in mail["Subject"]]
    assert "Ihr Beitrag ist in eine Erkenntnis eingegangen." in mail.get_content()


def test_the_second_person_gets_a_link_to_the_answer(site, followed):
    site.work()
    [mail] = [mail for mail in mails(site) if "unterschreiben" in mail["Subject"]]
    assert mail["To"] == followed.second.email
    assert f"http://localhost/werkstatt/antworten/{followed.answer.id}" in mail.get_content()


def test_a_worker_that_dies_in_the_middle_tells_nobody_twice(site, followed, monkeypatch):
    site.make.adopt(followed.revision)
    site.session.commit()
    whole = announcing.close

    def die(*_args, **_kwargs):
        raise RuntimeError("the power goes out")

    monkeypatch.setattr(announcing, "close", die)
    site.work()
    monkeypatch.setattr(announcing, "close", whole)
    site.session.execute(sa.text("UPDATE job SET due_at = '2026-01-01'"))
    site.session.commit()
    site.work()
    site.session.expire_all()
    written = site.session.scalars(
        sa.select(OutboxMessage.address).where(OutboxMessage.template == "revisions/version")
    ).all()
    assert sorted(written) == ["alle@example.org", "autorin@example.org"]


def test_an_address_that_takes_no_mail_is_written_to_once_and_then_forgotten(
    site, followed, mailbox
):
    """Full mailboxes and greylisting pass: only those that there are not end anything."""
    site.app.extensions["mail_transport"] = MailServer(mailbox.url)
    mailbox.answers = {
        "autorin@example.org": "550 5.1.1 User unknown",
        "alle@example.org": "450 4.2.0 Greylisted",
    }
    site.make.adopt(followed.revision)
    site.session.commit()
    site.work()
    site.session.expire_all()
    subscriptions = site.session.scalars(sa.select(Subscription)).all()
    assert {one.address for one in subscriptions} == {"", "alle@example.org"}
    refused = site.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.refused_at.is_not(None))
    ).all()
    assert refused
    assert all((one.address, one.payload, one.sent_at) == ("", {}, None) for one in refused)
    site.session.commit()
    del mailbox.answers["alle@example.org"]
    with clock.standing_at(site.make.at + timedelta(hours=1)):
        site.work()
    assert len(mailbox.to("alle@example.org")) == 1
    assert mailbox.to("autorin@example.org") == []
