"""A text beside its comments, and the comments below an idea."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.analysis.wording_difference import Segment, difference
from participation.comments import queries, votes
from participation.comments.later_wordings import (
    LaterWording,
    later_wording_of,
    later_wordings,
)
from participation.comments.models import Comment, CommentRound, Passage, Stance, Statement
from participation.comments.places import WHOLE
from participation.comments.queries import Page, PassageKey, Tally
from participation.comments.quotes import Marked, Stretch, marked, stretches
from participation.comments.statements import published_pieces, published_statements
from participation.contributions.models import Contribution
from participation.contributions.queries import published
from participation.engagements.models import Engagement, ResultsMode
from participation.engagements.policy import is_over
from participation.foundation.errors import NotFound
from participation.ideas.models import Idea
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import VoteRow, VoteTable, result_of
from participation.revisions.wordings import TakenIn, taken_in

_SHADES = 4
_CONTEXT = 60


@dataclass(frozen=True)
class CommentView:
    """A comment as it is shown: with its answers, its proposed wording and released votes."""

    comment: Comment
    answers: Sequence[Comment] = ()
    wording: Sequence[Segment] = ()
    votes: VoteRow | None = None


@dataclass(frozen=True)
class Section:
    """A passage, or with none the text as a whole, and comments on it.

    `heat` says from 0 to 4 how many comments there are, measured by the most commented one;
    `next_before` where a longer list goes on. `stated` are the pieces of organisations' statements.
    """

    passage: Passage | None
    tally: Tally
    heat: int
    comments: Sequence[CommentView]
    is_open: bool
    total: int
    next_before: int | None = None
    later: LaterWording | None = None
    stated: Sequence[Comment] = ()

    @property
    def code(self) -> str:
        """How addresses name it."""
        return self.passage.code if self.passage else WHOLE

    @property
    def quoted(self) -> list[Stretch]:
        """The passage with what the comments shown beside it quote; nothing if none does."""
        quotes = [view.comment.quote for view in self.comments if view.comment.quote]
        return stretches(self.passage.text, quotes) if self.passage and quotes else []

    @property
    def further(self) -> int:
        """How many comments are not shown here."""
        return self.total - len(self.comments)


@dataclass(frozen=True)
class RoundView:
    """A comment round as its page shows it."""

    sections: Sequence[Section]
    tally: Tally
    passages: int
    released: Aggregate | None = None
    statements: Sequence[Statement] = ()


@dataclass(frozen=True)
class Card:
    """The comment that somebody is asked about, and how far they have come among all of them.

    `is_again` says that they want to change what they said about it before.
    """

    comment: Comment | None
    passage: Passage | None
    total: int
    done: int
    is_again: bool
    wording: Sequence[Segment]


@dataclass(frozen=True)
class Thread:
    """Comments on an idea with their answers, newest first."""

    comments: Sequence[CommentView]
    total: int
    next_before: int | None


@dataclass(frozen=True)
class CommentPage:
    """One comment on a page of its own, with what it hangs on."""

    view: CommentView
    discussion: Engagement
    passage: Passage | None
    answered: Comment | None
    idea: Idea | None
    later: LaterWording | None = None
    taken: Sequence[TakenIn] = ()
    statement: Statement | None = None

    @property
    def marked(self) -> Marked | None:
        """The passage with the words that the comment quotes."""
        comment = self.view.comment
        if self.passage is None or not comment.quote:
            return None
        return marked(self.passage.text, comment.quote)


@dataclass(frozen=True)
class _Release:
    aggregate: Aggregate | None = None
    rows: Mapping[str, VoteRow] = field(default_factory=dict)


def round_view(
    session: Session,
    comment_round: CommentRound,
    *,
    stance: Stance | None,
    opened: str | None,
    before: int | None,
    at: datetime,
) -> RoundView:
    """Return a round: of every passage the newest comments, of the opened one a page."""
    passages = queries.passages_of(session, comment_round.id)
    tallies = queries.tallies(session, comment_round.id)
    keys: dict[str, PassageKey] = {passage.code: passage.id for passage in passages}
    keys[WHOLE] = None
    pages = queries.pages_of_each(
        session,
        comment_round.id,
        stance=stance,
        opened=keys.get(opened or "", "none"),
        before=before if opened in keys else None,
    )
    release = _released_votes(session, comment_round, at)
    views = _views(session, pages, {passage.id: passage for passage in passages}, release.rows)
    most = max((tally.everything for tally in tallies.values()), default=0)
    by_code: dict[str, Passage | None] = {passage.code: passage for passage in passages}
    later = later_wordings(session, comment_round, passages, at=at)
    statements = published_statements(session, comment_round.id)
    stated: defaultdict[PassageKey, list[Comment]] = defaultdict(list)
    for piece in published_pieces(session, comment_round.id) if statements else ():
        if stance in (None, piece.stance):
            stated[piece.passage_id].append(piece)
    sections = [
        Section(
            passage=passage,
            tally=tallies.get(keys[code], Tally()),
            heat=_heat(tallies.get(keys[code], Tally()).everything, most),
            comments=views.get(keys[code], []),
            is_open=code == opened,
            total=tallies.get(keys[code], Tally()).of(stance),
            next_before=pages[keys[code]].next_before if keys[code] in pages else None,
            later=later.get(keys[code] or 0),
            stated=stated[keys[code]],
        )
        for code, passage in (by_code | {WHOLE: None}).items()
    ]
    tally = _sum(tallies.values())
    return RoundView(sections, tally, len(passages), release.aggregate, statements)


def stated_views(pieces: Iterable[Comment]) -> list[CommentView]:
    """Return the pieces of a statement as they are shown, each with its proposed wording."""
    return [
        CommentView(comment=piece, wording=_wording_of(piece, piece.passage)) for piece in pieces
    ]


def card_of(
    session: Session,
    comment_round: CommentRound,
    *,
    voter: str | None,
    wanted: int | None,
) -> Card:
    """Return the comment to vote on: the one that somebody wants to judge anew, else the next."""
    if wanted is None:
        following = votes.next_vote(session, comment_round.id, voter)
        comment = following.comment
    else:
        following = votes.NextVote(None, 0, 0)
        comment = votes.find_votable(session, comment_round.id, wanted)
    passage = comment.passage if comment else None
    return Card(
        comment=comment,
        passage=passage,
        total=following.total,
        done=following.total - following.left,
        is_again=wanted is not None and comment is not None,
        wording=_wording_of(comment, passage),
    )


def thread_below(session: Session, idea: Contribution, *, before: int | None) -> Thread:
    """Return the published comments on an idea, with their answers."""
    page = queries.comments_below(session, idea.id, before=before)
    views = _views(session, {None: page}, {}, {})[None]
    if before is None and page.next_before is None:
        # Everything is on this page, so nothing is left to count.
        return Thread(views, len(views), None)
    total = queries.count_below(session, [idea.id]).get(idea.id, 0)
    return Thread(views, total, page.next_before)


def comment_page(
    session: Session, municipality_id: int, slug: str, number: int, at: datetime
) -> CommentPage:
    """Return a published comment with its answers and what it hangs on. Raises NotFound."""
    comment = session.scalars(
        sa.select(Comment)
        .join(Engagement, Engagement.id == Comment.discussion_id)
        .where(
            Engagement.municipality_id == municipality_id,
            Engagement.slug == slug,
            Comment.number == number,
            published(),
        )
        .options(joinedload(Comment.engagement), joinedload(Comment.passage))
    ).first()
    if comment is None:
        raise NotFound("Diesen Kommentar gibt es nicht.")
    discussion = comment.engagement
    parent = comment.parent
    above = parent.parent if isinstance(parent, Comment) else parent
    release, later = _Release(), None
    if isinstance(discussion, CommentRound):
        later = later_wording_of(session, discussion, comment.passage, at=at)
        release = _released_votes(session, discussion, at)
    answers = queries.replies_to(session, [comment.id]) if comment.level == 1 else {}
    return CommentPage(
        view=_view(comment, comment.passage, answers, release.rows),
        discussion=discussion,
        passage=comment.passage,
        answered=parent if isinstance(parent, Comment) else None,
        idea=above if isinstance(above, Idea) else None,
        later=later,
        taken=taken_in(session, comment),
        statement=session.get(Statement, comment.statement_id) if comment.statement_id else None,
    )


@lru_cache(maxsize=1024)
def changed_words(before: str, after: str) -> tuple[Segment, ...]:
    """Return what a proposed wording changes; long stretches that stay are shortened."""
    segments = difference(before, after)
    last = len(segments) - 1
    return tuple(
        Segment("equal", _shortened(segment.text, begins=place == 0, ends=place == last))
        if segment.kind == "equal"
        else segment
        for place, segment in enumerate(segments)
    )


def _views(
    session: Session,
    pages: Mapping[PassageKey, Page],
    passages: Mapping[int, Passage],
    released: Mapping[str, VoteRow],
) -> dict[PassageKey, list[CommentView]]:
    ids = [comment.id for page in pages.values() for comment in page.comments]
    answers = queries.replies_to(session, ids)
    return {
        key: [
            _view(comment, passages.get(key or 0), answers, released) for comment in page.comments
        ]
        for key, page in pages.items()
    }


def _view(
    comment: Comment,
    passage: Passage | None,
    answers: Mapping[uuid.UUID, Sequence[Comment]],
    released: Mapping[str, VoteRow],
) -> CommentView:
    return CommentView(
        comment=comment,
        answers=answers.get(comment.id, ()),
        wording=_wording_of(comment, passage),
        votes=released.get(comment.id.hex),
    )


def _wording_of(comment: Comment | None, passage: Passage | None) -> Sequence[Segment]:
    if comment is None or passage is None or not comment.rewording:
        return ()
    return changed_words(passage.text, comment.rewording)


def _released_votes(session: Session, comment_round: CommentRound, at: datetime) -> _Release:
    """Return the last released votes of a round as a whole."""
    is_running = not is_over(comment_round, at=at)
    if not comment_round.voting or (
        is_running and comment_round.results_mode is ResultsMode.AT_CLOSING
    ):
        return _Release()
    aggregate = session.scalars(
        sa.select(Aggregate)
        .where(
            Aggregate.engagement_id == comment_round.id,
            Aggregate.kind == AggregateKind.VOTES,
            Aggregate.subject == "",
        )
        .order_by(Aggregate.release.desc())
        .limit(1)
    ).first()
    result = result_of(aggregate) if aggregate else None
    if not isinstance(result, VoteTable):
        return _Release()
    return _Release(aggregate, {row.id: row for row in result.rows})


def _heat(count: int, most: int) -> int:
    return -(-count * _SHADES // most) if most else 0


def _sum(tallies: Iterable[Tally]) -> Tally:
    by_stance: Counter[Stance | None] = Counter()
    answers = stated = 0
    for tally in tallies:
        by_stance.update(tally.by_stance)
        answers += tally.answers
        stated += tally.stated
    return Tally(by_stance.total(), by_stance, answers, stated)


def _shortened(text: str, *, begins: bool, ends: bool) -> str:
    """Return the words of an unchanged stretch that stand next to what changes."""
    if len(text) <= 2 * _CONTEXT:
        return text
    head = "" if begins else text[:_CONTEXT].rpartition(" ")[0] + " "
    tail = "" if ends else " " + text[-_CONTEXT:].partition(" ")[2]
    return f"{head}…{tail}"
