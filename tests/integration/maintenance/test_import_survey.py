"""`participation import survey`: questions, answers as they were given, and their release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.engagements.models import EngagementState, ParticipationMark
from participation.moderation.models import Ground, ModerationDecision
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.counts import count_answers
from participation.surveys.models import Survey
from participation.surveys.queries import questionnaire_of
from tests.conftest import NOON, REAL_DATA
from tests.real_input import SMALL_SETS, known, surveys

SMALL = SMALL_SETS / "youth_survey_lindenow"
NEW = ("--municipality", "lindenow", "--title", "Jugend in Lindenow")


def stored_counts(session: Session) -> dict[str, dict[str, int]]:
    survey = session.scalars(sa.select(Survey)).one()
    questionnaire = questionnaire_of(session, survey.id)
    counted = count_answers(session, questionnaire)
    return {question.code: counted[question.id].ticks for question in questionnaire.questions}


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_survey_is_stored_as_it_was_answered(command, session, town, noon):
    ran = command("import", "survey", SMALL, *NEW, "--about", "HF-1")
    assert ran.last == {"engagement": "jugend-in-lindenow", "questions": 6, "responses": 60}
    assert (ran.code, ran.err) == (0, "")
    expected = json.loads((SMALL / "expected_counts.json").read_text(encoding="utf-8"))
    assert stored_counts(session) == expected["counts"]
    survey = session.scalars(sa.select(Survey)).one()
    assert survey.state_at(NOON) is EngagementState.CLOSED
    assert survey.participants == count(session, ParticipationMark) == 60
    responses = session.scalars(sa.select(SurveyResponse)).all()
    assert {response.channel for response in responses} == {Channel.IMPORTED}
    assert len({response.receipt_hash for response in responses}) == 60


def test_people_read_labels_without_tags_and_nothing_of_the_answer_is_lost(command, session, town):
    command("import", "survey", SMALL, *NEW)
    survey = session.scalars(sa.select(Survey)).one()
    question = questionnaire_of(session, survey.id).find("K1Kontakt")
    assert question is not None
    assert [(choice.code, choice.text) for choice in question.choices][:2] == [
        ("möchte ich nur <b>online</b>", "möchte ich nur online"),
        ("möchte ich nur <b>direkt</b>", "möchte ich nur direkt"),
    ]


def test_the_release_shows_the_answers_after_disclosure_control(command, session, town):
    command("import", "survey", SMALL, *NEW, "--about", "HF-1")
    ran = command("aggregate", "jugend-in-lindenow", "--json")
    assert ran.code == 0
    tables = {one["subject"]: one["result"] for one in ran.last["aggregates"]}
    assert set(tables) == set(stored_counts(session))
    bus = {tuple(row["labels"]): row["count"] for row in tables["M1Bus"]["rows"]}
    assert bus == {("gar nicht",): 10, ("selten",): 15, ("jede Woche",): 15, ("jeden Tag",): 20}
    counts = [row["count"] for table in tables.values() for row in table["rows"]]
    assert all(number is None or number % 5 == 0 for number in counts)
    assert {tuple(one["elements"]) for one in ran.last["aggregates"]} == {("HF-1",)}
    assert "<b>" not in ran.out


def test_what_was_written_becomes_remarks(command, session, town, tmp_path):
    (tmp_path / "questions.csv").write_text(
        "variable,question\nA,Wie alt?\nB,Was fehlt?\n", encoding="utf-8"
    )
    lines = [f"{number % 3},Mir fehlt Nummer {number}" for number in range(70)] + ["4,", ","]
    (tmp_path / "responses.csv").write_text("A,B\n" + "\n".join(lines) + "\n", encoding="utf-8")
    ran = command("import", "survey", tmp_path, *NEW, "--about", "HF-2")
    assert ran.last == {"engagement": "jugend-in-lindenow", "questions": 2, "responses": 72}
    remarks = session.scalars(sa.select(SurveyRemark)).all()
    assert len(remarks) == 70
    assert {remark.status for remark in remarks} == {ContributionStatus.PUBLISHED}
    assert all([one.code for one in remark.elements] == ["HF-2"] for remark in remarks)
    grounds = session.scalars(sa.select(ModerationDecision.ground)).all()
    assert grounds == [Ground.IMPORTED] * 70
    assert len({remark.received_at for remark in remarks}) == 1


def test_pending_remarks_wait(command, session, town, tmp_path):
    (tmp_path / "questions.csv").write_text("variable,question\nB,Was?\n", encoding="utf-8")
    lines = "\n".join(f"Mir fehlt Nummer {number}" for number in range(70))
    (tmp_path / "responses.csv").write_text(f"B\n{lines}\n", encoding="utf-8")
    command("import", "survey", tmp_path, *NEW, "--status", "pending")
    assert set(session.scalars(sa.select(Contribution.status))) == {ContributionStatus.PENDING}
    assert count(session, ModerationDecision) == 0


def test_columns_that_are_no_questions_are_named_and_not_stored(command, session, town, tmp_path):
    (tmp_path / "questions.csv").write_text("variable,question\nA,Ja?\n", encoding="utf-8")
    (tmp_path / "responses.csv").write_text("id,A,ip\n1,Ja,192.0.2.1\n", encoding="utf-8")
    ran = command("import", "survey", tmp_path, *NEW)
    assert ran.last["responses"] == 1
    assert ran.err == "Left out, because they are no questions: id, ip\n"
    assert stored_counts(session) == {"A": {"Ja": 1}}


def test_a_draft_of_a_survey_can_be_filled(command, session, make, town, noon):
    make.survey(town, published=False, title="Entwurf")
    ran = command("import", "survey", SMALL, "--engagement", "entwurf")
    assert ran.last == {"engagement": "entwurf", "questions": 6, "responses": 60}
    assert len(stored_counts(session)) == 6


def test_a_survey_that_people_answer_is_left_alone(command, session, make, town, noon):
    make.survey(town, title="Offen")
    refusal = command("import", "survey", SMALL, "--engagement", "offen").refusal
    assert refusal == "the survey “offen” is open; its questions stay as they are"
    assert count(session, Answer) == 0


def test_a_survey_is_not_filled_twice(command, session, town):
    command("import", "survey", SMALL, *NEW)
    again = command("import", "survey", SMALL, "--engagement", "jugend-in-lindenow")
    assert again.refusal == "the survey “jugend-in-lindenow” has answers already"
    assert count(session, SurveyResponse) == 60


@pytest.mark.real_data
@pytest.mark.parametrize("folder", known(REAL_DATA, surveys), ids=lambda folder: folder.name)
def test_every_known_survey_is_stored_as_it_was_answered(command, session, town, folder: Path):
    ran = command("import", "survey", folder, *NEW, "--about", "HF-1")
    expected = json.loads((folder / "expected_counts.json").read_text(encoding="utf-8"))
    assert ran.last["responses"] == expected["rows"]
    assert ran.last["questions"] == len(expected["counts"])
    assert stored_counts(session) == expected["counts"]
    release = command("aggregate", "jugend-in-lindenow", "--json").last
    assert len(release["aggregates"]) == len(expected["counts"])
    for one in release["aggregates"]:
        exact = expected["counts"][one["subject"]]
        labels = [label for row in one["result"]["rows"] for label in row["labels"]]
        assert len(labels) in {0, len(exact)}
        hidden = [n for n in exact.values() if n < 5]
        shown = [row["count"] for row in one["result"]["rows"] if row["count"] is not None]
        assert not hidden or min(shown, default=5) >= 5
    if folder.name == "youth_survey_uster":
        assert (ran.last["questions"], ran.last["responses"]) == (31, 213)
