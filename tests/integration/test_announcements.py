"""Who hears of an answer and of a new version: everybody who asked to, once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.contributions.models import ContributionStatus
from participation.contributions.operations import follow
from participation.engagements.models import Pace, Subscription
from participation.engagements.operations import subscribe
from participation.jobs.models import Job
from participation.notifications.models import OutboxMessage
from participation.revisions import announcing
from participation.revisions.audience import audience_of
from participation.revisions.models import Announcement
from participation.revisions.news import news_of
from participation.strategy.queries import get_element
from tests.conftest import NOON

KEY = b"a key for tests only"


@pytest.fixture
def town(make):
    return make.municipality()


def confirmed(session, subscription):
    subscription.confirmed_at, subscription.pace = NOON, Pace.AT_ONCE
    session.flush()
    return subscription


def addresses(session, announcement=None):
    announcement = announcement or session.scalars(sa.select(Announcement)).one()
    return [one.address for one in audience_of(session, announcement)]


def tell(session):
    announcement = session.scalars(sa.select(Announcement)).one()
    announcing.tell(
        session,
        announcement=announcement,
        audience=audience_of(session, announcement),
        news=news_of(session, announcement),
        key=KEY,
        at=NOON,
    )


@pytest.fixture
def loop(make, town):
    return make.loop(town, adopted=False)


def test_followers_of_the_cited_contribution_and_of_the_engagement_hear_of_an_answer(
    make, session, loop
):
    confirmed(
        session, follow(session, contribution=loop.idea, address="autorin@example.org", at=NOON)
    )
    confirmed(
        session, subscribe(session, engagement=loop.call, address="alle@example.org", at=NOON)
    )
    assert addresses(session) == ["autorin@example.org", "alle@example.org"]


def test_an_address_that_follows_twice_hears_once_and_as_an_author(make, session, loop):
    address = "autorin@example.org"
    confirmed(session, subscribe(session, engagement=loop.call, address=address, at=NOON))
    confirmed(session, follow(session, contribution=loop.idea, address=address, at=NOON))
    tell(session)
    tell(session)
    mails = session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "revisions/answer")
    ).all()
    assert [(mail.address, mail.payload["own"]) for mail in mails] == [(address, True)]


def test_who_has_not_confirmed_or_has_left_hears_nothing(make, session, loop):
    subscribe(session, engagement=loop.call, address="offen@example.org", at=NOON)
    left = confirmed(
        session, subscribe(session, engagement=loop.call, address="weg@example.org", at=NOON)
    )
    left.ended_at, left.address = NOON, ""
    session.flush()
    assert addresses(session) == []


def test_who_follows_something_else_hears_nothing(make, session, town, loop):
    other_call = make.idea_call(town, elements=(loop.measure,))
    other_idea = make.idea(loop.call)
    confirmed(
        session, subscribe(session, engagement=other_call, address="andere@example.org", at=NOON)
    )
    confirmed(
        session, follow(session, contribution=other_idea, address="idee@example.org", at=NOON)
    )
    assert addresses(session) == []


def test_who_follows_a_contribution_that_is_gone_is_not_told_it_was_answered(make, session, loop):
    confirmed(session, follow(session, contribution=loop.idea, address="a@example.org", at=NOON))
    loop.idea.move_to(ContributionStatus.HIDDEN, at=NOON)
    session.flush()
    assert addresses(session) == []


def test_a_result_that_is_cited_counts_for_its_engagement(make, session, town):
    strategy = make.adopted_strategy(town)
    measure = get_element(session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    confirmed(session, subscribe(session, engagement=call, address="alle@example.org", at=NOON))
    finding = make.finding(strategy, elements=(measure,), aggregates=(make.aggregate(call),))
    make.signed(make.answer(finding), make.two_people(town))
    assert addresses(session) == ["alle@example.org"]


def test_a_new_version_is_told_to_all_who_took_part_since_the_one_before(make, session, town, loop):
    confirmed(
        session, follow(session, contribution=loop.idea, address="autorin@example.org", at=NOON)
    )
    later_call = make.idea_call(town, elements=(loop.measure,))
    confirmed(
        session, subscribe(session, engagement=later_call, address="spaeter@example.org", at=NOON)
    )
    session.execute(sa.delete(Announcement))
    make.adopt(loop.revision)
    assert addresses(session) == ["autorin@example.org", "spaeter@example.org"]
    news = news_of(session, session.scalars(sa.select(Announcement)).one())
    assert news["number"] == 2


def test_the_news_of_a_version_hold_the_answers_that_waited_for_it(make, session, town):
    loop = make.loop(town, with_adoption=True)
    news = news_of(session, session.scalars(sa.select(Announcement)).one())
    assert [answer["disposition"] for answer in news["answers"]] == ["partly_adopted"]
    assert news["answers"][0]["findings"][0]["code"] == loop.finding.code


def test_no_citizens_text_and_no_code_of_a_receipt_goes_into_a_mail(make, session, loop):
    confirmed(session, follow(session, contribution=loop.idea, address="a@example.org", at=NOON))
    tell(session)
    [mail] = session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "revisions/answer")
    )
    assert loop.idea.text not in str(mail.payload)
    assert loop.code not in str(mail.payload)
    assert "unsubscribe_token" in mail.payload


def test_nothing_is_announced_before_the_second_signature(make, session, loop):
    idea = make.idea(loop.call, elements=(loop.measure,))
    finding = make.finding(
        loop.strategy, "Bänke fehlen.", elements=(loop.measure,), contributions=(idea,)
    )
    answer = make.answer(finding)
    announced = sa.select(sa.func.count()).select_from(Announcement)
    before = session.scalar(announced)
    make.signed(answer, (loop.lead,))
    assert session.scalar(announced) == before
    make.signed(answer, (loop.second,))
    assert session.scalar(announced) == before + 1


def test_the_job_is_written_in_the_transaction_of_the_answer(make, session, loop):
    jobs = session.scalars(sa.select(Job.key).where(Job.kind == "announce")).all()
    announcement = session.scalars(sa.select(Announcement)).one()
    assert jobs == [f"announce:{announcement.id}"]
    assert announcement.fanned_out_at is None
    assert session.scalar(sa.select(sa.func.count(Subscription.id))) == 0


def test_an_announcement_is_about_an_answer_or_a_version(make, session, loop):
    session.add(Announcement(strategy_id=loop.strategy.id, announced_at=NOON))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
