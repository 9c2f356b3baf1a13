"""What becomes of an engagement: longer for a reason, evaluated, put away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.contributions.operations import follow
from participation.engagements.models import Engagement, EngagementState, Pace
from participation.engagements.operations import confirm_subscription, subscribe
from participation.engagements.policy import Obstacle, obstacle
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from tests.conftest import NOON

MANAGE = "/verwaltung/beteiligungen"
DAY = timedelta(days=1)


@pytest.fixture
def strategist(site):
    return site.staff(Role.STRATEGIST)


@pytest.fixture
def evaluated(site):
    survey = site.make.survey(
        site.municipality, title="Vorbei", opens_at=NOON - 9 * DAY, closes_at=NOON - DAY
    )
    site.make.answered(survey, F1={"1": 12})
    aggregate(site.session, engagement=survey, actor=None, at=NOON, final=True)
    site.session.commit()
    return survey


def test_an_extension_and_its_reason_are_public_and_told_to_those_who_asked(site, strategist):
    call = site.make.idea_call(site.municipality, title="Offen")
    subscription = subscribe(site.session, engagement=call, address="erika@example.org", at=NOON)
    confirm_subscription(site.session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    site.session.commit()
    site.work()
    before = len(site.mails())
    sent = {
        "closes_on": "2026-07-01",
        "closes_time": "12:00",
        "reason": "Viele hatten Hochwasser.",
        "tell": "y",
    }
    strategist.post(f"{MANAGE}/offen/verlaengern", data=sent)
    page = site.visitor().get("/beteiligung/offen").text
    assert "Verlängert am 7. Mai 2026, vorher bis 17. Mai 2026" in page
    assert "Grund: Viele hatten Hochwasser." in page
    site.work()
    mail = site.mails()[-1]
    assert len(site.mails()) == before + 1
    assert mail["Subject"] == "Länger offen: Offen"
    assert "1. Juli 2026" in mail.get_content()
    assert "Viele hatten Hochwasser." in mail.get_content()


def test_nobody_is_told_unless_the_clerk_wants_it(site, strategist):
    call = site.make.idea_call(site.municipality, title="Offen")
    subscription = subscribe(site.session, engagement=call, address="a@example.org", at=NOON)
    confirm_subscription(site.session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    site.session.commit()
    sent = {"closes_on": "2026-07-01", "closes_time": "12:00", "reason": "Ferien."}
    strategist.post(f"{MANAGE}/offen/verlaengern", data=sent)
    site.work()
    assert not [mail for mail in site.mails() if "Länger offen" in mail["Subject"]]


def test_the_final_release_makes_it_evaluated(site, evaluated, strategist):
    assert evaluated.state_at(NOON) is EngagementState.EVALUATED
    assert obstacle(evaluated, at=NOON, account=None) is Obstacle.CLOSED
    assert "ausgewertet" in strategist.get(MANAGE).text
    assert "ausgewertet" in site.visitor().get("/beteiligung/vorbei").text
    assert "beendet" in site.visitor().get("/beteiligung/vorbei/teilnehmen").text


def test_an_empty_archive_says_how_something_comes_into_it(site, evaluated, strategist):
    page = strategist.get(f"{MANAGE}?archiv=1").text
    assert "Das Archiv ist leer" in page
    assert "„Archivieren“" in page


def test_a_poster_is_offered_while_there_is_time_to_follow_it(site, evaluated, strategist):
    site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    page = strategist.get(MANAGE).text
    assert f"{MANAGE}/offen/plakat" in page
    assert f"{MANAGE}/vorbei/plakat" not in page


def test_the_archive_takes_it_out_of_the_lists_and_keeps_its_pages(site, evaluated, strategist):
    assert "Vorbei" in site.visitor().get("/beteiligung/").text
    assert strategist.post(f"{MANAGE}/vorbei/archivieren").status_code == 303
    assert "Vorbei" not in site.visitor().get("/beteiligung/").text
    assert "/beteiligung/vorbei" not in site.visitor().get("/").text
    assert "Vorbei" in site.visitor().get("/beteiligung/vorbei").text
    strategist.get(MANAGE)  # The word that it is in the archive has been shown.
    assert "Vorbei" not in strategist.get(MANAGE).text
    assert "Vorbei" in strategist.get(f"{MANAGE}?archiv=1").text
    assert strategist.post(f"{MANAGE}/vorbei/zurueckholen").status_code == 303
    assert "Vorbei" in site.visitor().get("/beteiligung/").text


def test_the_public_finds_what_was_put_away_by_a_link(site, evaluated, strategist):
    archive = "/beteiligung/?archiv=1"
    assert archive not in site.visitor().get("/beteiligung/").text
    assert "Das Archiv ist leer" in site.visitor().get(archive).text
    strategist.post(f"{MANAGE}/vorbei/archivieren")
    assert f'href="{archive}"' in site.visitor().get("/beteiligung/").text
    assert 'href="/beteiligung/vorbei"' in site.visitor().get(archive).text
    strategist.post(f"{MANAGE}/vorbei/zurueckholen")
    assert "/beteiligung/vorbei" not in site.visitor().get(archive).text


def test_the_archive_is_paged_and_holds_nothing_of_another_town(site, strategist):
    elsewhere = site.make.municipality(slug="kiebitz", name="Kiebitz")
    for number in range(31):
        call = site.make.idea_call(
            elsewhere if number == 30 else site.municipality,
            title=f"Nummer {number:02}",
            opens_at=NOON - 9 * DAY,
            closes_at=NOON - DAY,
        )
        call.archived_at = NOON
    site.session.commit()
    seen, paths = [], [f"/{site.municipality.slug}/beteiligung/?archiv=1"]
    while paths:
        page = site.visitor().get(paths[0].replace("&amp;", "&")).text
        seen += re.findall(r"Nummer (\d\d)</a>", page)
        paths = re.findall(r'href="([^"]+)" rel="next"', page)
    assert sorted(seen) == [f"{number:02}" for number in range(30)]


def test_only_what_is_evaluated_can_be_put_away(site, strategist):
    call = site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    assert strategist.post(f"{MANAGE}/offen/archivieren").status_code == 409
    with clock.standing_at(call.closes_at):
        browser = site.staff(Role.STRATEGIST)
        assert browser.post(f"{MANAGE}/offen/archivieren").status_code == 409
    site.session.expire_all()
    assert site.session.get_one(Engagement, call.id).archived_at is None
    assert site.staff(Role.ANALYST).post(f"{MANAGE}/offen/archivieren").status_code == 403


KINDS = ("idea_call", "comment_round", "survey")


def subscribed(site, engagement, address="erika@example.org"):
    subscription = subscribe(site.session, engagement=engagement, address=address, at=NOON)
    confirm_subscription(site.session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    site.session.commit()
    site.work()
    return len(site.mails())


def reminders(site):
    return [mail for mail in site.mails() if "Bald zu Ende" in mail["Subject"]]


def test_what_is_wrong_with_an_extension_is_said_at_once(site, strategist):
    site.make.idea_call(site.municipality, title="Offen", closes_at=NOON + 5 * DAY)
    site.session.commit()
    earlier = {"closes_on": "2026-05-08", "closes_time": "12:00", "reason": " "}
    page = strategist.post(f"{MANAGE}/offen/verlaengern", data=earlier)
    assert page.status_code == 422
    assert "Das neue Ende muss später liegen als das bisherige." in page.text
    assert "Geben Sie den Grund an." in page.text
    assert 'value="2026-05-08"' in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_subscribers_are_reminded_once_some_days_before_the_end(site, kind):
    engagement = getattr(site.make, kind)(
        site.municipality, title="Offen", closes_at=NOON + 10 * DAY, remind_days=3
    )
    subscribed(site, engagement)
    for days, expected in ((6, 0), (7, 1), (8, 1)):
        with clock.standing_at(NOON + days * DAY):
            site.work()
        assert len(reminders(site)) == expected, days
    (mail,) = reminders(site)
    assert "/beteiligung/offen" in mail.get_content()
    assert "Keine E-Mails mehr" in mail.get_content()
    assert mail["To"] == "erika@example.org"


def test_whoever_follows_knows_before_that_they_will_be_reminded(site):
    for days, more in ((3, {}), (1, {}), (None, {}), (7, {"reminded_at": NOON})):
        call = site.make.idea_call(site.municipality, title=f"Nach {days}", remind_days=days)
        for name, value in more.items():
            setattr(call, name, value)
    site.session.commit()
    told = {
        "nach-3": "3 Tage vor dem Ende erinnern wir Sie.",
        "nach-1": "Einen Tag vor dem Ende erinnern wir Sie.",
    }
    over = {"opens_at": NOON - 9 * DAY, "closes_at": NOON - DAY}
    site.make.idea_call(site.municipality, title="Vorbei", remind_days=3, **over)
    site.session.commit()
    for slug in ("nach-3", "nach-1", "nach-none", "nach-7", "vorbei"):
        path = f"/beteiligung/{slug}"
        wrong = site.visitor().post(f"{path}/benachrichtigen", data={"email": "keine"})
        for page in (site.visitor().get(path).text, wrong.text):
            assert ("erinnern wir Sie" in page) == (slug in told)
            assert told.get(slug, "") in page


def test_the_time_after_the_end_is_told_while_somebody_may_still_begin(site, evaluated, strategist):
    site.make.idea_call(site.municipality, title="Offen")
    site.session.commit()
    grace = "kann noch 15 Minuten länger absenden"
    assert grace in site.visitor().get("/beteiligung/offen").text
    assert grace not in site.visitor().get("/beteiligung/vorbei").text
    assert grace in strategist.get("/beteiligung/neu/ideenaufruf").text


def test_who_follows_an_idea_or_a_comment_is_reminded_once_whatever_else_they_follow(site):
    values = {"closes_at": NOON + 2 * DAY, "remind_days": 3}
    call = site.make.idea_call(site.municipality, title="Offen", **values)
    comment_round = site.make.comment_round(site.municipality, title="Text", **values)
    ideas = [site.make.idea(call) for _ in range(2)]
    comment = site.make.comment(comment_round)
    other = site.make.idea(site.make.idea_call(site.municipality, title="Lange"))
    for contribution, address in (
        (ideas[0], "anna@example.org"),
        (ideas[1], "anna@example.org"),
        (ideas[0], "erika@example.org"),
        (comment, "omar@example.org"),
        (other, "mara@example.org"),
    ):
        found = follow(site.session, contribution=contribution, address=address, at=NOON)
        confirm_subscription(site.session, subscription=found, at=NOON, pace=Pace.AT_ONCE)
    follow(site.session, contribution=ideas[0], address="unbestaetigt@example.org", at=NOON)
    subscribed(site, call, "erika@example.org")
    site.work()
    told = sorted((mail["To"], mail["Subject"]) for mail in reminders(site))
    assert told == [
        ("anna@example.org", "Bald zu Ende: Offen"),
        ("erika@example.org", "Bald zu Ende: Offen"),
        ("omar@example.org", "Bald zu Ende: Text"),
    ]


def test_nobody_is_reminded_without_a_tick_of_a_draft_or_after_the_end(site):
    for title, more in (
        ("Ohne", {}),
        ("Entwurf", {"remind_days": 3, "published": False}),
        ("Vorbei", {"remind_days": 3, "opens_at": NOON - 9 * DAY, "closes_at": NOON - DAY}),
        ("Noch lange", {"remind_days": 3, "closes_at": NOON + 10 * DAY}),
    ):
        call = site.make.idea_call(
            site.municipality, title=title, **({"closes_at": NOON + 2 * DAY} | more)
        )
        subscribed(site, call, f"{title.lower().replace(' ', '')}@example.org")
    site.work()
    assert reminders(site) == []


def test_after_an_extension_nobody_is_reminded_a_second_time(site, strategist):
    call = site.make.idea_call(
        site.municipality, title="Offen", closes_at=NOON + 2 * DAY, remind_days=3
    )
    subscribed(site, call)
    site.work()
    assert len(reminders(site)) == 1
    strategist.post(
        f"{MANAGE}/offen/verlaengern",
        data={"closes_on": "2026-05-20", "closes_time": "12:00", "reason": "Hochwasser."},
    )
    with clock.standing_at(NOON + 11 * DAY):
        site.work()
    assert len(reminders(site)) == 1
