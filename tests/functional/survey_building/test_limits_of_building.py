"""Large surveys take few statements, and full ones no more questions."""

from __future__ import annotations

import sqlalchemy as sa

from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Question, QuestionKind
from participation.web.extensions import db
from tests.building_pages import BASE

K = QuestionKind


def statements(site, client, path: str) -> int:
    with site.app.app_context():
        engine = db.engine
    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert client.get(path).status_code == 200
    return len([one for one in seen if not one.startswith("BEGIN")])


def test_the_pages_of_a_large_survey_take_at_most_twenty_statements(site, clerk):
    drafts = [
        QuestionDraft(K.MATRIX, f"Wie gut {n}?", rows=("a", "b", "c"), choices=("gut", "schlecht"))
        for n in range(20)
    ]
    survey = site.make.survey(site.municipality, questions=drafts)
    site.make.response(survey, site.make.sheet(F1_1="1"))
    path = f"{BASE}/{survey.slug}"
    for target in (
        *("fragen", "pruefung", "fragen/vorschau", "fragen/vorschau/formular"),
        *("sprachen", "sprachen/en"),
        *("fassung", "fragen/F1", "fragen/F1/berichtigen", "fragen/bibliothek", "seiten/1"),
    ):
        assert statements(site, clerk, f"{path}/{target}") <= 20, target


def test_a_full_survey_takes_no_more_questions(site, clerk):
    drafts = [QuestionDraft(K.TEXT, f"Frage {n}?") for n in range(80)]
    survey = site.make.survey(site.municipality, published=False, questions=drafts)
    path = f"{BASE}/{survey.slug}/fragen"
    refused = clerk.post(f"{path}/neu?art=text", data={"text": "Noch eine?"})
    assert refused.status_code == 422
    assert "höchstens 80 Fragen" in refused.text
    for target, fields in (("F1/verdoppeln", {}), ("bibliothek", {"fragen": ["ease"]})):
        answer = clerk.post(f"{path}/{target}", data=fields, follow_redirects=True)
        assert "höchstens 80 Fragen" in answer.text
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 80
