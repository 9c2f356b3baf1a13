"""Who may draft, sign and adopt, and what blocks an adoption."""

from __future__ import annotations

from datetime import date

import pytest

from participation.accounts.models import Role
from participation.insights.policy import (
    may_read_evidence,
    may_record_finding,
    may_release,
)
from participation.revisions.labels import LABELS
from participation.revisions.models import AnswerState, ChangeOperation, RevisionStatus
from participation.revisions.policy import (
    Blocker,
    Obstacle,
    find_blockers,
    is_open,
    may_amend_answer,
    may_be,
    may_draft,
    may_lead,
    may_read_workshop,
    may_sign,
)
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import ElementKind
from participation.strategy.policy import Gap

LEAD, ANALYST, MODERATOR, ADMIN = (
    Role.STRATEGIST,
    Role.ANALYST,
    Role.MODERATOR,
    Role.ADMINISTRATOR,
)


@pytest.mark.parametrize(
    ("may", "allowed"),
    [
        (may_read_evidence, {LEAD, ANALYST, ADMIN}),
        (may_record_finding, {LEAD}),
        (may_release, {LEAD}),
        (may_draft, {LEAD, ANALYST}),
        (may_lead, {LEAD}),
        (may_read_workshop, {LEAD, ANALYST, ADMIN}),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(may, allowed, role):
    assert may({role}) is (role in allowed)
    assert may(set()) is False


@pytest.mark.parametrize(
    ("state", "roles", "is_lead", "allowed"),
    [
        (AnswerState.DRAFT, {LEAD}, False, True),
        (AnswerState.DRAFT, {ANALYST}, False, False),
        (AnswerState.DRAFT, {MODERATOR, ADMIN}, False, False),
        (AnswerState.SIGNED_BY_LEAD, {MODERATOR}, False, True),
        (AnswerState.SIGNED_BY_LEAD, {ADMIN}, False, True),
        (AnswerState.SIGNED_BY_LEAD, {LEAD}, False, False),
        (AnswerState.SIGNED_BY_LEAD, {ANALYST}, False, False),
        # Nobody is two people, also with every role.
        (AnswerState.SIGNED_BY_LEAD, {LEAD, MODERATOR, ADMIN}, True, False),
        (AnswerState.SIGNED, {MODERATOR}, False, False),
        (AnswerState.PUBLISHED, {LEAD, MODERATOR, ADMIN}, False, False),
    ],
)
def test_the_lead_signs_first_and_somebody_else_after(state, roles, is_lead, allowed):
    assert may_sign(state, roles, actor_id=1, lead_id=1 if is_lead else 2) is allowed


@pytest.mark.parametrize("state", list(AnswerState))
def test_only_a_published_answer_cannot_be_worded_differently(state):
    assert may_amend_answer(state) is (state is not AnswerState.PUBLISHED)


@pytest.mark.parametrize("status", list(RevisionStatus))
def test_only_an_open_revision_is_open(status):
    assert is_open(status) is (status is RevisionStatus.OPEN)


@pytest.mark.parametrize(
    ("operation", "kind", "in_base", "allowed"),
    [
        (ChangeOperation.ADD, ElementKind.MEASURE, False, True),
        (ChangeOperation.ADD, ElementKind.MEASURE, True, False),
        (ChangeOperation.ADD, ElementKind.VISION, False, False),
        (ChangeOperation.AMEND, ElementKind.GOAL, True, True),
        (ChangeOperation.AMEND, ElementKind.GOAL, False, False),
        (ChangeOperation.AMEND, ElementKind.VISION, True, True),
        (ChangeOperation.RETIRE, ElementKind.MEASURE, True, True),
        (ChangeOperation.RETIRE, ElementKind.MEASURE, False, False),
        (ChangeOperation.RETIRE, ElementKind.VISION, True, False),
    ],
)
def test_what_may_happen_to_an_element(operation, kind, in_base, allowed):
    assert may_be(operation, kind, stands_in_base=in_base) is allowed


CRITERION = Criterion("Wartezeit", "15 Minuten", date(2028, 12, 31))
WHOLE = {
    "L-1": (ElementKind.VISION, ElementContent("Leitbild", "Wege werden kürzer.")),
    "Z-01": (ElementKind.GOAL, ElementContent("Ziel", criteria=(CRITERION,))),
    "M-01": (ElementKind.MEASURE, ElementContent("Maßnahme", goals=("Z-01",))),
}


def blocked(findings=(), changes=None, contents=None):
    return find_blockers(
        findings=findings,
        changes={"M-01": 1} if changes is None else changes,
        contents=contents or WHOLE,
    )


def test_nothing_blocks_a_revision_in_which_everything_has_a_reason_and_an_answer():
    assert blocked([("E-1", 4, AnswerState.SIGNED)]) == []


@pytest.mark.parametrize(
    ("state", "obstacle"),
    [
        (None, Obstacle.UNANSWERED),
        (AnswerState.DRAFT, Obstacle.UNSIGNED),
        (AnswerState.SIGNED_BY_LEAD, Obstacle.UNSIGNED),
    ],
)
def test_a_finding_without_two_signatures_blocks(state, obstacle):
    [blocker] = blocked([("E-1", None, state)])
    assert (blocker.obstacle, blocker.code) == (obstacle, "E-1")
    assert LABELS[blocker.gap or blocker.obstacle]


def test_a_change_without_a_reason_blocks():
    assert blocked(changes={"M-01": 1, "M-02": 0}) == [Blocker(Obstacle.NO_REASON, "M-02")]


def test_a_revision_that_changes_nothing_is_blocked():
    assert blocked(changes={}) == [Blocker(Obstacle.NO_CHANGE)]


@pytest.mark.parametrize(
    ("code", "kind", "content", "gap"),
    [
        ("Z-09", ElementKind.GOAL, ElementContent("Ohne Maß"), Gap.NO_CRITERION),
        ("M-09", ElementKind.MEASURE, ElementContent("Ohne Ziel"), Gap.NO_GOAL),
        (
            "M-09",
            ElementKind.MEASURE,
            ElementContent("Ziel weg", goals=("Z-77",)),
            Gap.UNKNOWN_GOAL,
        ),
        (
            "Z-09",
            ElementKind.GOAL,
            ElementContent("Feld weg", field="HF-7", criteria=(CRITERION,)),
            Gap.UNKNOWN_FIELD,
        ),
    ],
)
def test_a_gap_in_the_draft_blocks(code, kind, content, gap):
    assert blocked(contents=WHOLE | {code: (kind, content)}) == [
        Blocker(Obstacle.GAP, code, gap=gap)
    ]
