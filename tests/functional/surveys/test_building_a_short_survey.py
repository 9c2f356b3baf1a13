"""A clerk builds a survey and publishes it."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.surveys.models import Question
from tests.counts import count_anew


def test_a_clerk_builds_a_survey_and_publishes_it(site):
    site.make.adopted_strategy(site.municipality)
    clerk = site.staff(Role.STRATEGIST)
    assert clerk.get("/beteiligung/neu/umfrage").status_code == 200
    plan = {
        "title": "Wie geht es im Rathaus?",
        "scope_open": "Öffnungszeiten",
        "scope_closed": "Das Gebäude",
        "elements": ["M-01"],
        "opens_on": "2026-05-07",
        "opens_time": "08:00",
        "closes_on": "2026-06-07",
        "closes_time": "20:00",
        "audience": "open",
        "moderation_mode": "before",
        "results_mode": "at_closing",
    }
    begun = clerk.post("/beteiligung/neu/umfrage", data=plan)
    assert begun.status_code == 303
    questions = begun.headers["Location"]
    slug = questions.split("/")[-2]
    assert "Noch keine Frage" in clerk.get(questions).text
    early = clerk.post(f"/verwaltung/beteiligungen/{slug}/veroeffentlichen", follow_redirects=True)
    assert "Es gibt noch keine Fragen" in early.text

    faulty = clerk.post(
        f"{questions}/neu?art=single", data={"text": "Kommen Sie gern?", "choices": "ja"}
    )
    assert faulty.status_code == 422
    assert "mindestens zwei Antworten" in faulty.text
    assert "Kommen Sie gern?" in faulty.text
    for kind, fields in (
        ("single", {"text": "Kommen Sie gern?", "choices": "ja\r\nnein", "required": "y"}),
        ("multiple", {"text": "Wann?", "choices": "früh\nspät", "max_choices": "1"}),
        ("scale", {"text": "Wie zufrieden?", "points": "4", "low": "gar nicht", "high": "sehr"}),
        ("text", {"text": "Was fehlt?", "elements": ["M-01"]}),
    ):
        assert clerk.post(f"{questions}/neu?art={kind}", data=fields).status_code == 303
    changed = clerk.get(f"{questions}/F1")
    assert "ja\nnein" in changed.text.replace("\r", "")
    clerk.post(f"{questions}/F1", data={"text": "Kommen Sie gerne?", "choices": "ja\nnein"})
    clerk.post(f"{questions}/F4/verschieben", data={"richtung": "hoch"})
    clerk.post(f"{questions}/F2/loeschen")
    page = clerk.get(questions).text
    order = [page.index(text) for text in ("Kommen Sie gerne?", "Was fehlt?", "Wie zufrieden?")]
    assert order == sorted(order)
    assert "Wann?" not in page
    assert clerk.post(f"/verwaltung/beteiligungen/{slug}/pruefung").status_code == 303
    form = site.visitor().get(f"/beteiligung/{slug}/teilnehmen")
    assert "Kommen Sie gerne?" in form.text


def test_the_questions_are_locked_after_the_first_answer(site, survey):
    clerk = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert "Nach unten" in clerk.get(path).text
    site.make.response(survey)
    page = clerk.get(path).text
    assert "Die Fragen stehen fest" in page
    assert "Nach unten" not in page
    for target, fields in (
        ("neu?art=text", {"text": "Noch etwas?"}),
        ("F1", {"text": "Anders?", "choices": "a\nb"}),
        ("F1/loeschen", {}),
        ("F1/verschieben", {"richtung": "runter"}),
    ):
        answer = clerk.post(f"{path}/{target}", data=fields, follow_redirects=True)
        assert "Es gibt schon Antworten" in answer.text
    assert count_anew(site, Question) == 4


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_others_do_not_build_surveys(site, survey, role):
    other = site.staff(role)
    base = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert other.get("/beteiligung/neu/umfrage").status_code == 403
    assert other.get(f"{base}/neu").status_code == 403
    assert other.post(f"{base}/F1/loeschen").status_code == 403
    assert count_anew(site, Question) == 4


def test_unknown_questions_and_kinds_are_not_found(site, survey):
    clerk = site.staff(Role.STRATEGIST)
    base = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert clerk.get(f"{base}/neu?art=telepathie").status_code == 404
    assert clerk.get(f"{base}/F99").status_code == 404
    assert clerk.post(f"{base}/F99/loeschen").status_code == 404
    assert clerk.post(f"{base}/F1/verschieben", data={"richtung": "quer"}).status_code == 400
