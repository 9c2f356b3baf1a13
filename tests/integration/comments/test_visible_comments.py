"""Only what is published is public, and lists of it are paged."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.comments import queries, votes
from participation.comments.models import Stance
from participation.contributions.models import Contribution, ContributionStatus
from participation.contributions.operations import withdraw
from participation.contributions.queries import contributions_about
from participation.foundation.errors import NotFound
from tests.comment_rounds import TABLE, adopted_contents, public_numbers

# Visibility


@pytest.mark.parametrize("status", list(ContributionStatus))
def test_only_what_is_published_is_public(session, make, opened, status):
    comment = make.comment(opened, opened.passages[0], status=status)
    shown = [comment.number] if status is ContributionStatus.PUBLISHED else []
    assert public_numbers(session, opened.id) == shown
    pages = queries.pages_of_each(session, opened.id)
    assert [found.number for page in pages.values() for found in page.comments] == shown
    tally = queries.tallies(session, opened.id).get(opened.passages[0].id, queries.Tally())
    assert tally.total == len(shown)
    following = votes.next_vote(session, opened.id, "voter")
    assert following.left == len(shown)
    assert [found.number for found in [following.comment] if found] == shown
    assert (votes.find_votable(session, opened.id, comment.number) is None) == (not shown)
    if not shown:
        with pytest.raises(NotFound):
            queries.get_published_comment(session, opened.id, comment.number)


@pytest.mark.parametrize(
    "status", [ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN, ContributionStatus.PENDING]
)
def test_what_is_below_something_that_is_not_public_is_not_public(session, make, town, status):
    strategy = make.adopted_strategy(town)
    _, contents = adopted_contents(session, strategy)
    element = contents["M-01"][0]
    call = make.idea_call(town, elements=(element,))
    idea = make.idea(call, elements=(element,))
    comment = make.comment(None, idea)
    answer = make.comment(None, comment)
    assert public_numbers(session, call.id) == [1, 2]
    assert len(contributions_about(session, element.id)) == 3
    idea.status = status
    idea.published_at = None
    if status is ContributionStatus.WITHDRAWN:
        idea.withdraw()
    session.flush()
    assert public_numbers(session, call.id) == []
    assert contributions_about(session, element.id) == []
    assert not queries.is_published(session, comment.id)
    assert queries.replies_to(session, [comment.id]) == {}
    assert answer.status is ContributionStatus.PUBLISHED


def test_a_hidden_comment_hides_its_answers_and_nothing_else(session, make, opened):
    hidden, other = make.comment(opened), make.comment(opened)
    make.comment(opened, hidden)
    make.comment(opened, other)
    hidden.move_to(ContributionStatus.HIDDEN, at=make.at)
    session.flush()
    assert public_numbers(session, opened.id) == [2, 4]
    hidden.move_to(ContributionStatus.PUBLISHED, at=make.at)
    session.flush()
    assert public_numbers(session, opened.id) == [1, 2, 3, 4]


def test_withdrawing_erases_the_text_and_the_proposed_wording(session, make, opened):
    comment = make.comment(
        opened,
        opened.passages[0],
        stance=Stance.REWORDING,
        rewording="Kanarienvogel im Wortlaut",
        quote="Aufgabe",
        text="Kanarienvogel im Text",
    )
    withdraw(session, contribution=comment, at=make.at)
    session.commit()
    row = session.execute(sa.select(TABLE)).mappings().one()
    text = session.scalar(sa.select(Contribution.text))
    assert (row["rewording"], row["quote"], text) == ("", "", "")


# Lists


def test_comments_come_newest_first_and_are_paged_by_number(session, make, opened):
    passage = opened.passages[0]
    make.comment(opened, opened.passages[1])
    for _ in range(7):
        make.comment(opened, passage)
    seen, before = [], None
    while True:
        pages = queries.pages_of_each(
            session, opened.id, opened=passage.id, before=before, few=1, limit=3
        )
        assert [comment.number for comment in pages[opened.passages[1].id].comments] == [1]
        seen.append([comment.number for comment in pages[passage.id].comments])
        before = pages[passage.id].next_before
        if before is None:
            break
    assert seen == [[8, 7, 6], [5, 4, 3], [2]]


def test_what_is_said_about_the_whole_is_paged_too(session, make, opened):
    for _ in range(4):
        make.comment(opened)
    first = queries.pages_of_each(session, opened.id, opened=None, limit=3)[None]
    rest = queries.pages_of_each(
        session, opened.id, opened=None, before=first.next_before, limit=3
    )[None]
    assert [comment.number for comment in [*first.comments, *rest.comments]] == [4, 3, 2, 1]


def test_comments_on_an_idea_are_paged_by_number(session, make, town):
    idea = make.idea(make.idea_call(town))
    for _ in range(4):
        make.comment(None, idea)
    first = queries.comments_below(session, idea.id, limit=3)
    rest = queries.comments_below(session, idea.id, before=first.next_before, limit=3)
    assert [comment.number for comment in [*first.comments, *rest.comments]] == [4, 3, 2, 1]
    assert rest.next_before is None


def test_a_list_shows_one_stance(session, make, opened):
    passage = opened.passages[0]
    make.comment(opened, passage, stance=Stance.APPROVE)
    question = make.comment(opened, passage, stance=Stance.QUESTION)
    for wanted in ("none", passage.id):
        pages = queries.pages_of_each(session, opened.id, stance=Stance.QUESTION, opened=wanted)
        assert {key: list(page.comments) for key, page in pages.items()} == {passage.id: [question]}


def test_of_each_passage_a_few_are_shown_and_all_are_counted(session, make, opened):
    first, second, _ = opened.passages
    for _ in range(5):
        make.comment(opened, first)
    make.comment(opened, second, stance=Stance.APPROVE)
    whole = make.comment(opened)
    make.comment(opened, whole)
    make.comment(opened, make.comment(opened, second))
    pages = queries.pages_of_each(session, opened.id, few=2)
    assert {key: [c.number for c in page.comments] for key, page in pages.items()} == {
        first.id: [5, 4],
        second.id: [9, 6],
        None: [7],
    }
    tallies = queries.tallies(session, opened.id)
    assert {key: (tally.total, tally.answers) for key, tally in tallies.items()} == {
        first.id: (5, 0),
        second.id: (2, 1),
        None: (1, 1),
    }
    assert tallies[first.id].of(Stance.CONCERN) == 5
    assert tallies[second.id].of(Stance.QUESTION) == 0


def test_the_comments_of_another_round_stay_there(session, make, town, opened):
    other = make.comment_round(town)
    make.comment(other, other.passages[0])
    make.comment(other)
    assert queries.tallies(session, opened.id) == {}
    for wanted in ("none", None, other.passages[0].id):
        assert queries.pages_of_each(session, opened.id, opened=wanted) == {}
