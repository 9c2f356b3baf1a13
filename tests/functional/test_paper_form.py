"""Citizens print a survey: who may, in which language, and that it asks what the screen asks."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial

import pytest
from PIL import Image

from participation.accounts.models import Role
from participation.engagements.models import Audience
from participation.foundation import clock
from participation.foundation.pdf import Shelf
from participation.surveys import building, pictures, queries, translating
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind
from tests.arranged import arranged
from tests.pages import pressed
from tests.pdf_text import pages_of

PATH = "/beteiligung/papier"
FORM = f"{PATH}/fragebogen.pdf"


@pytest.fixture
def survey(site):
    return arranged(site, "a survey for paper", write_survey)


def write_survey(site):
    return site.make.survey(
        site.municipality, title="Papier", questions=site.make.every_kind(), summary="Wie geht es?"
    )


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(pages_of(pdf)).split())


def test_a_citizen_prints_an_open_survey_from_its_page(site, survey):
    visitor = site.visitor()
    assert f'href="{FORM}?sprache=de"' in visitor.get(PATH).text
    assert FORM in visitor.get(f"{PATH}/teilnehmen").text
    answer = visitor.get(FORM)
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"/StructTreeRoot" in answer.data
    assert "Set-Cookie" not in answer.headers
    assert "Wie geht es?" in words_of(answer.data)


@pytest.mark.parametrize("audience", [Audience.CODE, Audience.MAIL, Audience.ACCOUNT])
def test_where_people_are_counted_more_exactly_only_staff_print_the_form(site, survey, audience):
    survey.audience = audience
    site.session.commit()
    assert site.visitor().get(FORM).status_code == 404
    assert "fragebogen.pdf" not in site.visitor().get(PATH).text
    staff = site.staff(Role.MODERATOR)
    assert staff.get("/verwaltung/beteiligungen/papier/druckbogen").status_code == 200


def test_before_and_after_nothing_is_printed(site, survey):
    for moment in (survey.opens_at - timedelta(minutes=1), survey.closes_at):
        with clock.standing_at(moment):
            assert site.visitor().get(FORM).status_code == 404
            assert "fragebogen.pdf" not in site.visitor().get(PATH).text


def test_paper_one_page_and_steps_ask_the_same_questions(site, survey):
    questions = queries.questionnaire_of(site.session, survey.id).questions
    texts = {
        text
        for one in questions
        for text in (one.text, *(row.text for row in one.rows), *(c.text for c in one.choices))
    }
    visitor = site.visitor()
    paper = words_of(visitor.get(FORM).data)
    one_page = visitor.get(f"{PATH}/teilnehmen?ansicht=seite").text
    assert {text for text in texts if text not in paper} == set()
    assert {text for text in texts if text not in one_page} == set()
    # Step by step, a question whose condition does not hold is not shown: here all hold.
    page, steps = visitor.get(f"{PATH}/teilnehmen").text, ""
    typed = [{"frage_F1": "2"}, {"frage_F4": "1"}, {}, {}]
    for answers in typed:
        steps += page
        button = "Weiter" if "Weiter" in page else "Antworten prüfen"
        action, fields = pressed(page, button, **answers)
        page = visitor.post(action, data=fields).text
    assert {text for text in texts if text not in steps} == set()


def test_the_form_is_printed_in_the_language_that_it_is_read_in(site, survey):
    for language, words in (("en", "How are you?"), ("ar", "كيف حالك")):
        translating.translate(
            site.session,
            survey=survey,
            language=language,
            words={"survey": {"title": "Paper", "summary": words}, "F1": {"text": words}},
        )
    site.session.commit()
    english = site.visitor().get(f"{FORM}?sprache=en").data
    assert "1. How are you?" in words_of(english)
    assert "Tick with a dark pen" in words_of(english) or "tick" in words_of(english).lower()
    assert b"/Lang (en" in english or b"/Lang(en" in english
    # Signs that our typefaces lack are not printed as squares.
    assert "1. Wie kommen Sie meist in die Stadt?" in words_of(
        site.visitor().get(f"{FORM}?sprache=ar").data
    )


def test_a_picture_is_printed_with_words_for_those_who_do_not_see_it(site):
    survey = site.make.survey(site.municipality, title="Papier", questions=[], published=False)
    building.add_question(
        site.session, survey=survey, draft=QuestionDraft(QuestionKind.TEXT, "Was stört hier?")
    )
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(file, "PNG")
    pictures.put_picture(
        site.session, survey=survey, code="F1", content=file.getvalue(), shows="Der Marktplatz"
    )
    survey.published_at = survey.opens_at
    site.session.commit()
    content = site.visitor().get(FORM).data
    assert b"/Figure" in content
    assert "Der Marktplatz".encode("utf-16-be") in content or b"Der Marktplatz" in content


def test_a_form_that_many_ask_for_is_made_once_and_the_last_ones_are_kept():
    made: list[int] = []

    def make(number: int) -> bytes:
        made.append(number)
        return b"%d" % number

    shelf = Shelf(most=2)
    for number in (1, 1, 2, 1, 3, 1, 2):
        assert shelf.get({"number": number}, partial(make, number)) == b"%d" % number
    assert made == [1, 2, 3, 2]
