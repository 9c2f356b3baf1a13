"""The check names what is doubtful, and the preview cannot be sent."""

from __future__ import annotations

from participation.surveys.models import Survey
from tests.building_pages import asked
from tests.pages import text_of
from tests.site import Site


def test_the_check_names_what_is_doubtful_and_publishing_refuses_the_unreachable(
    site, clerk, survey, path
):
    for text in ("Wie schnell und freundlich ist das Bürgerbüro?", "Warum?"):
        clerk.post(f"{path}/fragen/neu?art=text", data={"text": text})
    clerk.post(
        f"{path}/fragen/F6",
        data={"text": "Warum?", "terms-0-answer": "F1|ticked|1", "terms-1-answer": "F1|ticked|2"},
    )
    page = text_of(clerk.get(f"{path}/pruefung").text)
    assert "F5: Wie schnell und freundlich ist das Bürgerbüro?" in page
    assert "verbindet hier wohl zwei Dinge" in page
    assert "Diese Frage bekommt niemand zu sehen" in page
    assert "Umfrage veröffentlichen" not in page
    assert "verbindet hier wohl zwei Dinge" in text_of(clerk.get(f"{path}/fragen").text)
    assert clerk.post(f"{path}/pruefung").status_code == 422
    leads_on = clerk.post(f"{path}/veroeffentlichen")
    assert leads_on.location.endswith("/pruefung")
    assert not is_published(site, survey)
    clerk.post(f"{path}/fragen/F6", data={"text": "Warum?", "terms-0-answer": "F1|ticked|1"})
    assert clerk.post(f"{path}/pruefung").status_code == 303
    assert is_published(site, survey)
    assert "schon veröffentlicht" in clerk.post(f"{path}/pruefung", follow_redirects=True).text


def test_a_published_survey_is_not_changed_into_one_that_asks_what_nobody_can_reach(
    site, clerk, survey, path
):
    clerk.post(f"{path}/fragen/neu?art=text", data={"text": "Warum?"})
    assert clerk.post(f"{path}/pruefung").status_code == 303
    both = {"terms-0-answer": "F1|ticked|1", "terms-1-answer": "F1|ticked|2"}
    refused = clerk.post(f"{path}/fragen/F5", data={"text": "Weshalb denn?"} | both)
    assert refused.status_code == 422
    assert "so bekäme niemand diese Fragen zu sehen: F5." in refused.text
    assert 'value="Weshalb denn?"' in refused.text
    added = clerk.post(f"{path}/fragen/neu?art=text", data={"text": "Und nun?"} | both)
    assert added.status_code == 422
    assert [one.text for one in asked(site, survey).questions][4:] == ["Warum?"]
    one = {"text": "Weshalb denn?", "terms-0-answer": "F1|ticked|1"}
    assert clerk.post(f"{path}/fragen/F5", data=one).status_code == 303


def test_the_last_question_of_a_published_survey_stays(site, clerk, survey, path):
    assert clerk.post(f"{path}/pruefung").status_code == 303
    codes = [one.code for one in asked(site, survey).questions]
    for code in codes:
        page = clerk.post(f"{path}/fragen/{code}/loeschen", follow_redirects=True)
    assert "Ihre letzte Frage lässt sich nicht löschen" in page.text
    assert [one.code for one in asked(site, survey).questions] == codes[-1:]


def test_the_preview_is_the_real_form_in_a_frame_and_cannot_be_sent(site, clerk, survey, path):
    frame = clerk.get(f"{path}/fragen/vorschau")
    assert "frame-src 'self'" in frame.headers["Content-Security-Policy"]
    assert f"{path}/fragen/vorschau/formular" in frame.text
    inner = clerk.get(f"{path}/fragen/vorschau/formular")
    policy = inner.headers["Content-Security-Policy"]
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert inner.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'name="frage_F1"' in inner.text
    assert "kann nicht abgesendet werden" in inner.text
    assert 'type="submit"' not in inner.text
    elsewhere = clerk.get(f"{path}/fragen").headers
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]
    assert elsewhere["X-Frame-Options"] == "DENY"
    assert site.visitor().get(f"{path}/fragen/vorschau/formular").status_code == 303


def is_published(site: Site, survey: Survey) -> bool:
    site.session.refresh(survey)
    return survey.published_at is not None
