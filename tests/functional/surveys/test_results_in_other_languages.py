"""One result over all languages, read in each of them as far as there are words in it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind, QuestionText
from participation.surveys.translating import translate
from tests.pages import text_of
from tests.statements import queries_of

QUESTIONS = [
    QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("online", "vor Ort"), no_answer="egal"),
    QuestionDraft(QuestionKind.SCALE, "Wie leicht?", points=5, low="schwer", high="leicht"),
    QuestionDraft(QuestionKind.MATRIX, "Wie oft?", choices=("nie", "oft"), rows=("Bus", "Rad")),
    QuestionDraft(QuestionKind.MULTIPLE, "Was fehlt?", choices=("Bänke", "Bäume")),
]
ENGLISH = {
    "F1": {"text": "How?"},
    "F1-1": {"text": "online"},
    "F1-2": {"text": "in person"},
    "F1-none": {"text": "either"},
    "F2": {"text": "How easy?", "low": "difficult", "high": "easy"},
    "F3": {"text": "How often?"},
    "F3_1": {"text": "Bus"},
    "F3_2": {"text": "Bicycle"},
    "F3-1": {"text": "never"},
    "F3-2": {"text": "often"},
    # A question in German with one answer in English.
    "F4-1": {"text": "Benches"},
}


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, questions=QUESTIONS)
    translate(site.session, survey=survey, language="en", words=ENGLISH)
    site.make.answered(
        survey,
        F1={"1": 10, "2": 30},
        F2={"5": 40},
        F3_1={"1": 40},
        F3_2={"2": 40},
        F4={"1": 10, "2": 30},
    )
    site.session.commit()
    return survey


@pytest.fixture
def path(site, survey):
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        yield f"/beteiligung/{survey.slug}"


@pytest.fixture
def reader(site):
    visitor = site.visitor()
    visitor.set_cookie("language", "en")
    return visitor


def test_an_english_page_reads_questions_and_answers_in_english(reader, path):
    said = text_of(reader.get(path).text)
    for words in (
        "‘in person’",
        "How?",
        "either",
        "On average 5 on a scale from 1 (difficult) to 5 (easy).",
        "How often? Bicycle",
        "‘never’",
    ):
        assert words in said
    for words in ("Wie?", "Wie leicht?", "Wie oft?", "vor Ort", "egal", "leicht)", "Rad"):
        assert words not in said


def test_what_has_no_english_is_seen_and_heard_to_be_german(reader, path):
    page = reader.get(path).text
    assert '<p class="bt-small bt-muted" lang="de">Was fehlt?</p>' in page
    assert '<span lang="de">Bäume</span>' in page
    assert "<span>Benches</span>" in page


def test_a_german_page_stays_as_it_was_released(site, path):
    page = site.visitor().get(path).text
    said = text_of(page)
    for words in ("Wie?", "vor Ort", "Wie oft? Rad", "von 1 (schwer) bis 5 (leicht)", "Bänke"):
        assert words in said
    assert "in person" not in said
    assert '<span lang="de">Bäume</span>' not in page


def test_words_that_were_put_right_since_are_not_those_that_were_released(
    site, survey, reader, path
):
    question = site.session.get(QuestionText, (survey.versions[0].questions[0].id, "de"))
    question.text = "Wie denn?"
    site.session.commit()
    said = text_of(reader.get(path).text)
    assert "Wie?" in said
    assert "How?" not in said


def test_the_table_to_download_speaks_the_language_of_the_page(reader, path):
    file = reader.get(f"{path}/ergebnisse.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert ("How?", "in person") in {(row["Wording"], row["Answer"]) for row in rows}
    assert "vor Ort" not in file


def test_another_language_takes_one_statement_more(site, reader, path):
    german, english = site.visitor(), reader
    assert queries_of(site, english, path) == queries_of(site, german, path) + 1
    assert queries_of(site, english, path) <= 10
