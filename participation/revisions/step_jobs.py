"""Tell those who follow a contribution of the steps between its publication and its measure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.engagements.models import Subscription
from participation.engagements.queries import named
from participation.engagements.telling import tell_subscriber
from participation.insights.models import Finding
from participation.insights.operations import FINDING_JOB
from participation.jobs.registry import registry
from participation.revisions.audience import audience_of_findings, findings_behind
from participation.strategy.models import Element, ProgressReport
from participation.strategy.monitoring import PROGRESS_JOB
from participation.web.secrets import secret_key

# So many are told in one transaction; the rest of the site waits no longer than that.
_AT_ONCE = 100


@registry.handles(FINDING_JOB)
def tell_finding(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Tell that a contribution has become part of a finding."""
    finding = session.get(Finding, payload["finding_id"])
    if finding is None:
        return
    _tell(
        session,
        audience_of_findings(session, [finding.id]),
        news=f"finding:{finding.id}",
        template="revisions/finding",
        payload={"code": finding.code, "sentence": finding.sentence},
        at=at,
    )


@registry.handles(PROGRESS_JOB)
def tell_progress(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Tell how a measure stands that a contribution has changed."""
    report = session.get(ProgressReport, payload["report_id"])
    if report is None:
        return
    element = session.get_one(Element, report.element_id)
    _tell(
        session,
        audience_of_findings(session, findings_behind(session, element.id)),
        news=f"progress:{report.id}",
        template="revisions/progress",
        payload={
            "code": element.code,
            "title": named(session, [element])[element.id].title,
            "state": report.state.value,
            "percent": report.percent,
            "reason": report.reason,
        },
        at=at,
    )


def _tell(
    session: Session,
    audience: list[Subscription],
    *,
    news: str,
    template: str,
    payload: dict[str, Any],
    at: datetime,
) -> None:
    for start in range(0, len(audience), _AT_ONCE):
        for subscription in audience[start : start + _AT_ONCE]:
            tell_subscriber(
                session,
                subscription=subscription,
                key=secret_key(),
                news=news,
                template=template,
                payload=payload,
                at=at,
            )
        session.commit()
