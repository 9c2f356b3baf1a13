"""The path of a contribution: which stations it has, and where it stands. No row is read."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from participation.contributions.models import ContributionStatus
from participation.insights.models import Finding
from participation.revisions.models import Change, Disposition, OfficialAnswer
from participation.revisions.reasons import Place
from participation.strategy.models import (
    ElementKind,
    ProgressReport,
    ProgressState,
    StrategyVersion,
)


class Stage(enum.Enum):
    """A station of the path. Rejected, hidden and withdrawn end it early."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    IN_FINDING = "in_finding"
    ANSWERED = "answered"
    IN_VERSION = "in_version"
    PROGRESS = "progress"


class StepState(enum.Enum):
    """Whether a station is behind us, where we are, ahead, or where the path ends."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    ENDED = "ended"


@dataclass(frozen=True)
class Step:
    """One station with what is to be said of it; what does not belong to it stays empty."""

    stage: Stage
    state: StepState
    on: date | datetime | None = None
    finding: str = ""
    disposition: Disposition | None = None
    answer_id: int | None = None
    version: int | None = None
    element: str = ""
    percent: int | None = None
    progress: ProgressState | None = None


@dataclass(frozen=True)
class MadeChange:
    """A change that an adopted version made, and how its element stands if it is a measure.

    `places` says what of it was made because of the finding that led here; none means all.
    """

    change: Change
    version: StrategyVersion
    earlier_number: int
    progress: ProgressReport | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class FindingFate:
    """What followed from one finding. Only what is public: a draft follows from nothing."""

    finding: Finding
    answer: OfficialAnswer | None = None
    changes: Sequence[MadeChange] = ()
    progress: ProgressReport | None = None
    progress_code: str = ""


@dataclass(frozen=True)
class _Reached:
    """Which steps after publication were reached, before their states are set."""

    steps: list[Step] = field(default_factory=list)
    ahead: list[Stage] = field(default_factory=list)
    is_complete: bool = False


_AFTER_PUBLICATION = (Stage.IN_FINDING, Stage.ANSWERED, Stage.IN_VERSION, Stage.PROGRESS)
_ENDS = {
    ContributionStatus.REJECTED: Stage.REJECTED,
    ContributionStatus.HIDDEN: Stage.HIDDEN,
    ContributionStatus.WITHDRAWN: Stage.WITHDRAWN,
}


def steps_of(
    *,
    status: ContributionStatus,
    received_at: datetime | None,
    published_at: datetime | None,
    decided_at: datetime | None = None,
    findings: Sequence[FindingFate] = (),
) -> list[Step]:
    """Return the path. The last step reached is *now*, unless nothing can follow it."""
    received = Step(Stage.RECEIVED, StepState.DONE, received_at)
    if status in _ENDS:
        return [received, Step(_ENDS[status], StepState.ENDED, decided_at)]
    if status is ContributionStatus.PENDING:
        ahead = [Step(stage, StepState.TODO) for stage in _AFTER_PUBLICATION]
        return [received, Step(Stage.IN_REVIEW, StepState.NOW), *ahead]
    published = Step(Stage.PUBLISHED, StepState.DONE, published_at)
    return _path([received, published], _reached(findings))


def finding_steps(one: FindingFate) -> list[Step]:
    """Return the path of a finding, told as that of a published contribution it rests on."""
    beginning = [Step(Stage.RECEIVED, StepState.DONE), Step(Stage.PUBLISHED, StepState.DONE)]
    return _path(beginning, _reached([one]))


def _path(beginning: Sequence[Step], reached: _Reached) -> list[Step]:
    behind = [*beginning, *reached.steps]
    if not reached.is_complete:
        behind[-1] = replace(behind[-1], state=StepState.NOW)
    return behind + [Step(stage, StepState.TODO) for stage in reached.ahead]


def _reached(findings: Sequence[FindingFate]) -> _Reached:
    """Return how far the furthest of the findings has come."""
    if not findings:
        return _Reached([], list(_AFTER_PUBLICATION))
    one = max(findings, key=_distance)
    steps = [
        Step(
            Stage.IN_FINDING,
            StepState.DONE,
            one.finding.recorded_at,
            finding=one.finding.code,
        )
    ]
    if one.answer is None and not one.changes:
        return _Reached(steps, [Stage.ANSWERED, Stage.IN_VERSION, Stage.PROGRESS])
    if one.answer is not None:
        steps.append(_answered(one.answer, one.finding))
        ending = _ending(one, one.answer, steps)
        if ending is not None:
            return ending
    return _after_change(one, steps)


def _ending(one: FindingFate, answer: OfficialAnswer, steps: list[Step]) -> _Reached | None:
    """Return the path if the answer alone decides how it goes on."""
    if one.changes:
        return None
    if answer.disposition is Disposition.NOT_ADOPTED:
        ended = replace(steps[-1], state=StepState.ENDED)
        return _Reached([*steps[:-1], ended], is_complete=True)
    if answer.disposition is Disposition.ALREADY_COVERED:
        if one.progress is None:
            return _Reached(steps, is_complete=True)
        progress = _progress(one.progress, one.progress_code)
        return _Reached([*steps, progress], is_complete=progress.state is not StepState.NOW)
    return _Reached(steps, [Stage.IN_VERSION, Stage.PROGRESS])


def _after_change(one: FindingFate, steps: list[Step]) -> _Reached:
    newest = one.changes[0]
    steps.append(
        Step(
            Stage.IN_VERSION,
            StepState.DONE,
            newest.version.adopted_at,
            version=newest.version.number,
            element=newest.change.element.code,
        )
    )
    if one.progress is not None:
        progress = _progress(one.progress, one.progress_code)
        return _Reached([*steps, progress], is_complete=progress.state is not StepState.NOW)
    if any(made.change.element.kind is ElementKind.MEASURE for made in one.changes):
        return _Reached(steps, [Stage.PROGRESS])
    return _Reached(steps, is_complete=True)


def _answered(answer: OfficialAnswer, finding: Finding) -> Step:
    return Step(
        Stage.ANSWERED,
        StepState.DONE,
        answer.published_at,
        finding=finding.code,
        disposition=answer.disposition,
        answer_id=answer.id,
    )


def _progress(report: ProgressReport, code: str) -> Step:
    states = {ProgressState.DONE: StepState.DONE, ProgressState.STOPPED: StepState.ENDED}
    return Step(
        Stage.PROGRESS,
        states.get(report.state, StepState.NOW),
        report.reported_on,
        element=code,
        percent=report.percent,
        progress=report.state,
    )


def _distance(one: FindingFate) -> tuple[bool, bool, bool, int]:
    return (
        bool(one.changes),
        one.answer is not None,
        one.progress is not None,
        one.finding.number,
    )
