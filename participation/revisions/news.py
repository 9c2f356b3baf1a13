"""What a mail says of an answer or of a new version: plain values, no citizen's text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from participation.revisions.models import Announcement, OfficialAnswer

_MOST_ANSWERS = 5


def news_of(session: Session, announcement: Announcement) -> dict[str, Any]:
    """Return the payload of the announcement's mails."""
    if announcement.answer is not None:
        return {"answer": _told(announcement.answer)}
    version = announcement.version
    if version is None:
        raise ValueError("an announcement is about an answer or a version")
    answers = session.scalars(
        sa.select(OfficialAnswer)
        .where(
            OfficialAnswer.strategy_id == announcement.strategy_id,
            OfficialAnswer.published_at == announcement.announced_at,
        )
        .options(selectinload(OfficialAnswer.findings))
        .order_by(OfficialAnswer.id)
    ).all()
    return {
        "number": version.number,
        "resolution": version.resolution_number,
        "body": version.resolution_body,
        "answers": [_told(answer) for answer in answers[:_MOST_ANSWERS]],
        "more_answers": max(0, len(answers) - _MOST_ANSWERS),
    }


def _told(answer: OfficialAnswer) -> dict[str, Any]:
    return {
        "disposition": answer.disposition.value,
        "reasons": answer.reasons,
        "findings": [
            {"code": finding.code, "sentence": finding.sentence} for finding in answer.findings
        ],
    }
