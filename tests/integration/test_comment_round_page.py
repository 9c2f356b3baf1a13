"""What the pages of comments read, on both databases."""

from __future__ import annotations

import pytest

from participation.comments.models import Stance, VoteChoice
from participation.comments.queries import get_public_round
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import NotFound
from participation.portal.queries.comments import (
    card_of,
    changed_words,
    comment_page,
    round_view,
    thread_below,
)


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def opened(make, town):
    return make.comment_round(town)


def view_of(session, comment_round, at, **more):
    return round_view(
        session, comment_round, **{"stance": None, "opened": None, "before": None, "at": at} | more
    )


def test_a_round_has_a_section_for_each_passage_and_one_for_the_whole(session, make, opened):
    first, second, _ = opened.passages
    for _ in range(8):
        make.comment(opened, first)
    comment = make.comment(opened, second)
    make.comment(opened, comment)
    found = get_public_round(session, opened.municipality_id, opened.slug)
    view = view_of(session, found, make.at)
    assert [section.code for section in view.sections] == ["1", "2", "3", "gesamt"]
    assert [section.heat for section in view.sections] == [4, 1, 0, 0]
    assert [len(section.comments) for section in view.sections] == [3, 1, 0, 0]
    assert [section.further for section in view.sections] == [5, 0, 0, 0]
    assert (view.tally.total, view.tally.everything, view.passages) == (9, 10, 3)
    assert [answer.level for answer in view.sections[1].comments[0].answers] == [2]


def test_the_opened_section_shows_a_page(session, make, opened):
    for _ in range(30):
        make.comment(opened, None)
    view = view_of(session, opened, make.at, opened="gesamt")
    assert [section.is_open for section in view.sections] == [False, False, False, True]
    assert len(view.sections[-1].comments) == 25
    rest = view_of(session, opened, make.at, opened="gesamt", before=view.sections[-1].next_before)
    assert len(rest.sections[-1].comments) == 5
    assert rest.sections[-1].next_before is None


def test_the_card_shows_how_far_a_voter_has_come(session, make, opened):
    first = make.comment(opened, opened.passages[0])
    make.comment(opened)
    make.vote(first, "a", VoteChoice.PASS)
    card = card_of(session, opened, voter="a", wanted=None)
    assert (card.done, card.total, card.is_again) == (1, 2, False)
    assert card.comment is not None
    again = card_of(session, opened, voter="a", wanted=first.number)
    assert (again.comment, again.passage, again.is_again) == (first, opened.passages[0], True)
    assert card_of(session, opened, voter="a", wanted=99).comment is None


def test_a_page_of_a_comment_knows_what_it_hangs_on(session, make, town, opened):
    comment = make.comment(opened, opened.passages[0])
    answer = make.comment(opened, comment)
    idea = make.idea(make.idea_call(town))
    below = make.comment(None, make.comment(None, idea))
    page = comment_page(session, town.id, opened.slug, answer.number, make.at)
    assert (page.answered, page.idea, page.passage) == (comment, None, None)
    page = comment_page(session, town.id, idea.engagement.slug, below.number, make.at)
    assert page.idea == idea
    assert page.answered is not None
    comment.move_to(ContributionStatus.HIDDEN, at=make.at)
    session.flush()
    for number in (comment.number, answer.number):
        with pytest.raises(NotFound):
            comment_page(session, town.id, opened.slug, number, make.at)


def test_a_thread_below_an_idea_is_counted_and_paged(session, make, town):
    idea = make.idea(make.idea_call(town))
    for _ in range(27):
        make.comment(None, idea)
    thread = thread_below(session, idea, before=None)
    assert (len(thread.comments), thread.total) == (25, 27)
    rest = thread_below(session, idea, before=thread.next_before)
    assert (len(rest.comments), rest.total, rest.next_before) == (2, 27, None)


def test_a_proposed_wording_shows_what_it_changes_and_shortens_the_rest():
    before = "Anfang. " * 40 + "Wir löschen nach 30 Tagen. " + "Ende. " * 40
    segments = changed_words(before, before.replace("30", "14"))
    assert [segment.kind for segment in segments] == ["equal", "delete", "insert", "equal"]
    assert [segment.text for segment in segments[1:3]] == ["30", "14"]
    assert segments[0].text.startswith("… ")
    assert segments[-1].text.endswith(" …")
    assert max(len(segment.text) for segment in segments) < 130


def test_a_filter_counts_what_it_does_not_show(session, make, opened):
    for stance in (Stance.QUESTION, Stance.APPROVE, Stance.QUESTION):
        make.comment(opened, opened.passages[0], stance=stance)
    section = view_of(session, opened, make.at, stance=Stance.QUESTION).sections[0]
    assert (len(section.comments), section.total, section.further) == (2, 2, 0)
    assert section.tally.total == 3
