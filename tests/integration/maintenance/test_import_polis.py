"""`participation import polis`: comments, votes and participants of whole conversations."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentRound, Passage, Vote, VoteChoice
from participation.comments.votes import count_voters, vote_counts
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import EngagementState, ParticipationMark
from participation.moderation.models import Action, ModerationDecision
from tests.conftest import NOON, REAL_DATA
from tests.real_input import SMALL_SETS, conversations, known

SMALL = SMALL_SETS / "polis_conversations" / "lindenow-klima"
NEW = ("--municipality", "lindenow", "--title", "Klima in Lindenow")


def statuses(session: Session) -> Counter[ContributionStatus]:
    return Counter(session.scalars(sa.select(Contribution.status)))


def test_a_conversation_becomes_a_closed_round_with_votes(command, session, town, noon):
    ran = command("import", "polis", SMALL, *NEW, "--about", "HF-1")
    assert ran.last == {
        "engagement": "klima-in-lindenow",
        "comments": 30,
        "votes": 873,
        "participants": 61,
    }
    assert (ran.code, ran.err) == (0, "")
    found = session.scalars(sa.select(CommentRound)).one()
    assert found.voting
    assert found.state_at(NOON) is EngagementState.CLOSED
    assert found.opens_at.year == found.closes_at.year == 2025
    assert found.participants == 61
    assert session.scalar(sa.select(sa.func.count()).select_from(ParticipationMark)) == 61
    passage = session.scalars(sa.select(Passage)).one()
    assert passage.heading == "Klimafreundliches Lindenow"
    assert passage.text.startswith("Lindenow will klimafreundlich werden.")
    comments = session.scalars(sa.select(Comment).order_by(Comment.number)).all()
    assert comments[0].text == "Auf alle städtischen Dächer gehören Solaranlagen."
    assert [comment.source for comment in comments[:2]] == ["polis:klima25:0", "polis:klima25:1"]
    assert {comment.source_url for comment in comments} == {
        "https://polis.lindenow.example/klima25"
    }
    assert {comment.language for comment in comments} == {"und"}
    assert all([element.code for element in comment.elements] == ["HF-1"] for comment in comments)
    assert all(comment.round_id == found.id and comment.stance is None for comment in comments)
    assert all(found.opens_at <= comment.received_at <= found.closes_at for comment in comments)


def test_the_marks_of_the_moderators_become_decisions(command, session, town):
    command("import", "polis", SMALL, *NEW)
    assert statuses(session) == {
        ContributionStatus.PUBLISHED: 25,
        ContributionStatus.REJECTED: 3,
        ContributionStatus.PENDING: 2,
    }
    actions = Counter(session.scalars(sa.select(ModerationDecision.action)))
    assert actions == {Action.PUBLISH: 25, Action.REJECT: 3}


def test_with_pending_nothing_is_published(command, session, town):
    command("import", "polis", SMALL, *NEW, "--status", "pending")
    assert statuses(session) == {ContributionStatus.REJECTED: 3, ContributionStatus.PENDING: 27}


def test_each_vote_is_the_last_one_of_its_voter(command, session, town):
    command("import", "polis", SMALL, *NEW)
    expected = json.loads((SMALL / "expected.json").read_text(encoding="utf-8"))
    choices = Counter(session.scalars(sa.select(Vote.choice)))
    assert choices == {
        VoteChoice.AGREE: expected["matrix_vote_counts"]["1"],
        VoteChoice.DISAGREE: expected["matrix_vote_counts"]["-1"],
        VoteChoice.PASS: expected["matrix_vote_counts"]["0"],
    }
    cast = session.execute(
        sa.select(Comment.votes_cast, sa.func.count(Vote.voter))
        .join(Vote, Vote.comment_id == Comment.id)
        .group_by(Comment.id, Comment.votes_cast)
    ).all()
    assert all(cached == counted for cached, counted in cast)


def test_nobody_can_be_told_by_their_number_or_joined_to_their_mark(command, session, town):
    command("import", "polis", SMALL, *NEW)
    voters = set(session.scalars(sa.select(Vote.voter)))
    marks = set(session.scalars(sa.select(ParticipationMark.mark)))
    assert len(voters) == len(marks) == 61
    assert not voters & marks
    assert all(len(voter) == 64 for voter in voters | marks)


def test_the_same_conversation_is_not_imported_twice(command, session, town, tmp_path):
    command("import", "polis", SMALL, *NEW)
    again = command("import", "polis", SMALL, "--engagement", "klima-in-lindenow")
    assert again.refusal == "this conversation was imported into “klima-in-lindenow” before"
    elsewhere = tmp_path / "renamed"
    shutil.copytree(SMALL, elsewhere)
    command("import", "polis", elsewhere, "--engagement", "klima-in-lindenow")
    assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 30


def test_another_conversation_may_fill_the_same_round(command, session, town, tmp_path):
    command("import", "polis", SMALL, *NEW)
    other = tmp_path / "other"
    shutil.copytree(SMALL, other)
    (other / "summary.csv").unlink()
    ran = command("import", "polis", other, "--engagement", "klima-in-lindenow")
    assert ran.last["comments"] == 30
    found = session.scalars(sa.select(CommentRound)).one()
    assert found.participants == 122
    assert count_voters(session, found.id) == 122
    assert session.scalar(sa.select(sa.func.max(Comment.number))) == 60


def test_a_conversation_without_a_description_asks_what_its_title_says(
    command, session, town, tmp_path
):
    (tmp_path / "comments.csv").write_text(
        "comment-id,moderated,comment-body\n1,1,\n", encoding="utf-8"
    )
    (tmp_path / "votes.csv").write_text("comment-id,voter-id,vote\n1,1,1\n", encoding="utf-8")
    ran = command("import", "polis", tmp_path, *NEW)
    assert (ran.last["comments"], ran.last["votes"], ran.last["participants"]) == (1, 1, 1)
    assert session.scalars(sa.select(Passage.text)).one() == "Klima in Lindenow"


def _expected(folder: Path) -> dict[str, int]:
    counts = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    votes = "votes_distinct_pairs" if (folder / "votes.csv.gz").exists() else "matrix_cells"
    return {
        "comments": counts["comments_rows"],
        "votes": counts[votes],
        "participants": counts["participants_rows"],
    }


def _expected_moderation(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "expected.json").read_text("utf-8"))["moderated"]
    return found


REAL = [folder for folder in known(REAL_DATA, conversations) if (folder / "expected.json").exists()]
# All of them on SQLite; on PostgreSQL those in which every mark of the moderators occurs.
ON_BOTH = [folder for folder in REAL if _expected_moderation(folder).keys() >= {"1", "0", "-1"}]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("database_url", "folder"),
    [
        *(("sqlite", folder) for folder in REAL),
        *(("postgresql", folder) for folder in ON_BOTH),
    ],
    indirect=["database_url"],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_every_known_conversation_is_taken_in_whole(command, session, town, folder: Path):
    began = time.monotonic()
    ran = command("import", "polis", folder, *NEW)
    assert time.monotonic() - began < 60
    assert ran.last == {"engagement": "klima-in-lindenow"} | _expected(folder)
    counts = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    marks = {
        "1": ContributionStatus.PUBLISHED,
        "-1": ContributionStatus.REJECTED,
        "0": ContributionStatus.PENDING,
    }
    moderated = _expected_moderation(folder)
    assert statuses(session) == {marks[sign]: number for sign, number in moderated.items()}
    choices = Counter(session.scalars(sa.select(Vote.choice)))
    names = {"1": VoteChoice.AGREE, "-1": VoteChoice.DISAGREE, "0": VoteChoice.PASS}
    assert choices == {names[sign]: n for sign, n in counts["matrix_vote_counts"].items()}
    _compare_with_the_matrix(session, folder)


def _compare_with_the_matrix(session: Session, folder: Path) -> None:
    """Count a few comments by hand, from the matrix, which the import reads only without votes."""
    with gzip.open(folder / "participants-votes.csv.gz", "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    found = session.scalars(sa.select(CommentRound)).one()
    shown = {counts.comment_id: counts for counts in vote_counts(session, found.id)}
    sources = dict(
        session.execute(sa.select(Comment.id, Comment.source).where(Comment.id.in_(shown))).all()
    )
    for comment_id in list(shown)[:10]:
        column = sources[comment_id].rpartition(":")[2]
        cells = Counter(row.get(column, "") for row in rows)
        counted = shown[comment_id]
        assert (counted.agree, counted.disagree, counted.passed) == (
            cells["1"],
            cells["-1"],
            cells["0"],
        )
