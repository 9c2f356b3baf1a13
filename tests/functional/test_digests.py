"""The mail of the day: all that happened to what an address follows, once, with the way out."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from participation.contributions.operations import follow, withdraw
from participation.engagements import telling
from participation.engagements.models import Notice, Pace, Subscription
from participation.foundation import clock
from participation.ideas.grouping import dissolve, group_ideas
from participation.maintenance.commands.bounces import bounces
from participation.notifications.bounces import name_of
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import post
from participation.strategy import operations as strategy
from participation.strategy.models import ProgressState
from participation.strategy.queries import get_element
from participation.web.secrets import secret_key
from tests.bounces import report

ANNA = "anna@example.org"
OMAR = "omar@example.org"


def followed(site, idea, address=ANNA, pace=Pace.DAILY):
    found = follow(site.session, contribution=idea, address=address, at=site.make.at)
    found.confirmed_at, found.pace = site.make.at, pace
    site.session.commit()
    return found


def next_day(site, monkeypatch):
    """Go on to the next morning and let the worker do what is due."""
    site.session.commit()
    site.work()
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    site.work()


def digests(site):
    return [mail for mail in site.mails() if "benachrichtigungen" in str(mail["List-Unsubscribe"])]


def path_of(url):
    return urlsplit(url.strip("<>")).path


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    return call


def grouped(site, call, number=2):
    ideas = [site.make.idea(call) for _ in range(number)]
    return ideas, group_ideas(site.session, ideas=ideas, actor=None, at=site.make.at)


def test_what_happened_in_a_day_comes_in_one_mail(site, call, monkeypatch):
    loop = site.make.loop(site.municipality, adopted=False, with_adoption=True)
    other = site.make.idea(loop.call)
    followed(site, loop.idea)
    followed(site, other)
    group_ideas(site.session, ideas=[other, site.make.idea(loop.call)], actor=None, at=clock.now())
    site.make.adopt(loop.revision)
    site.session.commit()
    site.work()
    assert digests(site) == []
    next_day(site, monkeypatch)
    (mail,) = digests(site)
    assert mail["To"] == ANNA
    assert re.fullmatch(r"\d Neuigkeiten aus Ihren Beteiligungen", mail["Subject"])
    text = mail.get_content()
    # The official voice is marked, in a mail as well.
    assert "Antwort von Lindenow: teilweise übernommen" in text
    assert "Fassung 2 der Strategie ist beschlossen" in text
    assert f"Idee {other.number} steht jetzt mit gleichen Ideen zusammen" in text
    assert text.count("Guten Tag") == text.count("Freundliche Grüße") == 1
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    next_day(site, monkeypatch)
    assert len(digests(site)) == 1
    stored = site.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "engagements/digest")
    ).one()
    assert "parts" not in stored.payload
    assert "mailbox_token" not in stored.payload


def test_nothing_new_is_no_mail(site, call, monkeypatch):
    followed(site, site.make.idea(call))
    next_day(site, monkeypatch)
    assert site.mails() == []


def test_author_and_follower_with_one_address_are_told_once(site, call, monkeypatch):
    ideas, _group = grouped(site, call)
    for pace in (Pace.DAILY, Pace.AT_ONCE):
        own = follow(site.session, contribution=ideas[0], address=ANNA, at=site.make.at)
        own.confirmed_at, own.pace = site.make.at, pace
        twin = Subscription(
            engagement_id=call.id, address=ANNA, about_all=True, created_at=site.make.at
        )
        if pace is Pace.DAILY:
            twin.confirmed_at = site.make.at
            site.session.add(twin)
    for subscription in site.session.scalars(sa.select(Subscription)):
        for _ in range(2):
            telling.tell_subscriber(
                site.session,
                subscription=subscription,
                key=site.app.config["HASHING_KEY"],
                news="results:1",
                template="insights/results",
                payload={"title": "Orte", "slug": "orte"},
                at=clock.now(),
            )
    site.session.commit()
    next_day(site, monkeypatch)
    told = [mail for mail in site.mails() if "Die Ergebnisse sind da" in mail.get_content()]
    told += [mail for mail in site.mails() if "Die Ergebnisse sind da" in mail["Subject"]]
    assert len({mail["Message-ID"] for mail in told}) == 1


def test_who_wants_it_at_once_gets_it_at_once(site, call):
    ideas, _group = grouped(site, call)
    followed(site, ideas[0], pace=Pace.AT_ONCE)
    group_ideas(site.session, ideas=[ideas[0], site.make.idea(call)], actor=None, at=clock.now())
    site.session.commit()
    site.work()
    (mail,) = site.mails()
    assert mail["Subject"] == "Idee 1 steht jetzt mit gleichen Ideen zusammen"
    assert "dasselbe wie die Ideen 2, 3." in mail.get_content()
    assert path_of(mail["List-Unsubscribe"]).startswith("/beteiligung/benachrichtigung/")
    assert "/beteiligung/benachrichtigungen/" in mail.get_content()


def test_authors_are_told_when_their_idea_stands_by_itself_again(site, call, monkeypatch):
    one, two = site.make.idea(call), site.make.idea(call)
    followed(site, one)
    group = group_ideas(site.session, ideas=[one, two], actor=None, at=clock.now())
    site.session.commit()
    site.work()
    dissolve(site.session, group=group, actor=None, at=clock.now() + timedelta(seconds=1))
    site.session.commit()
    next_day(site, monkeypatch)
    (mail,) = digests(site)
    text = mail.get_content()
    assert text.index("gleichen Ideen zusammen") < text.index("steht wieder für sich")


def test_the_steps_between_are_told_a_finding_and_the_measure(site, monkeypatch):
    loop = site.make.loop(site.municipality)
    followed(site, loop.idea)
    site.make.finding(
        loop.strategy, "Wege fehlen.", elements=(loop.measure,), contributions=(loop.idea,)
    )
    measure = get_element(site.session, loop.strategy.id, loop.measure.code)
    strategy.report_progress(
        site.session,
        element=measure,
        state=ProgressState.RUNNING,
        percent=40,
        on=clock.today(),
    )
    site.session.commit()
    next_day(site, monkeypatch)
    text = "\n".join(mail["Subject"] + mail.get_content() for mail in digests(site))
    assert "Ihr Beitrag ist in Erkenntnis E-2 eingegangen" in text
    assert f"{measure.code} wird umgesetzt" in text
    assert "40 % umgesetzt" in text


@pytest.mark.parametrize("way", ["one click", "page"])
def test_the_mail_of_the_day_is_left_with_one_click(site, call, monkeypatch, way):
    ideas, _group = grouped(site, call)
    followed(site, ideas[0])
    followed(site, ideas[1])
    followed(site, ideas[1], address="ben@example.org")
    next_day(site, monkeypatch)
    group_ideas(site.session, ideas=[*ideas, site.make.idea(call)], actor=None, at=clock.now())
    site.session.commit()
    next_day(site, monkeypatch)
    mail = next(mail for mail in digests(site) if mail["To"] == ANNA)
    address = path_of(mail["List-Unsubscribe"])
    visitor = site.visitor()
    assert "Keine E-Mails mehr?" in visitor.get(address).text
    if way == "one click":
        # As a mail program does it: no cookie, no origin.
        answer = visitor.post(address, data={"List-Unsubscribe": "One-Click"})
    else:
        answer = visitor.post(address)
    assert "Sie sind abgemeldet" in answer.text
    assert visitor.post(address).status_code == 200
    site.session.expire_all()
    assert set(site.session.scalars(sa.select(Subscription.address))) == {"", "ben@example.org"}


def test_one_thing_is_left_and_the_other_is_heard_of(site, call, monkeypatch):
    one, two = site.make.idea(call), site.make.idea(call)
    followed(site, one)
    followed(site, two)
    group_ideas(site.session, ideas=[one, two], actor=None, at=clock.now())
    site.session.commit()
    next_day(site, monkeypatch)
    (mail,) = digests(site)
    ways_out = re.findall(r"Keine E-Mails mehr dazu: (\S+)", mail.get_content())
    assert len(set(ways_out)) == 2
    site.visitor().post(path_of(ways_out[0]))
    mailbox = re.findall(r"mehr: (\S+)\s*$", mail.get_content())[0]
    page = site.visitor().get(path_of(mailbox)).text
    assert page.count("ein Beitrag zu") == 1


def test_how_often_mail_comes_is_chosen_when_confirming_and_later(site, call):
    idea = site.make.idea(call)
    site.session.commit()
    visitor = site.visitor()
    page = visitor.get("/beteiligung/orte/ideen/1").text
    assert "/beteiligung/orte/ideen/1/benachrichtigen" in page
    form = visitor.get("/beteiligung/orte/ideen/1/benachrichtigen").text
    fields = dict(re.findall(r'name="(submission|opened)"[^>]*value="([^"]*)"', form))
    for _ in range(2):
        visitor.post("/beteiligung/orte/ideen/1/benachrichtigen", data=fields | {"email": ANNA})
    site.work()
    (mail,) = site.mails()
    confirm = re.findall(r"http\S+/bestaetigen", mail.get_content())[0]
    assert "höchstens einmal am Tag" in visitor.get(path_of(confirm)).text
    visitor.post(path_of(confirm), data={"pace": "at_once"})
    own = site.session.scalars(sa.select(Subscription)).one()
    assert (own.pace, own.about_all, own.confirmed_at is not None) == (Pace.AT_ONCE, False, True)
    page = visitor.post(path_of(confirm)).text
    mailbox = re.findall(r'href="(/beteiligung/benachrichtigungen/[^"]+)"', page)[0]
    assert visitor.post(mailbox, data={"pace": "daily"}).status_code == 303
    assert visitor.post(mailbox, data={"pace": "hourly"}).status_code == 422
    site.session.expire_all()
    assert own.pace is Pace.DAILY
    assert idea.number == 1


@pytest.mark.parametrize("token", ["1-x", "-", "1.2-0", "x", "1"])
def test_a_mailbox_opens_to_its_token_only(site, token):
    for path in ("", "/abmelden"):
        address = f"/beteiligung/benachrichtigungen/{token}{path}"
        assert site.visitor().get(address).status_code == 404
        assert site.visitor().post(address).status_code == 404


def test_a_worker_that_dies_while_it_writes_leaves_nobody_out_and_tells_nobody_twice(
    site, call, monkeypatch
):
    ideas, _group = grouped(site, call)
    people = [f"person{number}@example.org" for number in range(6)]
    for address in people:
        followed(site, ideas[0], address=address)
    group_ideas(site.session, ideas=[*ideas, site.make.idea(call)], actor=None, at=clock.now())
    site.session.commit()
    site.work()
    monkeypatch.setattr(telling, "_AT_ONCE", 2)
    whole, runs = telling.gather, []

    def die(*arguments, **named):
        runs.append(1)
        if len(runs) == 2:
            whole(*arguments, **named)
            raise RuntimeError("the power goes out")
        return whole(*arguments, **named)

    monkeypatch.setattr(telling, "gather", die)
    next_day(site, monkeypatch)
    assert len(digests(site)) == 2
    site.session.execute(sa.text("UPDATE job SET due_at = '2026-01-01' WHERE state = 'queued'"))
    site.session.commit()
    site.work()
    assert sorted(mail["To"] for mail in digests(site)) == people


def test_what_is_followed_no_longer_is_told_no_longer(site, call, monkeypatch):
    one, two = site.make.idea(call), site.make.idea(call)
    followed(site, one)
    followed(site, two)
    group_ideas(site.session, ideas=[one, two], actor=None, at=clock.now())
    site.session.commit()
    site.work()
    withdraw(site.session, contribution=one, at=clock.now())
    site.session.commit()
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1
    next_day(site, monkeypatch)
    (mail,) = digests(site)
    assert "Idee 1 zu" not in mail.get_content()


def test_an_address_that_takes_no_mail_gets_no_mail_of_the_day(site, call, monkeypatch, tmp_path):
    ideas = [site.make.idea(call) for _ in range(3)]
    for idea in ideas:
        followed(site, idea)
        followed(site, idea, OMAR)
    group_ideas(site.session, ideas=ideas[:2], actor=None, at=clock.now())
    message = post(
        site.session,
        municipality_id=site.municipality.id,
        key="news",
        address=ANNA,
        template="engagements/confirm",
        payload={},
        at=clock.now() + timedelta(days=9),
    )
    assert message is not None
    message.sent_at = clock.now()
    site.session.commit()
    site.work()
    waiting = sa.select(Subscription.address).join(Notice.subscription)
    assert set(site.session.scalars(waiting)) == {ANNA, OMAR}
    # Now the mail server says that one of them does not exist.
    file = tmp_path / "report.eml"
    with site.app.app_context():
        file.write_bytes(report(name_of(message, secret_key()), ANNA))
    site.session.commit()
    ran = site.app.test_cli_runner().invoke(bounces, [str(file)])
    assert ran.output.startswith("1 of 1")
    next_day(site, monkeypatch)
    assert [mail["To"] for mail in digests(site)] == [OMAR]
    # What happens later waits for nobody either.
    group_ideas(site.session, ideas=ideas, actor=None, at=clock.now())
    next_day(site, monkeypatch)
    assert {mail["To"] for mail in digests(site)} == {OMAR}
    assert ANNA not in site.session.scalars(sa.select(Subscription.address))
