"""Changes hold what differs, with reasons, and what cannot be is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import object_session

from participation.foundation.errors import Conflict, Refused
from participation.revisions import operations, queries
from participation.revisions.models import Change, ChangeOperation, StatedReason
from participation.revisions.operations import Reason
from participation.revisions.policy import Obstacle
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import Element, ElementKind, Priority, StrategyVersion
from participation.strategy.queries import contents_of, get_element
from tests.conftest import NOON
from tests.presence import there


def propose(*args, **kwargs) -> Change:
    """Propose a change that leaves something to be changed."""
    return there(operations.propose_change(*args, **kwargs))


def assert_refused(revision, operation, why: type[Exception] = Refused, **proposed) -> None:
    """Propose what a revision does not take."""
    session = there(object_session(revision))
    given = {"revision": revision, "operation": operation, "actor": None, "at": NOON} | proposed
    with pytest.raises(why):
        operations.propose_change(session, **given)


def test_a_change_holds_only_the_fields_that_differ_before_and_after(make, session, revision):
    change = make.amended(revision, "M-01", title="Bürgerservice", priority=Priority.HIGH)
    assert [(one.name, one.before, one.after) for one in change.fields] == [
        ("title", "Bürgerservice ohne Termin", "Bürgerservice"),
        ("priority", None, "high"),
    ]


def test_proposing_again_replaces_fields_and_reasons(make, session, revision):
    make.amended(revision, "M-01", title="Eins", text="Ganz neu.", because=[make.stated("Eins")])
    make.amended(revision, "M-01", lead="Bürgeramt", because=[make.stated("Zwei")])
    session.expire_all()
    [change] = there(queries.open_revision_of(session, revision.strategy_id)).changes
    assert [one.name for one in change.fields] == ["lead"]
    assert [one.text for one in change.reasons] == ["Zwei"]


def test_a_field_that_is_as_in_the_base_again_vanishes_and_with_the_last_the_change(
    make, session, revision
):
    make.amended(revision, "M-01", title="Eins", lead="Bürgeramt")
    change = make.amended(revision, "M-01", lead="Bürgeramt")
    assert [one.name for one in change.fields] == ["lead"]
    assert make.amended(revision, "M-01") is None
    assert session.scalar(sa.select(sa.func.count(Change.id))) == 0
    with pytest.raises(Refused):
        make.amended(revision, "M-01")


def test_two_people_who_edit_one_change_at_once_do_not_overwrite_each_other(
    make, session, revision
):
    make.amended(revision, "M-01", title="Eins")
    element = get_element(session, revision.strategy_id, "M-01")
    with pytest.raises(Conflict):
        operations.propose_change(
            session,
            revision=revision,
            element=element,
            operation=ChangeOperation.AMEND,
            content=ElementContent("Zwei"),
            actor=None,
            at=NOON,
            edited_from=NOON.replace(year=2025),
        )


def test_an_added_element_gets_its_code_at_once_and_it_is_never_given_again(
    make, session, strategy, revision
):
    content = ElementContent("Rufbus für Kiebitz", field="HF-2", goals=("Z-01",))
    change = propose(
        session,
        revision=revision,
        kind=ElementKind.MEASURE,
        operation=ChangeOperation.ADD,
        content=content,
        because=[make.stated()],
        actor=None,
        at=NOON,
    )
    assert change.element.code == "M-03"
    assert queries.drafted_contents(session, revision)["M-03"][1] == content
    operations.drop_change(session, change=change, actor=None, at=NOON)
    again = propose(
        session,
        revision=revision,
        kind=ElementKind.MEASURE,
        operation=ChangeOperation.ADD,
        content=content,
        actor=None,
        at=NOON,
    )
    assert again.element.code == "M-04"


def test_an_added_element_can_be_reworded_and_stays_added(make, session, revision):
    change = propose(
        session,
        revision=revision,
        kind=ElementKind.GOAL,
        operation=ChangeOperation.ADD,
        content=ElementContent("Ziel"),
        actor=None,
        at=NOON,
    )
    again = propose(
        session,
        revision=revision,
        element=change.element,
        operation=ChangeOperation.AMEND,
        content=ElementContent("Besseres Ziel"),
        actor=None,
        at=NOON,
    )
    assert again.id == change.id
    assert again.operation is ChangeOperation.ADD
    assert [(one.name, one.before, one.after) for one in again.fields] == [
        ("title", None, "Besseres Ziel")
    ]


def test_a_retired_element_is_not_in_the_draft_and_what_needs_it_blocks(
    make, session, strategy, revision
):
    goal = get_element(session, strategy.id, "Z-01")
    operations.propose_change(
        session,
        revision=revision,
        element=goal,
        operation=ChangeOperation.RETIRE,
        because=[make.stated()],
        actor=None,
        at=NOON,
    )
    assert "Z-01" not in queries.drafted_contents(session, revision)
    blocked = {(one.obstacle, one.code) for one in queries.blockers(session, revision)}
    assert blocked == {(Obstacle.GAP, "M-01"), (Obstacle.GAP, "M-02")}


@pytest.mark.parametrize(
    "content",
    [
        ElementContent(""),
        ElementContent("Titel", criteria=(Criterion("x", "y", date(2028, 1, 1)),)),
        ElementContent("Titel", field="HF-9"),
        ElementContent("Titel", field="M-01"),
        ElementContent("Titel", goals=("HF-1",)),
    ],
)
def test_a_change_that_the_version_could_not_hold_is_refused(make, session, revision, content):
    element = get_element(session, revision.strategy_id, "M-01")
    assert_refused(revision, ChangeOperation.AMEND, element=element, content=content)


def test_a_refused_addition_uses_up_no_code(make, session, strategy, revision):
    nothing = ElementContent(" ")
    assert_refused(revision, ChangeOperation.ADD, kind=ElementKind.MEASURE, content=nothing)
    numbers = sa.select(sa.func.count(Element.id)).where(Element.kind == ElementKind.MEASURE)
    assert session.scalar(numbers) == 2


def test_the_vision_is_amended_and_never_retired_or_added(make, session, revision):
    vision = get_element(session, revision.strategy_id, "L-1")
    assert_refused(revision, ChangeOperation.RETIRE, Conflict, element=vision)
    second = ElementContent("Zweites Leitbild")
    assert_refused(revision, ChangeOperation.ADD, kind=ElementKind.VISION, content=second)
    assert make.amended(revision, "L-1", text="Wege werden viel kürzer.")


@pytest.mark.parametrize(
    "reason",
    [Reason(), Reason(stated=StatedReason.LAW), Reason(stated=StatedReason.LAW, text="x" * 301)],
)
def test_a_reason_is_a_finding_or_has_a_text(make, revision, reason):
    with pytest.raises(Refused):
        make.amended(revision, "M-01", title="Eins", because=[reason])


def test_replacing_keeps_what_a_proposal_does_not_touch(make, session, revision):
    base = contents_of(session, revision.base_version_id)
    make.amended(revision, "M-01", lead="Bürgeramt")
    drafted = queries.drafted_contents(session, revision)
    assert drafted["M-01"][1] == replace(base["M-01"][1], lead="Bürgeramt")
    assert {code: said for code, said in drafted.items() if code != "M-01"} == {
        code: said for code, said in base.items() if code != "M-01"
    }
    assert session.scalar(sa.select(sa.func.count(StrategyVersion.id))) == 1
