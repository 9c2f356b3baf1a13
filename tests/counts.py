"""How many rows there are."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.site import Site


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def count_anew(site: Site, model: type) -> int:
    """Return how many there are now, whatever the test has read before."""
    site.session.rollback()
    return count(site.session, model)
