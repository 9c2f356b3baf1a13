"""Who may draft, sign and adopt, and what must be done before: predicates, nothing else."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from participation.accounts.models import Role
from participation.accounts.policy import may_be_second_person
from participation.revisions.models import (
    AnswerState,
    ChangeOperation,
    Disposition,
    RevisionStatus,
)
from participation.strategy.content import ElementContent
from participation.strategy.models import ElementKind
from participation.strategy.policy import Gap, missing_before_adoption

DRAFTERS = frozenset({Role.STRATEGIST, Role.ANALYST})
LONGEST_REASONS = 4000
LONGEST_STATED_REASON = 300

# Dispositions after which nothing more follows in the text of the strategy.
CLOSING = frozenset({Disposition.NOT_ADOPTED})
RESTING = frozenset({Disposition.DEFERRED})
CHANGING = frozenset({Disposition.ADOPTED, Disposition.PARTLY_ADOPTED})


def may_draft(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may draft answers and changes."""
    return bool(DRAFTERS & set(roles))


def may_lead(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may open, put out and adopt a revision, and sign answers first."""
    return Role.STRATEGIST in set(roles)


def may_read_workshop(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may look into the workshop."""
    return bool({Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR} & set(roles))


def may_sign(
    state: AnswerState, roles: Iterable[Role], *, actor_id: int, lead_id: int | None
) -> bool:
    """Tell whether somebody may sign an answer now: the lead first, then a second person.

    Nobody signs twice, whatever their roles are.
    """
    if state is AnswerState.DRAFT:
        return may_lead(roles)
    if state is AnswerState.SIGNED_BY_LEAD:
        return may_be_second_person(roles) and actor_id != lead_id
    return False


def may_amend_answer(state: AnswerState) -> bool:
    """Tell whether an answer can still be worded differently; that takes signatures back."""
    return state is not AnswerState.PUBLISHED


def is_open(status: RevisionStatus) -> bool:
    """Tell whether a revision can still be changed."""
    return status is RevisionStatus.OPEN


def may_be(operation: ChangeOperation, kind: ElementKind, *, stands_in_base: bool) -> bool:
    """Tell whether an element of a kind may be added, amended or retired.

    There is one vision; it can be amended only.
    """
    if operation is ChangeOperation.ADD:
        return kind is not ElementKind.VISION and not stands_in_base
    if operation is ChangeOperation.RETIRE:
        return kind is not ElementKind.VISION and stands_in_base
    return stands_in_base


class Obstacle(enum.Enum):
    """What stands between a revision and its adoption."""

    UNANSWERED = "unanswered"
    UNSIGNED = "unsigned"
    NO_REASON = "no_reason"
    SENTENCE_WITHOUT_REASON = "sentence_without_reason"
    NO_CHANGE = "no_change"
    GAP = "gap"


@dataclass(frozen=True)
class Blocker:
    """One thing to be done before adoption; `code` names the finding or the element."""

    obstacle: Obstacle
    code: str = ""
    answer_id: int | None = None
    gap: Gap | None = None


def find_blockers(
    *,
    findings: Sequence[tuple[str, int | None, AnswerState | None]],
    changes: Mapping[str, int],
    contents: Mapping[str, tuple[ElementKind, ElementContent]],
    partly: Collection[str] = (),
) -> list[Blocker]:
    """Return everything that must be done before adoption.

    `findings` are those without a published answer: code, answer, and how far that has come.
    `changes` says how many reasons each changed element has, `partly` which of them
    have sentences without one. `contents` is the whole draft.
    """
    blockers = []
    for code, answer_id, state in findings:
        if state is None:
            blockers.append(Blocker(Obstacle.UNANSWERED, code))
        elif state in {AnswerState.DRAFT, AnswerState.SIGNED_BY_LEAD}:
            blockers.append(Blocker(Obstacle.UNSIGNED, code, answer_id))
    blockers += [
        Blocker(Obstacle.NO_REASON, code) for code, reasons in changes.items() if not reasons
    ]
    blockers += [
        Blocker(Obstacle.SENTENCE_WITHOUT_REASON, code)
        for code, reasons in changes.items()
        if reasons and code in partly
    ]
    if not changes:
        blockers.append(Blocker(Obstacle.NO_CHANGE))
    blockers += [
        Blocker(Obstacle.GAP, missing.code, gap=missing.gap)
        for missing in missing_before_adoption(contents)
    ]
    return blockers
