"""Questions and surveys are begun from a library, a template or an earlier survey."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.engagements.operations import publish_engagement
from participation.foundation.errors import NotFound, Refused
from participation.strategy.queries import choices_of_elements
from participation.surveys import building, library, patterns, pictures, queries, translating
from participation.surveys.checking import remarks_on
from participation.surveys.drafts import QuestionDraft
from tests.survey_edits import YES_NO, K, asked, picture


def test_every_question_of_the_library_can_be_asked_and_keeps_its_series(session, survey, measures):
    lines = library.lines_about(measures, {one.code: f"Titel {one.code}" for one in measures})
    keys = [question.key for group in library.library() for question in group.questions]
    assert len(keys) >= 25
    library.insert_questions(session, survey=survey, keys=keys, lines=lines)
    questionnaire = asked(session, survey)
    assert [one.series for one in questionnaire.questions] == [f"library/{key}" for key in keys]
    about = next(
        one for one in questionnaire.questions if one.series.endswith("importance-measures")
    )
    assert [row.series for row in about.rows] == [
        f"library/importance-measures/{one.code}" for one in measures
    ]
    hints = [one for one in remarks_on(questionnaire) if one.code]
    assert hints == []
    (again,) = library.insert_questions(session, survey=survey, keys=["ease"], lines=lines)
    assert not again.series.startswith("library/")
    with pytest.raises(NotFound):
        library.insert_questions(session, survey=survey, keys=["unknown"])


@pytest.mark.parametrize("template", patterns.survey_templates(), ids=lambda one: one.key)
def test_every_template_is_ready_to_open(make, session, town, measures, template):
    titles_of = dict(choices_of_elements(session, measures[0].strategy_id))
    survey = patterns.open_from_template(
        session,
        municipality=town,
        template=template,
        plan=make.plan(title=template.name, elements=tuple(measures)),
        titles={code: text.removeprefix(code).strip() for code, text in titles_of.items()},
        actor=None,
        at=make.at,
    )
    questionnaire = asked(session, survey)
    assert len(questionnaire.questions) == template.number
    assert [page.title for page in questionnaire.pages] == [page.title for page in template.pages]
    assert remarks_on(questionnaire) == ()
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at


def test_a_template_that_weighs_measures_needs_two(make, session, town, measures):
    template = patterns.survey_template("priorities")
    with pytest.raises(Refused) as refused:
        patterns.open_from_template(
            session,
            municipality=town,
            template=template,
            plan=make.plan(elements=(measures[0],)),
            titles={measures[0].code: "Service"},
            actor=None,
            at=make.at,
        )
    assert refused.value.field == "elements"


def test_asked_again_it_is_the_same_series_about_the_chosen_elements(
    make, session, town, wired, measures
):
    first, second, _third = measures
    building.add_question(
        session,
        survey=wired,
        draft=QuestionDraft(
            K.MATRIX, "Wie wichtig?", rows=(f"{first.code} A", f"{second.code} B"), choices=YES_NO
        ),
    )
    pictures.put_picture(session, survey=wired, code="F1", content=picture(), shows="Der Markt")
    translating.translate(
        session, survey=wired, language="en", words={"F1": {"text": "Do you use it?"}}
    )
    make.response(wired, make.sheet(F1="1"))
    later = patterns.ask_again(
        session,
        municipality=town,
        earlier=wired,
        plan=make.plan(title="Noch einmal", elements=(first,)),
        actor=None,
        at=make.at,
    )
    before, after = asked(session, wired), asked(session, later)
    assert [one.series for one in after.answered] == [one.series for one in before.answered]
    assert [one.condition for one in after.questions] == [one.condition for one in before.questions]
    assert [one.code for one in after.questions] == [one.code for one in before.questions]
    rows = after.questions[5].rows
    assert [[code for code, _ in row.elements] for row in rows] == [[first.code], []]
    assert after.questions[0].picture == before.questions[0].picture
    assert asked(session, later, "en").questions[0].text == "Do you use it?"
    assert {one.id for one in after.answered}.isdisjoint({one.id for one in before.answered})
    building.delete_question(session, survey=later, code="F5")  # Nobody answered the new one.


def test_only_surveys_that_have_ended_can_be_asked_again(make, session, town, wired):
    assert patterns.ended_surveys(session, town.id, make.at) == []
    later = wired.closes_at + timedelta(seconds=1)
    assert patterns.ended_surveys(session, town.id, later) == [wired]


def test_every_word_of_the_library_stands_in_english_too():
    english = library.library_in("en")
    asked = [question for group in library.library() for question in group.questions]
    german = {question.text for question in asked}
    for question in asked:
        words = dict(question.words)
        german |= {
            words[name] for name in ("help", "low", "high", "other", "no_answer") if name in words
        }
        german |= {line for name in ("choices", "rows") for line in words.get(name, ())}
    for template in patterns.survey_templates():
        german |= {template.name, template.summary, template.scope_open, template.scope_closed}
        german |= {words for page in template.pages for words in (page.title, page.introduction)}
    german.discard("")
    assert german - english.keys() == set()
    assert english.keys() - german == set()
    assert all(word.strip() for word in english.values())
    assert library.library_in("fr") == {}


def test_a_survey_in_english_gets_the_library_in_english(session, survey, measures):
    library.insert_questions(session, survey=survey, keys=["ease"])
    before = translating.states_of(session, survey)
    translating.translate(
        session, survey=survey, language="en", words={"survey": {"title": "Everyday life"}}
    )
    translating.translate(
        session, survey=survey, language="fr", words={"survey": {"title": "La vie"}}
    )
    lines = library.lines_about(measures, {one.code: f"Titel {one.code}" for one in measures})
    library.insert_questions(
        session,
        survey=survey,
        keys=["use-services", "person-age", "importance-measures"],
        lines=lines,
    )
    services, age, measures_asked = queries.questionnaire_of(
        session, survey.id, language="en"
    ).questions[-3:]
    assert before == []
    assert (services.text, services.language) == ("How often do you use these services?", "en")
    assert [row.text for row in services.rows][:2] == [
        "Booking an appointment online",
        "Making an application online",
    ]
    assert [one.text for one in services.rows[1].choices] == [
        *("never", "rarely", "often", "I don't know it")
    ]
    assert age.choices[0].text == "under 18"
    # What the strategy says is the town's to translate; until then it is seen to be German.
    assert measures_asked.text == "How important to you is …?"
    assert {row.language for row in measures_asked.rows} == {"de"}
    states = {state.language: state for state in translating.states_of(session, survey)}
    assert states["en"].outdated == 0
    (german,) = (
        one
        for one in queries.questionnaire_of(session, survey.id, language="fr").questions
        if one.series.endswith("person-age")
    )
    assert german.language == "de"
