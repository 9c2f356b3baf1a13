"""The building pages: their address, and what is stored."""

from __future__ import annotations

from participation.surveys import queries

BASE = "/verwaltung/beteiligungen"


def asked(site, survey):
    site.session.rollback()
    site.session.expire_all()
    return queries.questionnaire_of(site.session, survey.id)
