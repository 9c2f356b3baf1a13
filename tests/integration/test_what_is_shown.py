"""Whatever is said, decided and taken back in whatever order: what is hidden is nowhere shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from participation.comments import queries, statements, votes
from participation.comments.hearings import begin_hearing
from participation.comments.models import DEEPEST_LEVEL, Comment, Stance
from participation.comments.seeds import sow
from participation.comments.statement_content import Said
from participation.contributions.models import Contribution, ContributionStatus
from participation.contributions.operations import withdraw
from participation.contributions.queries import contributions_about
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.geometry import Box, read_geometry
from participation.ideas.grouping import group_ideas, remove_from_group
from participation.ideas.images import images_by_idea, public_picture
from participation.ideas.models import Idea
from participation.ideas.placing import ChosenPlace
from participation.insights.aggregation_comments import count_comments
from participation.insights.aggregation_ideas import count_ideas
from participation.moderation.models import Action
from participation.portal.queries import open_data
from participation.portal.queries.comments import comment_page, thread_below
from participation.portal.queries.engagements import cards_of
from participation.portal.queries.hearings import hearing_page
from participation.portal.queries.idea_lists import IdeaOrder, WantedIdeas, filters_of, idea_page
from participation.portal.queries.placed_ideas import clusters
from tests.comment_rounds import public_numbers
from tests.conftest import NOON
from tests.photographs import ready_photograph

S = ContributionStatus
GERMANY = Box(south=50_000_000, west=10_000_000, north=54_000_000, east=15_000_000)
DECISIONS = {
    "publish": Action.PUBLISH,
    "reject": Action.REJECT,
    "hide": Action.HIDE,
    "restore": Action.RESTORE,
}
OFTEN = ["say", "say", "answer", "answer", "publish", "publish", "publish"]
STEPS = st.tuples(
    st.sampled_from(
        [*OFTEN, *DECISIONS, "withdraw", "group", "leave"],
    ),
    st.integers(0, 30),
)


# At the beginning 3 is the statement; 5 becomes a comment on the first idea, and 6 its answer.
TALKED = [("say", 0), ("publish", 5), ("answer", 5), ("publish", 6)]


@dataclass
class Stage:
    """A call with ideas, a round with a statement, and everything that was said there."""

    make: Any
    town: Any
    call: Any
    opened: Any
    hearing: Any
    element: Any
    moderator: Any
    ideas: list[Idea]
    seeds: list[Comment]
    statement: Any
    said: list[Contribution] = field(default_factory=list)


@pytest.fixture
def stage(make, session):
    town = make.municipality()
    element = make.measure(make.strategy(town))
    call = make.idea_call(town, elements=(element,))
    opened = make.comment_round(town, elements=(element,))
    ideas = [
        make.idea(
            call,
            elements=(element,),
            images=[ready_photograph()],
            place=ChosenPlace(geometry=read_geometry(f"5{number}.5, 12.5")),
        )
        for number in (1, 2, 3)
    ]
    seeds = sow(session, comment_round=opened, statements=["So?"], actor=None, at=NOON)
    statement = make.statement(opened, pieces=[Said("1", "concern", "Unser Bedenken.")])
    hearing = begin_hearing(
        session, comment_round=opened, title="Anhörung", actor=None, at=NOON
    ).hearing
    return Stage(
        make,
        town,
        call,
        opened,
        hearing,
        element,
        make.account(),
        ideas,
        seeds,
        statement,
        [*ideas, statement, *statement.pieces],
    )


@pytest.fixture
def examples(engine):
    """A rare fault is one of the operations; the database only stores what they do."""
    return 10 if engine.dialect.name == "sqlite" else 3


def test_what_is_hidden_is_shown_and_counted_nowhere(session, stage, examples):
    session.commit()
    begun = list(stage.said)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=4, max_size=24))
    @example([("hide", 3)])
    @example([*TALKED, ("hide", 0)])
    @example([*TALKED, ("withdraw", 0)])
    @example([*TALKED, ("hide", 5)])
    @example([*TALKED, ("group", 1), ("hide", 0)])
    def check(steps):
        savepoint = session.begin_nested()
        stage.said = list(begun)
        for what, which in steps:
            act(session, stage, what, which)
        session.flush()
        session.expire_all()
        check_threads(session, stage)
        check_round(session, stage)
        check_ideas(session, stage)
        check_what_leaves(session, stage)
        savepoint.rollback()
        session.expire_all()

    check()


def act(session, stage, what, which):
    """Do one thing; what the platform refuses leaves everything as it is."""
    about = stage.said[which % len(stage.said)]
    idea = stage.ideas[which % 3]
    try:
        with session.begin_nested():
            if what == "say":
                anchors = [*stage.ideas, *stage.opened.passages, None]
                said(stage, anchors[which % len(anchors)])
            elif what == "answer":
                answer(stage, about)
            elif what == "group":
                group_ideas(session, ideas=[idea, stage.ideas[0]], actor=None, at=NOON)
            elif what == "leave":
                remove_from_group(session, idea=idea, actor=None, at=NOON)
            elif what == "withdraw":
                withdraw(session, contribution=about, at=NOON)
            else:
                stage.make.decision(about, DECISIONS[what], actor=stage.moderator)
    except (Refused, Conflict, NotFound):
        session.expire_all()


def said(stage, anchor):
    comment_round = None if isinstance(anchor, Idea) else stage.opened
    stage.said.append(stage.make.submitted_comment(comment_round, anchor).comment)


def answer(stage, comment):
    """Answer a person's comment; the answer to an answer is refused."""
    if not isinstance(comment, Comment):
        return
    comment_round = None if comment.discussion_id == stage.call.id else stage.opened
    too_deep = comment.level == DEEPEST_LEVEL or comment.statement_id is not None
    try:
        given = stage.make.submitted_comment(comment_round, comment, stance=None).comment
    except Refused:
        assert too_deep or not is_shown(stage, comment)
        raise
    assert not too_deep
    stage.said.append(given)


