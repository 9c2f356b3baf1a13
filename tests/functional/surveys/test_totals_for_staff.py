"""Staff see totals from five sheets, and nobody else does."""

from __future__ import annotations

import sqlalchemy as sa

from participation.accounts.models import Role
from participation.web.extensions import db
from tests.pages import text_of


def test_staff_see_totals_from_five_sheets_and_nobody_else_does(site, survey):
    path = f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand"
    analyst = site.staff(Role.ANALYST)
    site.make.answered(survey, F1={"1": 4})
    analyst.post(path)
    assert "Noch zu wenige Antworten" in analyst.get(path).text
    site.make.answered(survey, F1={"1": 4})
    assert "Neu gezählt" in analyst.post(path, follow_redirects=True).text
    said = text_of(analyst.get(path).text)
    assert "Rund 10 Antwortbögen" in said
    assert "Alle Befragten antworten: „online“." in said
    site.make.answered(survey, F1={"2": 1})
    assert "mindestens fünf weitere" in analyst.post(path, follow_redirects=True).text
    assert site.staff(Role.MODERATOR).get(path).status_code == 403
    assert site.visitor().get(path).status_code == 303


def test_a_staff_page_of_many_responses_takes_few_queries(site, survey):
    site.make.answered(survey, F1={"1": 500, "2": 500})
    clerk = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand"
    clerk.post(path)
    with site.app.app_context():
        engine = db.engine
    seen = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *given: seen.append(given[2]), named=False
    )
    assert clerk.get(path).status_code == 200
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= 20
