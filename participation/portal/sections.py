"""What the sections on findings, answers and changes need, for the pages that include them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from participation.insights.charts import charts_of
from participation.portal import paths, voices
from participation.portal.queries.element_evidence import element_voices
from participation.portal.queries.outcomes import newest_outcomes


def element_sections(session: Session, element_id: int) -> dict[str, Any]:
    """Return the context of `portal/element_evidence.html`, `_answers.html`, `_changes.html`."""
    found = element_voices(session, element_id)
    return {
        "element_voices": found,
        "charts": charts_of(session, found.said.aggregates),
        "paths": paths,
        "voices": voices,
    }


def home_sections(session: Session, municipality_id: int) -> dict[str, Any]:
    """Return the context of `portal/home_outcomes.html`."""
    return {
        "outcomes": newest_outcomes(session, municipality_id),
        "paths": paths,
        "voices": voices,
    }
