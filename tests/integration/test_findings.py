"""Findings and what they rest on, on both databases."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.contributions.models import ContributionKind, ContributionStatus
from participation.contributions.operations import withdraw
from participation.foundation.errors import Conflict, Forbidden, NotFound, Refused
from participation.ideas.models import Idea
from participation.insights import operations, queries
from participation.insights.models import Evidence, Finding
from participation.insights.said import element_counts
from participation.strategy.models import Element, Strategy
from participation.strategy.queries import get_element
from tests.conftest import NOON


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def strategy(make, town):
    return make.adopted_strategy(town)


@pytest.fixture
def measure(session, strategy):
    return get_element(session, strategy.id, "M-01")


@pytest.fixture
def call(make, town, measure):
    return make.idea_call(town, elements=(measure,))


@pytest.fixture
def idea(make, call, measure):
    return make.idea(call, elements=(measure,))


def test_findings_are_numbered_as_people_cite_them(make, strategy, measure, idea):
    codes = [
        make.finding(strategy, elements=(measure,), contributions=(idea,)).code for _ in range(3)
    ]
    assert codes == ["E-1", "E-2", "E-3"]


def test_a_finding_keeps_its_evidence_once_however_often_it_is_given(
    make, session, strategy, measure, idea, call
):
    aggregate = make.aggregate(call, elements=(measure,))
    finding = make.finding(
        strategy,
        elements=(measure, measure),
        contributions=(idea, idea),
        aggregates=(aggregate, aggregate),
    )
    assert len(finding.evidence) == 2
    assert [element.code for element in finding.elements] == ["M-01"]


@pytest.mark.parametrize("missing", ["sentence", "elements", "evidence"])
def test_a_finding_needs_a_sentence_an_element_and_evidence(
    missing, session, strategy, measure, idea
):
    given: dict[str, Any] = {
        "sentence": "Ein Satz.",
        "elements": (measure,),
        "contributions": (idea,),
    }
    given |= {"evidence": {"contributions": ()}}.get(missing, {missing: given.get(missing, "")[:0]})
    with pytest.raises(Refused) as refusal:
        operations.record_finding(session, strategy=strategy, actor=None, at=NOON, **given)
    assert refusal.value.field == missing
    assert session.scalar(sa.select(sa.func.count(Finding.id))) == 0


@pytest.mark.parametrize(
    "status",
    [
        ContributionStatus.PENDING,
        ContributionStatus.REJECTED,
        ContributionStatus.HIDDEN,
        ContributionStatus.WITHDRAWN,
    ],
)
def test_what_the_public_cannot_read_is_no_evidence(status, make, session, strategy, measure, call):
    unread = make.idea(call, status=status)
    with pytest.raises(Conflict):
        make.finding(strategy, elements=(measure,), contributions=(unread,))


def test_a_contribution_to_an_engagement_that_is_not_published_is_no_evidence(
    make, session, town, strategy, measure, idea
):
    imported = make.idea(make.idea_call(town, elements=(measure,)), elements=(measure,))
    imported.engagement.published_at = None
    session.flush()
    assert imported.status is ContributionStatus.PUBLISHED
    with pytest.raises(Conflict):
        make.finding(strategy, elements=(measure,), contributions=(idea, imported))
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    with pytest.raises(Conflict):
        operations.cite(session, finding=finding, contributions=(imported,), actor=None, at=NOON)
    with pytest.raises(Conflict):
        operations.amend_finding(
            session,
            finding=finding,
            sentence="Anders.",
            elements=(measure,),
            contributions=(imported,),
            actor=None,
            at=NOON,
        )


def test_a_result_of_an_engagement_that_is_not_published_is_no_evidence(
    make, session, town, strategy, measure
):
    aggregate = make.aggregate(make.idea_call(town, published=False), elements=(measure,))
    assert not queries.aggregates_about(session, measure.id)
    with pytest.raises(Conflict):
        make.finding(strategy, elements=(measure,), aggregates=(aggregate,))


def test_a_comment_on_what_is_hidden_is_no_evidence(make, town, strategy, measure, idea):
    comment = make.comment(None, idea)
    idea.move_to(ContributionStatus.HIDDEN, at=NOON)
    with pytest.raises(Conflict):
        make.finding(strategy, elements=(measure,), contributions=(comment,))


def test_evidence_of_another_municipality_is_refused(make, strategy, measure):
    elsewhere = make.municipality("rohrbeck", "Rohrbeck")
    foreign = make.idea(make.idea_call(elsewhere))
    with pytest.raises(Refused):
        make.finding(strategy, elements=(measure,), contributions=(foreign,))


def test_an_element_of_another_strategy_is_refused(make, session, strategy, idea):
    elsewhere = make.adopted_strategy(make.municipality("rohrbeck", "Rohrbeck"))
    foreign = get_element(session, elsewhere.id, "M-01")
    with pytest.raises(Refused):
        make.finding(strategy, elements=(foreign,), contributions=(idea,))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.ADMINISTRATOR])
def test_only_a_strategist_records_findings(role, make, session, town, strategy, measure, idea):
    actor = make.member(role, municipality=town)
    with pytest.raises(Forbidden):
        make.finding(strategy, elements=(measure,), contributions=(idea,), actor=actor)
    lead = make.member(Role.STRATEGIST, municipality=town)
    assert make.finding(strategy, elements=(measure,), contributions=(idea,), actor=lead)


def test_a_strategist_of_another_municipality_records_nothing_here(make, strategy, measure, idea):
    elsewhere = make.municipality("rohrbeck", "Rohrbeck")
    actor = make.member(Role.STRATEGIST, municipality=elsewhere)
    with pytest.raises(Forbidden):
        make.finding(strategy, elements=(measure,), contributions=(idea,), actor=actor)


def test_evidence_is_a_contribution_or_a_result_and_never_both(
    make, session, strategy, measure, idea, call
):
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    aggregate = make.aggregate(call)
    session.add(Evidence(finding_id=finding.id, contribution_id=idea.id, aggregate_id=aggregate.id))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_evidence_that_names_nothing_is_refused(make, session, strategy, measure, idea):
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    session.add(Evidence(finding_id=finding.id))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_table_keeps_a_contribution_from_being_cited_twice(
    make, session, strategy, measure, idea
):
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    session.add(Evidence(finding_id=finding.id, contribution_id=idea.id))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_citing_again_adds_only_what_is_new(make, session, strategy, measure, idea, call):
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    later = make.idea(call, elements=(measure,))
    added = operations.cite(
        session, finding=finding, contributions=(idea, later), actor=None, at=NOON
    )
    assert added == 1
    assert len(finding.evidence) == 2


def test_a_finding_counts_only_what_can_be_read_and_is_flagged_when_something_is_gone(
    make, session, strategy, measure, idea, call
):
    other = make.idea(call, elements=(measure,))
    finding = make.finding(strategy, elements=(measure,), contributions=(idea, other))
    assert queries.weakened_findings(session, strategy.id) == []
    withdraw(session, contribution=other, at=NOON)
    count = queries.evidence_counts(session, [finding.id])[finding.id]
    assert (count.ideas, count.contributions, count.gone) == (1, 1, 1)
    assert not count.has_lost_all
    assert [one.code for one in queries.weakened_findings(session, strategy.id)] == ["E-1"]
    withdraw(session, contribution=idea, at=NOON)
    assert queries.evidence_counts(session, [finding.id])[finding.id].has_lost_all


def test_a_finding_can_be_corrected_and_keeps_what_it_is_told_to_keep(
    make, session, strategy, measure, idea, call
):
    other = make.idea(call, elements=(measure,))
    finding = make.finding(strategy, elements=(measure,), contributions=(idea, other))
    goal = get_element(session, strategy.id, "Z-01")
    operations.amend_finding(
        session,
        finding=finding,
        sentence="  Ein besserer\n Satz. ",
        elements=(goal,),
        keep=finding.evidence[:1],
        actor=None,
        at=NOON,
    )
    session.expire_all()
    assert finding.sentence == "Ein besserer Satz."
    assert [element.code for element in finding.elements] == ["Z-01"]
    assert [one.contribution_id for one in finding.evidence] == [idea.id]


def test_the_evidence_for_an_element_holds_every_format_and_nothing_that_is_hidden(
    make, session, strategy, measure, idea, call
):
    make.idea(call, elements=(measure,), status=ContributionStatus.HIDDEN)
    make.idea(call)
    aggregate = make.aggregate(call, elements=(measure,))
    make.aggregate(call)
    page = queries.evidence_for(session, measure.id)
    assert [one.id for one in page.contributions] == [idea.id]
    assert [one.id for one in page.aggregates] == [aggregate.id]
    assert page.counts == {ContributionKind.IDEA: 1}
    assert page.next_place is None


def test_only_the_newest_release_of_an_engagement_is_evidence(make, session, measure, call):
    make.aggregate(call, elements=(measure,), subject="frage", release=1, final=False)
    newest = make.aggregate(call, elements=(measure,), subject="frage", release=2)
    assert [one.id for one in queries.aggregates_about(session, measure.id)] == [newest.id]
    assert [one.id for one in queries.released(session, call)] == [newest.id]


def test_the_evidence_is_paged_by_key_and_nothing_is_lost_or_shown_twice(
    make, session, measure, call
):
    made = {one.id for one in make.ideas(call, 7, elements=(measure,))}
    seen, place = [], None
    for _ in range(10):
        page = queries.evidence_for(session, measure.id, after=place, limit=3)
        seen += [one.id for one in page.contributions]
        place = page.next_place
        if place is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


def test_the_evidence_can_be_narrowed_to_a_kind_and_to_what_no_finding_cites(
    make, session, strategy, measure, idea, call
):
    fresh = make.idea(call, elements=(measure,))
    make.finding(strategy, elements=(measure,), contributions=(idea,))
    uncited = queries.evidence_for(session, measure.id, uncited=True)
    assert [one.id for one in uncited.contributions] == [fresh.id]
    comments = queries.evidence_for(session, measure.id, kind=ContributionKind.COMMENT)
    assert list(comments.contributions) == []
    everything = queries.evidence_for(session, measure.id)
    assert everything.cited_by[idea.id] == ["E-1"]


def test_the_counts_of_all_elements_are_read_at_once(make, session, strategy, measure, idea, call):
    make.aggregate(call, elements=(measure,))
    make.finding(strategy, elements=(measure,), contributions=(idea,))
    make.idea(call, elements=(measure,), status=ContributionStatus.PENDING)
    counts = element_counts(session, strategy.id)
    assert counts[measure.id] == (1, 1, 1)
    assert set(counts.values()) == {(1, 1, 1), (0, 0, 0)}


def test_an_unknown_finding_is_not_found(session, strategy):
    with pytest.raises(NotFound):
        queries.get_finding(session, strategy.id, 12)


def test_findings_recorded_at_the_same_time_get_different_numbers(
    make, engine, session, strategy, measure, idea
):
    ids = strategy.id, measure.id, idea.id
    session.commit()
    session.close()
    start = threading.Barrier(6)
    failures: list[BaseException] = []

    def record() -> None:
        try:
            with Session(engine) as own:
                start.wait()
                operations.record_finding(
                    own,
                    strategy=own.get_one(Strategy, ids[0]),
                    sentence="Gleichzeitig festgehalten.",
                    elements=[own.get_one(Element, ids[1])],
                    contributions=[own.get_one(Idea, ids[2])],
                    actor=None,
                    at=NOON,
                )
                own.commit()
        except BaseException as failure:  # pragma: no cover - only when the test fails
            failures.append(failure)

    threads = [threading.Thread(target=record) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    numbers = session.scalars(sa.select(Finding.number).order_by(Finding.number)).all()
    assert list(numbers) == [1, 2, 3, 4, 5, 6]
