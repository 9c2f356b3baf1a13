"""A survey is translated group by group, and German stands in for the rest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.foundation.errors import Refused
from participation.surveys import arranging, building, translating
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionText
from participation.surveys.translating import TranslationFault
from tests.survey_edits import K, asked


def test_a_translation_is_stored_group_by_group_and_german_stands_in_for_the_rest(session, wired):
    arranging.write_page(session, survey=wired, page=1, title="Alltag", introduction="")
    changed = translating.translate(
        session,
        survey=wired,
        language="en",
        words={
            "survey": {"title": "Digital life"},
            "page-1": {"title": "Everyday life"},
            "F1": {"text": "Do you use it?"},
            "F1-1": {"text": "yes"},
            "F3-1": {"text": "good"},
            "F3_1": {"text": "bus"},
            "F99": {"text": "nothing"},
        },
    )
    assert changed == 6
    english = asked(session, wired, "en")
    assert (english.questions[0].text, english.questions[0].language) == ("Do you use it?", "en")
    assert [one.text for one in english.questions[0].choices] == ["yes", "nein", "k. A."]
    assert {row.choices[0].text for row in english.questions[2].rows} == {"good"}
    assert english.pages[0].title == "Everyday life"
    assert english.questions[1].language == "de"
    (state,) = translating.states_of(session, wired)
    assert (state.language, state.outdated) == ("en", 0)
    assert state.missing > 0


def test_a_translation_whose_original_changed_is_flagged_until_somebody_looks(session, wired):
    words = {"F5": {"text": "Anything else?"}}
    translating.translate(session, survey=wired, language="en", words=words)
    building.change_question(
        session, survey=wired, code="F5", draft=QuestionDraft(K.TEXT, "Noch etwas anderes?")
    )
    (state,) = translating.states_of(session, wired)
    assert state.outdated == 1
    # Saved without a change or a tick, it stays flagged.
    assert translating.translate(session, survey=wired, language="en", words=words) == 0
    assert translating.states_of(session, wired)[0].outdated == 1
    translating.translate(session, survey=wired, language="en", words=words, confirmed=["F5"])
    assert translating.states_of(session, wired)[0].outdated == 0


def test_an_empty_translation_is_removed_and_a_headless_one_refused(session, wired):
    building.change_question(
        session, survey=wired, code="F5", draft=QuestionDraft(K.TEXT, "Noch etwas?", help="Kurz.")
    )
    full = {"F5": {"text": "Anything else?", "help": "In short."}}
    translating.translate(session, survey=wired, language="en", words=full)
    with pytest.raises(TranslationFault) as refused:
        translating.translate(
            session, survey=wired, language="en", words={"F5": {"text": "", "help": "In short."}}
        )
    assert (refused.value.field, refused.value.why) == ("F5.text", "missing_head")
    translating.translate(session, survey=wired, language="en", words={"F5": {"text": ""}})
    left = sa.select(QuestionText).where(QuestionText.language == "en")
    assert session.scalars(left).all() == []
    for tag in ("de", "not a tag"):
        with pytest.raises(Refused):
            translating.translate(session, survey=wired, language=tag, words=full)


def test_easy_language_needs_no_choices_and_answered_translations_stay(make, session, wired):
    easy = {f"F{n}": {"text": f"Leichte Frage {n}?"} for n in range(1, 6)}
    rows = {"F3_1": {"text": "Bus"}, "F3_2": {"text": "Bahn"}}
    top = {"survey": dict.fromkeys(("title", "summary", "scope_open", "scope_closed"), "Leicht")}
    translating.translate(session, survey=wired, language="de-x-leicht", words=easy | rows | top)
    (state,) = translating.states_of(session, wired)
    assert (state.language, state.missing) == ("de-x-leicht", 0)
    make.response(wired, make.sheet(F1="1"))
    with pytest.raises(TranslationFault) as refused:
        translating.translate(
            session, survey=wired, language="de-x-leicht", words={"F1": {"text": "Anders?"}}
        )
    assert refused.value.why == "answered"
    added = {"F1": {"text": "Do you use it?"}}
    assert translating.translate(session, survey=wired, language="en", words=added) == 1
