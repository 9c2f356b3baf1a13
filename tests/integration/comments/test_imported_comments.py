"""Comments from elsewhere keep their status and get numbers."""

from __future__ import annotations

import pytest

from participation.comments import operations, queries
from participation.comments.importing import ImportedComment
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import NotFound


def test_imported_comments_keep_their_status_and_get_numbers(session, make, opened):
    make.comment(opened)
    stored = operations.record_imported(
        session,
        round=opened,
        comments=[
            ImportedComment("eins", make.at, "c1"),
            ImportedComment("zwei", make.at, "c2", ContributionStatus.REJECTED),
            ImportedComment("drei", make.at, "c3", ContributionStatus.PENDING, opened.passages[0]),
        ],
        at=make.at,
    )
    assert [(comment.number, comment.status.value) for comment in stored] == [
        (2, "published"),
        (3, "rejected"),
        (4, "pending"),
    ]
    assert stored[2].passage_id == opened.passages[0].id
    assert queries.imported_sources(session, opened.id) == {
        f"c{place}": comment.id for place, comment in enumerate(stored, start=1)
    }


def test_an_imported_comment_on_a_foreign_passage_is_refused(session, make, town, opened):
    foreign = make.comment_round(town).passages[0]
    with pytest.raises(NotFound):
        operations.record_imported(
            session,
            round=opened,
            comments=[ImportedComment("eins", make.at, "c1", passage=foreign)],
            at=make.at,
        )
