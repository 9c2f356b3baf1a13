"""Folders of conversations and surveys, read without a database."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from participation.comments.models import VoteChoice
from participation.contributions.models import ContributionStatus
from participation.maintenance.polis_folder import read_conversation
from participation.maintenance.survey_folder import SurveyFolder
from participation.surveys.models import QuestionKind
from tests.real_input import SMALL_SETS

POLIS = SMALL_SETS / "polis_conversations" / "lindenow-klima"
SURVEY = SMALL_SETS / "youth_survey_lindenow"


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, content in files.items():
        (tmp_path / f"{name.replace('_', '-')}.csv").write_text(content, encoding="utf-8")
    return tmp_path


# Conversations --------------------------------------------------------------------------------

TWO_COMMENTS = "comment-id,moderated,comment-body\n4,1,Vier\n2,0,Zwei\n"


def test_a_conversation_holds_comments_in_their_order_and_the_last_votes():
    read = read_conversation(POLIS)
    assert [comment.number for comment in read.comments] == list(range(30))
    assert Counter(comment.status for comment in read.comments) == {
        ContributionStatus.PUBLISHED: 25,
        ContributionStatus.REJECTED: 3,
        ContributionStatus.PENDING: 2,
    }
    assert (len(read.votes), len(read.participants)) == (873, 61)
    assert read.name == "klima25"
    assert read.topic == "Klimafreundliches Lindenow"
    assert read.description.startswith("Lindenow will klimafreundlich werden.\n\nWas soll")
    assert read.began is not None
    assert read.began.date() == datetime(2025, 9, 1, tzinfo=UTC).date()
    assert read.ended is not None
    assert read.began < read.ended


def test_without_the_file_of_votes_the_matrix_says_the_same(tmp_path):
    with_votes = read_conversation(POLIS)
    for name in ("comments.csv", "participants-votes.csv.gz"):
        shutil.copy(POLIS / name, tmp_path / name)
    without = read_conversation(tmp_path)
    assert without.votes == with_votes.votes
    assert without.participants == with_votes.participants


def test_without_the_matrix_whoever_voted_took_part(tmp_path):
    folder = folder_with(
        tmp_path,
        comments=TWO_COMMENTS,
        votes="comment-id,voter-id,vote\n4,7,1\n2,7,-1\n4,9,0\n",
    )
    read = read_conversation(folder)
    assert read.participants == {7, 9}
    assert read.votes == {
        (4, 7): VoteChoice.AGREE,
        (2, 7): VoteChoice.DISAGREE,
        (4, 9): VoteChoice.PASS,
    }
    assert (read.began, read.ended) == (None, None)
    assert read.name == tmp_path.name


def test_the_vote_that_was_cast_last_counts_wherever_it_stands(tmp_path):
    folder = folder_with(
        tmp_path,
        comments=TWO_COMMENTS,
        votes=(
            "timestamp,comment-id,voter-id,vote\n"
            "1700000000002,4,1,-1\n"
            "1700000000001,4,1,1\n"
            "1700000000005,2,1,1\n"
            "1700000000005,2,1,0\n"
        ),
    )
    assert read_conversation(folder).votes == {
        (4, 1): VoteChoice.DISAGREE,
        (2, 1): VoteChoice.PASS,
    }


def test_without_times_the_later_line_counts(tmp_path):
    folder = folder_with(
        tmp_path,
        comments=TWO_COMMENTS,
        votes="comment-id,voter-id,vote\n4,1,1\n4,1,-1\n",
    )
    assert read_conversation(folder).votes == {(4, 1): VoteChoice.DISAGREE}


def test_times_are_those_of_the_file_to_the_millisecond(tmp_path):
    folder = folder_with(
        tmp_path,
        comments="timestamp,comment-id,moderated,comment-body\n1651744336822,1,1,Text\n",
        votes="comment-id,voter-id,vote\n",
    )
    read = read_conversation(folder)
    assert read.comments[0].written_at == datetime(2022, 5, 5, 9, 52, 16, 822000, tzinfo=UTC)
    assert read.began == read.ended == read.comments[0].written_at


def test_a_participant_who_never_voted_took_part(tmp_path):
    folder = folder_with(
        tmp_path, comments=TWO_COMMENTS, participants_votes="participant,2,4\n0,1,\n1,,\n"
    )
    read = read_conversation(folder)
    assert read.participants == {0, 1}
    assert read.votes == {(2, 0): VoteChoice.AGREE}


def test_the_language_is_taken_where_the_export_names_it(tmp_path):
    folder = folder_with(
        tmp_path,
        comments=(
            "comment-id,moderated,comment-body,lang\n"
            "1,1,Pracujem,sk\n2,1,Text,\n3,1,Text,not a code\n"
        ),
        votes="comment-id,voter-id,vote\n",
    )
    languages = [comment.language for comment in read_conversation(folder).comments]
    assert languages == ["sk", "und", "und"]


def test_compressed_tables_are_read_as_plain_ones(tmp_path):
    (tmp_path / "comments.csv.gz").write_bytes(gzip.compress(TWO_COMMENTS.encode()))
    folder = folder_with(tmp_path, votes="comment-id,voter-id,vote\n4,1,1\n")
    assert len(read_conversation(folder).votes) == 1


# Surveys --------------------------------------------------------------------------------------


def test_the_choices_of_a_survey_are_its_answers_in_the_suggested_order():
    questions = {one.code: one for one in SurveyFolder(SURVEY).questions}
    assert {code: [label for _, label in one.choices] for code, one in questions.items()} == {
        "Z1Alter": ["9", "12", "13", "14", "15", "16", "17"],
        "Z2Ortsteil": ["Kernstadt", "Gartenstadt", "Klein Lindenow", "Neudorf", "Mühlenhof"],
        "M1Bus": ["gar nicht", "selten", "jede Woche", "jeden Tag"],
        "M2Treff": [
            "braucht es mehr",
            "braucht es eher mehr",
            "braucht es eher weniger",
            "braucht es weniger",
        ],
        "K1Kontakt": [
            "möchte ich nur online",
            "möchte ich nur direkt",
            "möchte ich sowohl online wie auch direkt",
            "kenne ich nicht",
        ],
        "K2Fest": ["Ja", "Nein"],
    }
    assert questions["K1Kontakt"].choices[0] == (
        "möchte ich nur <b>online</b>",
        "möchte ich nur online",
    )
    assert {one.kind for one in questions.values()} == {QuestionKind.SINGLE}


def test_a_sheet_holds_what_stands_in_its_row():
    sheets = list(SurveyFolder(SURVEY).sheets())
    assert len(sheets) == 60
    assert sum("K2Fest" in sheet.choices for sheet in sheets) == 56


def test_numbers_are_put_into_their_order(tmp_path):
    folder = folder_with(
        tmp_path,
        questions="variable,question\nA,Wie viele?\n",
        responses="A\n10\n9\n-1\n2.5\n100\n3 bis 10\n3 bis 4\nviele\n",
    )
    labels = [label for _, label in SurveyFolder(folder).questions[0].choices]
    assert labels == ["-1", "2.5", "9", "10", "100", "3 bis 4", "3 bis 10", "viele"]


def test_what_nobody_could_have_ticked_was_written(tmp_path):
    written = "\n".join(f"Satz Nummer {number}" for number in range(61))
    folder = folder_with(
        tmp_path,
        questions="variable,question\nA,Was fehlt Ihnen?\n",
        responses=f"A\n{written}\n",
    )
    read = SurveyFolder(folder)
    assert read.questions[0].kind is QuestionKind.TEXT
    assert read.questions[0].choices == ()
    assert next(iter(read.sheets())).texts == {"A": "Satz Nummer 0"}


@pytest.mark.parametrize("choices", ["", '"Satz Nummer 1 (1), anderes (2)"'])
def test_numbers_and_suggested_answers_are_choices_however_many(tmp_path, choices):
    words = "Satz Nummer " if choices else ""
    answers = "\n".join(f"{words}{number}" for number in range(200))
    folder = folder_with(
        tmp_path,
        questions=f"variable,question,choices\nA,Wann geboren?,{choices}\n",
        responses=f"A\n{answers}\n",
    )
    question = SurveyFolder(folder).questions[0]
    assert question.kind is QuestionKind.SINGLE
    assert len(question.choices) == 200


def test_a_question_that_nobody_answered_keeps_its_suggested_choices(tmp_path):
    folder = folder_with(
        tmp_path,
        questions='variable,question,choices\nA,Ja?,"Ja (1), Nein (2)"\nB,Text?,\n',
        responses="A,B\n,\n,\n",
    )
    asked, open_question = SurveyFolder(folder).questions
    assert [label for _, label in asked.choices] == ["Ja", "Nein"]
    assert open_question.kind is QuestionKind.TEXT


def test_columns_that_are_no_questions_are_left_out_and_named(tmp_path):
    folder = folder_with(
        tmp_path,
        questions="variable,question\nA,Ja?\n",
        responses="id,A,ip\n1,Ja,192.0.2.1\n",
    )
    read = SurveyFolder(folder)
    assert read.left_out == ["id", "ip"]
    assert next(iter(read.sheets())).choices == {"A": ("Ja",)}


def test_answers_are_kept_as_they_stand_in_the_file(tmp_path):
    folder = folder_with(
        tmp_path,
        questions="variable,question\nA,Ja?\n",
        responses="A\nJa\n Ja\n<b>Ja</b>\n",
    )
    question = SurveyFolder(folder).questions[0]
    assert sorted(question.choices) == [(" Ja", "Ja"), ("<b>Ja</b>", "Ja"), ("Ja", "Ja")]
