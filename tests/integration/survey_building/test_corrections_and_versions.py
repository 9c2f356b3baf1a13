"""After the first answer: open corrections, and new versions."""

from __future__ import annotations

import pytest

from participation.foundation.errors import Conflict
from participation.surveys import building, queries, versions
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Survey
from participation.surveys.versions import Correction, CorrectionFault
from tests.survey_edits import K, asked


def correct(make, session, survey: Survey, code: str = "F1", reason: str = "Tippfehler", **words):
    return versions.correct_wording(
        session,
        survey=survey,
        code=code,
        correction=Correction(**words),
        reason=reason,
        actor=None,
        at=make.at,
    )


def test_a_slip_is_corrected_openly_once_people_have_answered(make, session, wired):
    with pytest.raises(Conflict):
        correct(make, session, wired, parts={"text": "Nutzen Sie das?"})
    make.response(wired, make.sheet(F1="1"))
    correct(make, session, wired, parts={"text": "Nutzen Sie es ?"}, choices={"1": "Ja"})
    question = asked(session, wired).questions[0]
    assert (question.text, question.choices[0].text) == ("Nutzen Sie es ?", "Ja")
    stored = versions.corrections_of(session, asked(session, wired).version_id)
    assert [(code, one.before, one.after, one.reason) for code, one in stored] == [
        ("F1", "Nutzen Sie es?", "Nutzen Sie es ?", "Tippfehler"),
        ("F1", "ja", "Ja", "Tippfehler"),
    ]


@pytest.mark.parametrize(
    ("words", "reason", "field", "why"),
    [
        ({"parts": {"text": "Mögen Sie die Farbe Blau?"}}, "x", "text", "too_different"),
        ({"parts": {"text": "Nutzen Sie es nicht?"}}, "x", "text", "too_different"),
        ({"choices": {"2": "nie"}}, "x", "choice_2", "too_different"),
        ({"parts": {"text": ""}}, "x", "text", "missing"),
        ({"parts": {"text": "Nutzen Sie es?"}}, "x", "text", "nothing"),
        ({"parts": {"text": "Nutzen Sie es ?"}}, " ", "reason", "reason"),
    ],
)
def test_what_changes_the_meaning_is_no_correction(make, session, wired, words, reason, field, why):
    make.response(wired, make.sheet(F1="1"))
    session.commit()
    with pytest.raises(CorrectionFault) as refused:
        correct(make, session, wired, reason=reason, **words)
    assert (refused.value.field, refused.value.why) == (field, why)
    session.rollback()
    assert asked(session, wired).questions[0].text == "Nutzen Sie es?"


def test_a_column_is_corrected_in_all_rows(make, session, wired):
    make.response(wired, make.sheet(F3_1="1"))
    correct(make, session, wired, code="F3_1", choices={"2": "schlecht!"})
    rows = asked(session, wired).questions[2].rows
    assert [row.choices[1].text for row in rows] == ["schlecht!", "schlecht!"]


def test_a_new_version_asks_the_same_series_and_its_results_stay_apart(make, session, wired):
    with pytest.raises(Conflict):
        versions.begin_version(session, survey=wired, actor=None, at=make.at)
    make.response(wired, make.sheet(F1="1"))
    before = asked(session, wired)
    versions.begin_version(session, survey=wired, actor=None, at=make.at)
    after = asked(session, wired)
    assert after.version == before.version + 1
    assert [one.series for one in after.answered] == [one.series for one in before.answered]
    assert [one.condition for one in after.questions] == [one.condition for one in before.questions]
    added = building.add_question(session, survey=wired, draft=QuestionDraft(K.TEXT, "Neu?"))
    assert added.code == "F6"
    assert queries.is_answered(session, before.version_id)
    assert not queries.is_answered(session, after.version_id)
    unchanged = queries.questionnaire_of_version(session, before.version_id)
    assert len(unchanged.questions) == len(before.questions)
    make.response(wired, make.sheet(F1="2"))
    with pytest.raises(Conflict):
        versions.begin_version(session, survey=wired, actor=None, at=wired.closes_at)
