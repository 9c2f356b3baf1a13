"""What stands beside a result of the last time speaks the language of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.insights.aggregation import aggregate
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Choice, ChoiceText, QuestionKind, QuestionText
from tests.conftest import NOON
from tests.pages import text_of as words

ENGLISH = {"Wo?": "Where?", "Wo denn?": "Where then?", "im Rathaus": "at the town hall"}


def ask(site, days_ago, *, text="Wo?", choices=("im Rathaus", "online"), series=None):
    """Ask a question, with what there is of it in English, and release what was answered."""
    survey = site.make.survey(
        site.municipality,
        questions=[QuestionDraft(QuestionKind.SINGLE, text, choices=choices)],
        title=f"Umfrage vor {days_ago} Tagen",
        opens_at=NOON - timedelta(days=days_ago + 10),
        closes_at=NOON - timedelta(days=days_ago),
    )
    question = survey.versions[0].questions[0]
    question.series = series or question.series
    translate(site, question)
    site.make.answered(survey, F1={"1": 20 + days_ago, "2": 20})
    site.session.flush()
    aggregate(site.session, engagement=survey, actor=None, at=NOON, final=True)
    site.session.commit()
    return survey, question.series


def translate(site, question) -> None:
    text = ENGLISH[question.text_in("de").text]
    site.session.add(QuestionText(question_id=question.id, language="en", text=text))
    choices = sa.select(Choice).where(Choice.question_id == question.id)
    for choice in site.session.scalars(choices):
        if word := ENGLISH.get(choice.text_in("de")):
            site.session.add(ChoiceText(choice_id=choice.id, language="en", text=word))


@pytest.fixture
def compared(site):
    """Two surveys; “auf dem Amt” was an answer the first time only."""
    _, series = ask(site, 30, text="Wo denn?", choices=("im Rathaus", "auf dem Amt"))
    survey, _ = ask(site, 10, series=series)
    return survey


def read(site, survey, language):
    browser = site.visitor()
    browser.get(f"/sprache/{language}")
    page = browser.get(f"/beteiligung/{survey.slug}").text
    return page[page.index("-vergleich") :]


def test_a_comparison_says_questions_and_answers_in_the_language_of_the_page(site, compared):
    page = read(site, compared, "en")
    assert "‘at the town hall’:" in words(page)
    assert '<th scope="row">at the town hall</th>' in page
    assert "the question was: ‘Where then?’" in words(page)
    assert "im Rathaus" not in page


def test_an_answer_without_english_words_says_that_it_is_german(site, compared):
    page = read(site, compared, "en")
    assert '<th scope="row" lang="de">online</th>' in page
    assert '<th scope="row" lang="de">auf dem Amt</th>' in page


def test_a_comparison_in_german_stays_as_it_was_released(site, compared):
    page = read(site, compared, "de")
    assert "„im Rathaus“:" in words(page)
    assert '<th scope="row">auf dem Amt</th>' in page
    assert "Damals hieß die Frage: „Wo denn?“" in words(page)
    assert "lang=" not in page[: page.index("</details>")]