def is_shown(stage, one):
    """Tell whether everybody may see a contribution: it and all that it hangs on are published."""
    if one.status is not S.PUBLISHED:
        return False
    if not isinstance(one, Comment):
        return True
    if one.statement_id is not None and not is_shown(stage, stage.statement):
        return False
    return one.parent is None or is_shown(stage, one.parent)


def shown(stage, kind, *, by=None):
    """Return what everybody may see of a kind."""
    found = (one for one in stage.said if isinstance(one, kind) and is_shown(stage, one))
    return [one for one in found if by is None or bool(one.organisation_name) == (by == "bodies")]


def numbers(found):
    return sorted(one.number for one in found)


def check_threads(session, stage):
    """Two levels, newest first, each answer below what it answers, and nothing hidden."""
    comments = [one for one in stage.said if isinstance(one, Comment)]
    assert {one.level for one in comments} <= {1, 2}
    for discussion in (stage.call, stage.opened):
        seeds = stage.seeds if discussion is stage.opened else []
        expected = [one for one in shown(stage, Comment) if one.discussion_id == discussion.id]
        assert public_numbers(session, discussion.id) == numbers([*expected, *seeds])
    for idea in stage.ideas:
        expected = [one for one in shown(stage, Comment) if one.parent_id == idea.id]
        thread = thread_below(session, idea, before=None)
        assert [view.comment.number for view in thread.comments] == numbers(expected)[::-1]
        assert thread.total == len(expected)
        counted = queries.count_below(session, [idea.id])
        assert counted == ({idea.id: len(expected)} if expected else {})
        for view in thread.comments:
            answers = [one for one in shown(stage, Comment) if one.parent_id == view.comment.id]
            assert [one.number for one in view.answers] == numbers(answers)
    found = queries.replies_to(session, [one.id for one in comments])
    below = [one for one in shown(stage, Comment) if one.level == DEEPEST_LEVEL]
    assert sorted(one.number for page in found.values() for one in page) == numbers(below)
    for comment in comments:
        slug = stage.opened.slug if comment.discussion_id == stage.opened.id else stage.call.slug
        try:
            comment_page(session, stage.town.id, slug, comment.number, NOON)
        except NotFound:
            assert not is_shown(stage, comment)
        else:
            assert is_shown(stage, comment)


