"""What became of a contribution: the chain from receipt to progress, read backwards.

Only what is public follows from anything: no draft, no answer before it is published.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from participation.contributions.models import Contribution, ContributionStatus
from participation.insights.equals import citations
from participation.insights.models import Finding
from participation.moderation.models import Action, ModerationDecision
from participation.revisions.models import (
    AnsweredFinding,
    Change,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.reasons import places_of
from participation.revisions.steps import FindingFate, MadeChange, Step, StepState, steps_of
from participation.strategy.models import (
    Element,
    ElementKind,
    ProgressReport,
    StrategyVersion,
)


@dataclass(frozen=True)
class Fate:
    """What became of one contribution, as steps and as the rows behind them."""

    steps: Sequence[Step]
    decision: ModerationDecision | None = None
    findings: Sequence[FindingFate] = ()

    @property
    def current(self) -> Step:
        """The furthest step that was reached."""
        return [step for step in self.steps if step.state is not StepState.TODO][-1]

    @property
    def made_changes(self) -> list[MadeChange]:
        """The changes that the contribution led to, the newest first, each once.

        What several findings changed about one element is told together.
        """
        by_id: dict[int, MadeChange] = {}
        for made in (made for one in self.findings for made in one.changes):
            known = by_id.get(made.change.id, made)
            is_all = not known.places or not made.places
            together = dict.fromkeys((*known.places, *made.places))
            by_id[made.change.id] = replace(made, places=() if is_all else tuple(together))
        return sorted(by_id.values(), key=lambda made: made.change.id, reverse=True)

    @property
    def answers(self) -> list[OfficialAnswer]:
        """The published answers, the newest first, each once."""
        by_id = {one.answer.id: one.answer for one in self.findings if one.answer}
        return [by_id[answer_id] for answer_id in sorted(by_id, reverse=True)]


def fate_of(session: Session, contribution: Contribution) -> Fate:
    """Return what became of one contribution."""
    return fates_of(session, [contribution])[contribution.id]


def fates_of(session: Session, contributions: Sequence[Contribution]) -> Mapping[uuid.UUID, Fate]:
    """Return what became of each, in a fixed number of queries."""
    decisions = _decisions(session, contributions)
    cited = _findings_citing(session, contributions)
    by_id = {finding.id: finding for findings in cited.values() for finding in findings}
    followed = finding_fates(session, list(by_id.values()))
    fates = {}
    for one in contributions:
        findings = [followed[finding.id] for finding in cited.get(one.id, [])]
        decision = decisions.get(one.id)
        steps = steps_of(
            status=one.status,
            received_at=one.received_at,
            published_at=one.published_at,
            decided_at=decision.decided_at if decision else None,
            findings=findings,
        )
        is_public = one.status is ContributionStatus.PUBLISHED
        fates[one.id] = Fate(steps, decision, findings if is_public else ())
    return fates


def _decisions(
    session: Session, contributions: Sequence[Contribution]
) -> dict[uuid.UUID, ModerationDecision]:
    """Return the last decision against each contribution that is not shown because of one."""
    refused = [
        one.id
        for one in contributions
        if one.status in {ContributionStatus.REJECTED, ContributionStatus.HIDDEN}
    ]
    if not refused:
        return {}
    rows = session.scalars(
        sa.select(ModerationDecision)
        .where(
            ModerationDecision.contribution_id.in_(refused),
            ModerationDecision.undone_at.is_(None),
            ModerationDecision.action.in_([Action.REJECT, Action.HIDE]),
        )
        .order_by(ModerationDecision.decided_at, ModerationDecision.id)
    )
    return {row.contribution_id: row for row in rows}


def _findings_citing(
    session: Session, contributions: Sequence[Contribution]
) -> dict[uuid.UUID, list[Finding]]:
    shown = [one.id for one in contributions if one.status is ContributionStatus.PUBLISHED]
    cited: dict[uuid.UUID, list[Finding]] = defaultdict(list)
    if not shown:
        return cited
    cites = citations(shown)
    rows = session.execute(
        sa.select(cites.c.contribution_id, Finding)
        .join(Finding, Finding.id == cites.c.finding_id)
        .options(joinedload(Finding.elements))
        .order_by(Finding.number)
    ).unique()
    for contribution_id, finding in rows:
        cited[contribution_id].append(finding)
    return cited


def finding_fates(
    session: Session,
    findings: Sequence[Finding],
    *,
    answers: Mapping[int, OfficialAnswer] | None = None,
    unchanged: bool = True,
) -> dict[int, FindingFate]:
    """Return what followed from each finding: published answer, adopted changes, progress.

    `answers` are the published ones, where the caller has read them already. Without
    `unchanged` the progress of measures that did not change is not asked for.
    """
    if not findings:
        return {}
    ids = [finding.id for finding in findings]
    given = published_answers(session, ids) if answers is None else answers
    changes = made_changes(session, ids)
    near = {
        finding.id: _measure_of(finding)
        for finding in findings
        if unchanged and not changes.get(finding.id) and finding.id in given
    }
    reports = _latest_reports(session, {measure.id for measure in near.values() if measure})
    fates = {}
    for finding in findings:
        made = changes.get(finding.id, [])
        measure, report = _standing_of(made) if made else (near.get(finding.id), None)
        if measure is not None and report is None:
            report = reports.get(measure.id)
        fates[finding.id] = FindingFate(
            finding, given.get(finding.id), made, report, measure.code if measure else ""
        )
    return fates


def published_answers(session: Session, finding_ids: Sequence[int]) -> dict[int, OfficialAnswer]:
    """Return the published answer to each finding; what is not published is not there."""
    rows = session.execute(
        sa.select(AnsweredFinding.finding_id, OfficialAnswer)
        .join(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(
            AnsweredFinding.finding_id.in_(finding_ids), OfficialAnswer.published_at.is_not(None)
        )
    )
    return dict(rows.all())


def made_changes(session: Session, finding_ids: Sequence[int]) -> dict[int, list[MadeChange]]:
    """Return the changes that adopted versions made because of each finding, the newest first."""
    base = aliased(StrategyVersion)
    rows = session.execute(
        sa.select(ChangeReason, Change, StrategyVersion, base.number, ProgressReport)
        .join(Change, Change.id == ChangeReason.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(StrategyVersion, StrategyVersion.id == Revision.resulting_version_id)
        .join(base, base.id == Revision.base_version_id)
        .outerjoin(
            ProgressReport,
            sa.and_(ProgressReport.element_id == Change.element_id, ~_is_outdated()),
        )
        .where(ChangeReason.finding_id.in_(finding_ids), Revision.status == RevisionStatus.ADOPTED)
        .options(joinedload(Change.element), joinedload(Change.fields))
        .order_by(Revision.id.desc(), Change.id)
    ).unique()
    made: dict[int, list[MadeChange]] = defaultdict(list)
    for reason, change, version, earlier_number, report in rows:
        if reason.finding_id is not None:
            one = MadeChange(change, version, earlier_number, report, places_of(reason))
            made[reason.finding_id].append(one)
    return made


def _standing_of(made: Sequence[MadeChange]) -> tuple[Element | None, ProgressReport | None]:
    """Return the first measure that changed, and how it stands."""
    for one in made:
        if one.change.element.kind is ElementKind.MEASURE:
            return one.change.element, one.progress
    return None, None


def _measure_of(finding: Finding) -> Element | None:
    """Return the first measure that a finding is about."""
    return next((one for one in finding.elements if one.kind is ElementKind.MEASURE), None)


def _is_outdated() -> sa.ColumnElement[bool]:
    """Whether there is a later report on the same measure."""
    later = aliased(ProgressReport)
    return sa.exists().where(
        later.element_id == ProgressReport.element_id,
        sa.tuple_(later.reported_on, later.id)
        > sa.tuple_(ProgressReport.reported_on, ProgressReport.id),
    )


def _latest_reports(session: Session, element_ids: Iterable[int]) -> dict[int, ProgressReport]:
    chosen = set(element_ids)
    if not chosen:
        return {}
    rows = session.scalars(
        sa.select(ProgressReport).where(ProgressReport.element_id.in_(chosen), ~_is_outdated())
    )
    return {report.element_id: report for report in rows}
