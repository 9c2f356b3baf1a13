"""A comment that staff enters for somebody, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.comments.models import Stance
from participation.contributions.models import Channel, ContributionStatus
from participation.foundation.errors import Conflict, Refused
from participation.intake.operations import CommentWords, SameEntry, Way, enter_comment
from tests.factories_comments import KEY


@pytest.fixture
def comment_round(make):
    return make.comment_round(make.municipality(), voting=False)


@pytest.fixture
def enter(session, make, comment_round):
    member = make.member(Role.MODERATOR, municipality=comment_round.municipality)

    def enter(submission: str, *, at=None, **more):
        said = {"passage": comment_round.passages[0], "stance": Stance.QUESTION, "text": "Warum?"}
        at = at or make.at
        return enter_comment(
            session,
            comment_round=comment_round,
            words=CommentWords(**said | more),
            way=Way(Channel.COUNTER, received_on=at.date()),
            publish=True,
            is_another=False,
            submission=submission * 32,
            key=KEY,
            actor=member,
            at=at,
        )

    return enter


def test_a_comment_is_stored_once_and_decided_by_who_read_it(comment_round, enter):
    first = enter("a")
    assert enter("a").code == first.code
    assert first.comment.status is ContributionStatus.PUBLISHED
    assert comment_round.participants == 1


def test_the_same_words_are_asked_about_on_their_passage_only(comment_round, enter):
    first = enter("a")
    with pytest.raises(SameEntry) as refusal:
        enter("b")
    assert list(refusal.value.same) == [first.comment]
    assert enter("b", passage=None).comment.round_id == comment_round.id
    with pytest.raises(SameEntry):
        enter("c", passage=None)


def test_a_passage_of_another_round_is_refused(make, comment_round, enter):
    other = make.comment_round(comment_round.municipality, title="Anderes")
    with pytest.raises(Refused, match="anderen Text"):
        enter("a", passage=other.passages[0])


def test_before_it_opens_nothing_is_entered(make, comment_round, enter):
    with pytest.raises(Conflict):
        enter("a", at=make.at - timedelta(days=300))