def check_round(session, stage):
    """People are counted, organisations apart, and voted on is what people said first."""
    here = [one for one in shown(stage, Comment) if one.discussion_id == stage.opened.id]
    people = [one for one in here if not one.organisation_name]
    first = [one for one in people if one.level == 1]
    tallies = queries.tallies(session, stage.opened.id)
    assert sum(tally.everything for tally in tallies.values()) == len(people)
    assert sum(tally.total for tally in tallies.values()) == len(first)
    assert sum(tally.stated for tally in tallies.values()) == len(here) - len(people)
    stances = Counter(one.stance for one in first)
    assert sum(tally.of(Stance.CONCERN) for tally in tallies.values()) == stances[Stance.CONCERN]
    pages = queries.pages_of_each(session, stage.opened.id, few=30)
    on_pages = [(one.passage_id, one.number) for page in pages.values() for one in page.comments]
    assert sorted(number for _, number in on_pages) == numbers(first)
    assert all(one.passage_id in pages for one in first)
    following = votes.next_vote(session, stage.opened.id, "somebody")
    assert following.left == following.total == len(first) + len(stage.seeds)
    whole: Any = count_comments(session, stage.opened, final=True)[0]
    assert (whole.n, whole.result.stated) == (len(first), len(here) - len(people))
    (phase,) = hearing_page(session, stage.town.id, stage.hearing.slug, NOON).phases
    assert phase.comments == len(people)
    stated = statements.published_statements(session, stage.opened.id)
    assert numbers(stated) == numbers(shown(stage, type(stage.statement)))
    pieces = statements.published_pieces(session, stage.opened.id)
    assert numbers(pieces) == numbers([one for one in here if one.organisation_name])


def check_ideas(session, stage):
    """Lists, the map, images and counts show published ideas, equal ones as one."""
    ideas = shown(stage, Idea)
    for order in (IdeaOrder.NEWEST, IdeaOrder.MOST_SUPPORTED, IdeaOrder.MOST_DISCUSSED):
        page = idea_page(session, WantedIdeas(call_id=stage.call.id, order=order))
        listed = list(page.ideas)
        assert {one.group_id or one.id for one in listed} == {
            one.group_id or one.id for one in ideas
        }
        assert len(listed) == len({one.group_id or one.id for one in ideas})
        assert all(is_shown(stage, one) for one in listed)
    wanted = list(filters_of(WantedIdeas(call_id=stage.call.id)))
    on_map = clusters(session, stage.call.id, wanted, box=GERMANY, zoom=12)
    assert sum(one.count for one in on_map) == len({one.group_id or one.id for one in ideas})
    pictures = images_by_idea(session, [one.id for one in ideas])
    assert pictures.keys() == {one.id for one in ideas}
    for idea in stage.ideas:
        for image in idea.images:
            where = (session, stage.town.id, stage.call.slug, idea.number, image.id)
            if is_shown(stage, idea):
                assert public_picture(*where, is_small=True)
            else:
                with pytest.raises(NotFound):
                    public_picture(*where, is_small=True)
    whole: Any = count_ideas(session, stage.call)[0]
    assert whole.result.ideas == len({one.group_id or one.id for one in ideas})


def check_what_leaves(session, stage):
    """Open data, the feeds of places, cards and the pages of elements hold what is shown."""
    rows = list(open_data.contributed(session, stage.town.id, NOON))
    expected = shown(stage, Contribution)
    assert Counter((row.slug, row.number, row.kind) for row in rows) == Counter(
        (one.engagement.slug, one.number, one.kind) for one in expected
    )
    drawn = open_data.contributed(session, stage.town.id, NOON, only_drawn=True)
    assert Counter(row.number for row in drawn) == Counter(numbers(shown(stage, Idea)))
    for card in cards_of(session, [stage.call, stage.opened], NOON):
        spoken = shown(stage, Comment, by="people")
        assert card.comments == len(
            [one for one in spoken if one.discussion_id == card.engagement.id]
        )
    about = contributions_about(session, stage.element.id, limit=100)
    seeds = {one.id for one in stage.seeds}
    # A statement is about nothing as a whole; its pieces are.
    assert {one.id for one in about} - seeds == {
        one.id for one in expected if one is not stage.statement
    }
