"""After the first answer: corrections, new versions and translations."""

from __future__ import annotations

import sqlalchemy as sa

from participation.surveys.models import SurveyVersion
from tests.pages import text_of


def test_with_answers_a_slip_is_corrected_and_everything_else_is_a_new_version(
    site, clerk, survey, path
):
    survey.published_at = survey.opens_at
    site.session.commit()
    leads_on = clerk.get(f"{path}/fragen/F1/berichtigen")
    assert leads_on.location.endswith("/fragen/F1")
    site.make.response(survey)
    page = clerk.get(f"{path}/fragen").text
    assert "Die Fragen stehen fest" in page
    assert "Schreibfehler berichtigen" in page
    explained = text_of(clerk.get(f"{path}/fassung").text)
    assert "Die Ergebnisse beider Fassungen bleiben getrennt." in explained
    form = {"text": "Wie möchten Sie Ihr Anliegen erledigen ?", "reason": "Tippfehler"}
    wrong = clerk.post(
        f"{path}/fragen/F1/berichtigen", data={"text": "Was essen Sie gern?", "reason": "x"}
    )
    assert wrong.status_code == 422
    assert "mehr als ein Schreibfehler" in wrong.text
    assert "Was essen Sie gern?" in wrong.text
    assert clerk.post(f"{path}/fragen/F1/berichtigen", data=form).status_code == 303
    shown = text_of(clerk.get(f"{path}/fragen").text)
    assert "heißt jetzt „Wie möchten Sie Ihr Anliegen erledigen ?“. Grund: Tippfehler" in shown
    citizens = text_of(site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen").text)
    assert "heißt jetzt „Wie möchten Sie Ihr Anliegen erledigen ?“. Grund: Tippfehler" in citizens
    assert clerk.post(f"{path}/fassung").status_code == 303
    assert "Fassung 2" in clerk.get(f"{path}/fragen").text
    assert clerk.post(f"{path}/fragen/neu?art=text", data={"text": "Neu?"}).status_code == 303
    again = clerk.post(f"{path}/fassung", follow_redirects=True)
    assert "nur, solange die Umfrage läuft und Antworten hat" in text_of(again.text)
    numbers = site.session.scalars(
        sa.select(SurveyVersion.number).where(SurveyVersion.survey_id == survey.id)
    ).all()
    assert sorted(numbers) == [1, 2]


def test_a_survey_is_translated_side_by_side_and_flagged_when_german_changes(
    site, clerk, survey, path
):
    assert "Leichte Sprache" in clerk.get(f"{path}/sprachen").text
    page = clerk.get(f"{path}/sprachen/en")
    assert "Wie möchten Sie Ihr Anliegen erledigen?" in page.text
    assert 'name="F1-1.text"' in page.text
    saved = clerk.post(
        f"{path}/sprachen/en",
        data={"survey.title": "Everyday digital", "F4.text": "What should change?"},
    )
    assert saved.status_code == 303
    assert "Texte fehlen" in text_of(clerk.get(f"{path}/sprachen").text)
    assert "Englisch: " in text_of(clerk.get(f"{path}/pruefung").text)
    clerk.post(f"{path}/fragen/F4", data={"text": "Was soll die Stadt zuerst ändern?"})
    assert "1 Text muss geprüft werden" in text_of(clerk.get(f"{path}/sprachen").text)
    flagged = clerk.get(f"{path}/sprachen/en").text
    assert "Deutsch hat sich geändert" in flagged
    kept = clerk.post(f"{path}/sprachen/en", data={"F4.text": "", "F4.help": "No names, please."})
    assert kept.status_code == 422
    assert "Bitte übersetzen Sie zuerst diesen Text." in kept.text
    assert "No names, please." in kept.text
    clerk.post(f"{path}/sprachen/en", data={"F4.text": "What should change?", "passt": "F4"})
    assert "muss geprüft werden" not in text_of(clerk.get(f"{path}/sprachen").text)
    assert clerk.get(f"{path}/sprachen/de").status_code == 404
    assert "What should change?" in clerk.get(f"{path}/fragen/vorschau/formular?sprache=en").text
