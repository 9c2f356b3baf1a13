"""The pages of the strategy team: their address, and what is stored behind them."""

from __future__ import annotations

from contextlib import contextmanager

from participation.strategy import queries

BASE = "/werkstatt/strategie"


def said(site, strategy, code):
    """What the current version says about an element, read afresh."""
    with looking(site) as session:
        version = queries.current_version(session, strategy.id)
        assert version is not None
        return site.make.contents(version).get(code)


@contextmanager
def looking(site):
    """Look at what is stored now, and leave the database to the pages again."""
    site.session.expire_all()
    yield site.session
    site.session.rollback()
