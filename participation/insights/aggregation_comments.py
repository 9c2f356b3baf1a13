"""Count a comment round: comments by passage and stance, and the votes on each comment.

Answers count with the passage of what they answer; they have no stance. What organisations
state is counted apart. Comments are public, so
their numbers are exact. Votes go through disclosure control, each comment on its own: who voted
on one of them need not have voted on another. Comments are ranked by the numbers that are shown,
so that their order tells nothing more than these do; one whose agreement is hidden comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.analysis.disclosure import (
    FEWEST_VALUES,
    PUBLIC_THRESHOLD,
    ROUNDING,
    SMALL,
    Counts,
    disclose,
    rounded,
)
from participation.analysis.intervals import wilson
from participation.analysis.tabulation import agreement
from participation.comments.group_tallies import Said, tallies_by_group
from participation.comments.models import CommentRound, Passage
from participation.comments.queries import PassageKey, Tally, passages_of, tallies
from participation.comments.votes import VoteCounts, count_voters, vote_counts, voters_by_element
from participation.engagements.models import ParticipantGroup
from participation.engagements.queries import named
from participation.insights.aggregation_groups import comments_by_group
from participation.insights.counting import Counted
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import (
    CommentTable,
    PassageRow,
    VoteRow,
    VoteTable,
    result_of,
)
from participation.strategy.models import Element

COMMENTS_METHOD = "counts of published comments"
VOTES_METHOD = "votes on published comments after disclosure control"
PARAMETERS = {
    "threshold": PUBLIC_THRESHOLD,
    "hidden_below": SMALL,
    "rounded_to": ROUNDING,
    "values_left": FEWEST_VALUES,
}
LISTED = 5
_CHOICES = ("agree", "disagree", "pass")
# Both numbers are rounded: 15 between them are at least 11 people.
_GROWTH = 15


@dataclass(frozen=True)
class _Part:
    """A part of a round that is counted on its own: all of it, or the passages of one element."""

    subject: str
    title: str
    about: tuple[int, ...]
    passages: Sequence[Passage]
    is_whole: bool = False

    @property
    def keys(self) -> frozenset[PassageKey]:
        """What comments of this part hang on."""
        own: set[PassageKey] = {passage.id for passage in self.passages}
        return frozenset(own | {None} if self.is_whole else own)


def count_comments(
    session: Session,
    comment_round: CommentRound,
    *,
    final: bool,
    before: Sequence[Aggregate] = (),
    groups: Sequence[ParticipantGroup] = (),
) -> list[Counted]:
    """Return the comments and votes of a round as a whole, and for each element of its passages.

    The whole is about the elements that no passage names, so that an element's page shows what
    was said about it and not the whole round. Invited groups are told apart in the whole only:
    together with its parts it would tell more than either. An interim release shows the votes
    on a comment anew only when enough people more have voted.
    """
    parts = _parts(session, comment_round, passages_of(session, comment_round.id))
    counts = tallies(session, comment_round.id)
    said = tallies_by_group(session, comment_round.id)
    counted = [_comments(part, counts, said, groups) for part in parts]
    if not comment_round.voting:
        return counted
    votes = vote_counts(session, comment_round.id)
    earlier = {} if final else _rows_before(before)
    voters = {"": count_voters(session, comment_round.id)}
    voters |= voters_by_element(session, comment_round.id)
    return counted + [_votes(part, votes, voters.get(part.subject, 0), earlier) for part in parts]


def vote_row(counts: VoteCounts, *, threshold: int = PUBLIC_THRESHOLD) -> VoteRow | None:
    """Return what may be shown of the votes on one comment; None if there are too few."""
    cells = Counts(
        codes=_CHOICES,
        counts=(counts.agree, counts.disagree, counts.passed),
        base=counts.voters,
        mergeable=False,
    )
    (shown,) = disclose([cells], threshold=threshold)
    if shown.withheld:
        return None
    agree, disagree, passed = (cell.count for cell in shown.cells)
    return VoteRow(
        id=counts.comment_id.hex,
        number=counts.number,
        n=shown.n,
        agree=agree,
        disagree=disagree,
        passed=passed,
        agreement=None if agree is None or disagree is None else agreement(agree, disagree),
        at_least=_least_agreement(shown.n, agree, disagree, passed),
        is_seed=counts.is_seed,
    )


def most_agreed(table: VoteTable, limit: int = LISTED) -> list[VoteRow]:
    """Return the comments that most people agree with, as far as that is sure."""
    return [row for row in table.rows if row.at_least is not None and row.at_least >= 50][:limit]


def most_divided(table: VoteTable, limit: int = LISTED) -> list[VoteRow]:
    """Return the comments that divide people, those with most on their smaller side first.

    Divided is a comment where neither side reaches two thirds of those who took one. Whoever
    passed counts for the order only: a comment that most people passed on divides fewer.
    """
    divided = [row for row in table.rows if _is_divided(row)]
    return sorted(divided, key=lambda row: (-_smaller_side(row), -row.n, row.number))[:limit]


def _parts(
    session: Session, comment_round: CommentRound, passages: Sequence[Passage]
) -> list[_Part]:
    own: dict[int, Element] = {
        passage.element.id: passage.element for passage in passages if passage.element
    }
    titles = named(session, own.values())
    rest = tuple(element.id for element in comment_round.elements if element.id not in own)
    whole = _Part("", comment_round.title, about=rest, passages=passages, is_whole=True)
    return [
        whole,
        *(
            _Part(
                element.code,
                titles[element.id].name,
                about=(element.id,),
                passages=[passage for passage in passages if passage.element_id == element.id],
            )
            for element in own.values()
        ),
    ]


def _comments(
    part: _Part,
    counts: Mapping[PassageKey, Tally],
    said: Mapping[Said, int],
    groups: Sequence[ParticipantGroup],
) -> Counted:
    rows = [
        _passage_row(passage.code, passage.heading, counts.get(passage.id, Tally()))
        for passage in part.passages
    ]
    if part.is_whole:
        rows.append(_passage_row("", "", counts.get(None, Tally())))
    total = sum(row.comments for row in rows)
    own = {one: number for one, number in said.items() if one.passage in part.keys}
    is_everything = sum(own.values()) == sum(said.values())
    return Counted(
        kind=AggregateKind.COMMENTS,
        subject=part.subject,
        title=part.title,
        n=total,
        result=CommentTable(
            comments=total,
            rows=tuple(rows),
            stated=sum(row.stated for row in rows),
            groups=comments_by_group(own, groups if is_everything else ()),
        ),
        method=COMMENTS_METHOD,
        elements=part.about,
    )


def _passage_row(code: str, heading: str, tally: Tally) -> PassageRow:
    by_stance = {
        stance.value: count for stance, count in tally.by_stance.items() if stance is not None
    }
    return PassageRow(
        code=code,
        heading=heading,
        comments=tally.everything,
        by_stance=by_stance,
        stated=tally.stated,
    )


def _votes(
    part: _Part,
    votes: Sequence[VoteCounts],
    voters: int,
    earlier: Mapping[str, VoteRow],
) -> Counted:
    own = [counts for counts in votes if counts.passage_id in part.keys]
    rows = [row for counts in own if (row := _row_to_show(counts, earlier)) is not None]
    n = rounded(voters) if voters >= PUBLIC_THRESHOLD else 0
    return Counted(
        kind=AggregateKind.VOTES,
        subject=part.subject,
        title=part.title,
        n=n,
        result=VoteTable(n=n, rows=tuple(sorted(rows, key=_rank)), too_few=len(own) - len(rows)),
        method=VOTES_METHOD,
        elements=part.about,
        parameters=PARAMETERS,
    )


def _row_to_show(counts: VoteCounts, earlier: Mapping[str, VoteRow]) -> VoteRow | None:
    row = vote_row(counts)
    shown = earlier.get(counts.comment_id.hex)
    if row is None or shown is None or row.n - shown.n >= _GROWTH:
        return row
    return shown


def _rows_before(before: Sequence[Aggregate]) -> dict[str, VoteRow]:
    results = (result_of(aggregate) for aggregate in before)
    return {row.id: row for it in results if isinstance(it, VoteTable) for row in it.rows}


def _rank(row: VoteRow) -> tuple[bool, int, int, int]:
    least = 1 if row.at_least is None else -row.at_least
    return row.agreement is None, least, -row.n, row.number


def _is_divided(row: VoteRow) -> bool:
    if not row.agree or not row.disagree:
        return False
    # 3 · larger < 2 · both sides, in whole numbers.
    return 3 * max(row.agree, row.disagree) < 2 * (row.agree + row.disagree)


def _smaller_side(row: VoteRow) -> float:
    return min(row.agree or 0, row.disagree or 0) / row.n


def _least_agreement(
    n: int, agree: int | None, disagree: int | None, passed: int | None
) -> int | None:
    """Return the lower end of the interval of agreement, in per cent; None if agree is hidden.

    A hidden number of opponents is taken as large as the shown ones allow.
    """
    if agree is None:
        return None
    against = disagree if disagree is not None else max(0, n - agree - (passed or 0))
    return int(100 * wilson(agree, agree + against)[0])
