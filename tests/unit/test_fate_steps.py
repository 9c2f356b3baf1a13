"""The path of a contribution, station by station."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from participation.contributions.models import ContributionStatus
from participation.insights.models import Finding
from participation.revisions.models import Change, Disposition, OfficialAnswer
from participation.revisions.steps import FindingFate, MadeChange, Stage, StepState, steps_of
from participation.strategy.models import (
    Element,
    ElementKind,
    ProgressReport,
    ProgressState,
    StrategyVersion,
)

DAY = datetime(2026, 2, 21, 9, 0, tzinfo=UTC)


def path(findings=(), status=ContributionStatus.PUBLISHED):
    steps = steps_of(
        status=status,
        received_at=DAY,
        published_at=DAY + timedelta(days=1),
        decided_at=DAY + timedelta(days=2),
        findings=findings,
    )
    return [(step.stage.value, step.state.value) for step in steps]


def a_finding(number=12):
    return Finding(number=number, recorded_at=DAY + timedelta(days=60))


def an_answer(disposition=Disposition.ADOPTED):
    return OfficialAnswer(
        id=5, disposition=disposition, published_at=DAY + timedelta(days=70), reasons="Darum."
    )


def a_change(kind=ElementKind.MEASURE):
    version = StrategyVersion(number=3, adopted_at=DAY + timedelta(days=120))
    change = Change(id=1, element=Element(kind=kind, code="M-07"))
    return MadeChange(change, version, 2)


def a_report(state=ProgressState.RUNNING, percent=50):
    return ProgressReport(state=state, percent=percent, reported_on=date(2026, 11, 22))


def test_what_is_not_yet_read_waits_in_review_with_everything_ahead():
    assert path(status=ContributionStatus.PENDING) == [
        ("received", "done"),
        ("in_review", "now"),
        ("in_finding", "todo"),
        ("answered", "todo"),
        ("in_version", "todo"),
        ("progress", "todo"),
    ]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (ContributionStatus.REJECTED, "rejected"),
        (ContributionStatus.HIDDEN, "hidden"),
        (ContributionStatus.WITHDRAWN, "withdrawn"),
    ],
)
def test_the_path_of_what_is_not_shown_ends_also_when_a_finding_cites_it(status, stage):
    findings = [FindingFate(a_finding(), an_answer(), [a_change()])]
    assert path(findings, status) == [("received", "done"), (stage, "ended")]


@pytest.mark.parametrize(
    ("finding", "states"),
    [
        (None, ["done", "now", "todo", "todo", "todo", "todo"]),
        (FindingFate(a_finding()), ["done", "done", "now", "todo", "todo", "todo"]),
        (
            FindingFate(a_finding(), an_answer()),
            ["done", "done", "done", "now", "todo", "todo"],
        ),
        (
            FindingFate(a_finding(), an_answer(Disposition.DEFERRED)),
            ["done", "done", "done", "now", "todo", "todo"],
        ),
        (
            FindingFate(a_finding(), an_answer(), [a_change()]),
            ["done", "done", "done", "done", "now", "todo"],
        ),
        (
            FindingFate(a_finding(), an_answer(), [a_change()], a_report(), "M-07"),
            ["done", "done", "done", "done", "done", "now"],
        ),
        (
            FindingFate(
                a_finding(), an_answer(), [a_change()], a_report(ProgressState.DONE, 100), "M-07"
            ),
            ["done", "done", "done", "done", "done", "done"],
        ),
    ],
)
def test_the_furthest_station_reached_is_now_and_the_rest_is_ahead(finding, states):
    taken = path([finding] if finding else [])
    assert [state for _, state in taken] == states
    assert [stage for stage, _ in taken] == [
        "received",
        "published",
        "in_finding",
        "answered",
        "in_version",
        "progress",
    ]


def test_a_refusal_ends_the_path_with_its_answer():
    refused = FindingFate(a_finding(), an_answer(Disposition.NOT_ADOPTED))
    assert path([refused])[-1] == ("answered", "ended")
    assert len(path([refused])) == 4


def test_what_the_strategy_says_already_goes_on_with_the_measure_and_not_with_a_version():
    covered = an_answer(Disposition.ALREADY_COVERED)
    with_measure = FindingFate(a_finding(), covered, (), a_report(), "M-07")
    assert path([with_measure])[-2:] == [("answered", "done"), ("progress", "now")]
    assert path([FindingFate(a_finding(), covered)])[-1] == ("answered", "done")


def test_a_changed_goal_has_no_progress_to_wait_for():
    changed = FindingFate(a_finding(), an_answer(), [a_change(ElementKind.GOAL)])
    assert path([changed])[-1] == ("in_version", "done")


def test_a_measure_that_was_stopped_ends_the_path():
    stopped = FindingFate(
        a_finding(), an_answer(), [a_change()], a_report(ProgressState.STOPPED, 20), "M-07"
    )
    assert path([stopped])[-1] == ("progress", "ended")


def test_of_several_findings_the_one_that_came_furthest_tells_the_path():
    far = FindingFate(a_finding(1), an_answer(), [a_change()], a_report(), "M-07")
    steps = steps_of(
        status=ContributionStatus.PUBLISHED,
        received_at=DAY,
        published_at=DAY,
        findings=[FindingFate(a_finding(2), an_answer(Disposition.NOT_ADOPTED)), far],
    )
    found = {step.stage: step for step in steps}
    assert found[Stage.IN_FINDING].finding == "E-1"
    assert found[Stage.IN_VERSION].version == 3
    assert found[Stage.PROGRESS].percent == 50
    assert found[Stage.PROGRESS].state is StepState.NOW
