"""Who answers in English reads English around the questions too, and can go back to German."""

from __future__ import annotations

import pytest

from participation.surveys import translating

PATH = "/beteiligung/sprachen/teilnehmen"


@pytest.fixture
def survey(site):
    survey = site.make.survey(
        site.municipality,
        title="Sprachen",
        questions=site.make.every_kind(),
        summary="Eins.\nZwei.",
    )
    for language, words in (("en", "How do you get to town?"), ("fr", "Comment venez-vous ?")):
        translating.translate(
            site.session, survey=survey, language=language, words={"F1": {"text": words}}
        )
    site.session.commit()
    return survey


def test_the_words_around_the_questions_are_in_their_language(site, survey):
    page = site.visitor().get(f"{PATH}?sprache=en").text
    assert '<html lang="en"' in page
    assert "How do you get to town?" in page
    assert "Question 1" in page
    assert "Frage 1" not in page
    # What is not translated is German, and says so.
    assert 'lang="de"' in page


def test_a_language_that_the_pages_do_not_speak_has_german_around_it(site, survey):
    page = site.visitor().get(f"{PATH}?sprache=fr").text
    assert '<html lang="de"' in page
    assert "Frage 1" in page
    assert 'lang="fr"' in page


def test_whoever_reads_pages_in_english_can_read_a_survey_in_german(site, survey):
    visitor = site.visitor()
    visitor.set_cookie("language", "en")
    assert '<html lang="de"' in visitor.get(f"{PATH}?sprache=de").text


def test_choosing_the_language_of_the_pages_undoes_that_of_the_survey(site, survey):
    back = site.visitor().get(f"/sprache/de?weiter={PATH}?sprache=en%26zu=M-01").location
    assert back.endswith(f"{PATH}?zu=M-01")
