"""What a comment may be, and when it may be answered or voted on. Predicates and limits only."""

from __future__ import annotations

from participation.comments.models import DEEPEST_LEVEL, Comment, CommentRound, Stance
from participation.contributions.models import Contribution, ContributionKind

LONGEST_TEXT = 4000
# What people vote on must be read in one glance and say one thing.
LONGEST_STATEMENT = 280
MOST_SEEDS = 30
LONGEST_REWORDING = 8000
LONGEST_QUOTE = 1000
LONGEST_PASSAGE = 8000
LONGEST_HEADING = 200
MOST_PASSAGES = 300

# A wording can be proposed for a passage; for a whole text or an idea there is none to replace.
STANCES_ON_A_PASSAGE = tuple(Stance)
STANCES_ELSEWHERE = tuple(stance for stance in Stance if stance is not Stance.REWORDING)


def may_be_answered(contribution: Contribution) -> bool:
    """Tell whether comments may stand below a contribution: ideas, and comments one level deep.

    What an organisation states is no part of the conversation.
    """
    if isinstance(contribution, Comment):
        return contribution.level < DEEPEST_LEVEL and contribution.statement_id is None
    return contribution.kind is ContributionKind.IDEA


def level_below(contribution: Contribution) -> int:
    """Return the level of a comment on a contribution."""
    return contribution.level + 1 if isinstance(contribution, Comment) else 1


def longest_text(comment_round: CommentRound | None, answered: Contribution | None) -> int:
    """Return how long a comment may be: short where people will vote on it."""
    is_statement = comment_round is not None and comment_round.voting and answered is None
    return LONGEST_STATEMENT if is_statement else LONGEST_TEXT


def is_checked_first(comment_round: CommentRound | None, answered: Contribution | None) -> bool:
    """Tell whether moderation looks at a comment before it is shown, whatever the mode.

    Nobody is asked to vote on what nobody has read.
    """
    return comment_round is not None and comment_round.voting and answered is None


def may_be_voted_on(comment: Comment, comment_round: CommentRound) -> bool:
    """Tell whether people may agree or disagree with a comment: with statements, not answers."""
    is_of_round = comment.level == 1 and comment.discussion_id == comment_round.id
    return comment_round.voting and is_of_round and comment.statement_id is None
