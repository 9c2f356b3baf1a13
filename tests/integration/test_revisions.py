"""The open revision, its changes and its adoption, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.analysis.wording_difference import apply
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.journal.models import JournalEntry
from participation.revisions import drafting, operations, queries
from participation.revisions.freezing import CHANGE_MESSAGE
from participation.revisions.models import (
    Announcement,
    AnswerState,
    Change,
    ChangedField,
    ChangeOperation,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
    StatedReason,
)
from participation.revisions.operations import Reason
from participation.revisions.policy import Obstacle
from participation.strategy.content import (
    Criterion,
    ElementContent,
    Financing,
    shown,
    to_values,
)
from participation.strategy.models import (
    Element,
    ElementKind,
    FundingSource,
    Priority,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.queries import adopted_version, contents_of, get_element, versions
from tests.conftest import NOON
from tests.presence import there


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def strategy(make, town):
    return make.adopted_strategy(town)


@pytest.fixture
def revision(make, strategy):
    return make.revision(strategy)


def propose(*args, **kwargs) -> Change:
    """Propose a change that leaves something to be changed."""
    return there(operations.propose_change(*args, **kwargs))


def state_of(answer: OfficialAnswer) -> AnswerState:
    return answer.state


def test_a_strategy_without_an_adopted_version_has_nothing_to_revise(make, town):
    draft = make.strategy(town)
    with pytest.raises(Conflict):
        make.revision(draft)


def test_one_revision_is_open_at_a_time(make, session, strategy, revision):
    with pytest.raises(Conflict):
        make.revision(strategy)


def test_the_table_refuses_a_second_open_revision(session, strategy, revision):
    session.add(
        Revision(strategy_id=strategy.id, base_version_id=revision.base_version_id, opened_at=NOON)
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_of_revisions_opened_at_the_same_time_one_is_opened(make, engine, session, strategy):
    strategy_id = strategy.id
    session.commit()
    session.close()
    start, outcomes = threading.Barrier(5), []

    def open_one() -> None:
        with Session(engine) as own:
            start.wait()
            try:
                operations.open_revision(
                    own, strategy=own.get_one(Strategy, strategy_id), actor=None, at=NOON
                )
                own.commit()
                outcomes.append("opened")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=open_one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["opened"] + ["refused"] * 4


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.ADMINISTRATOR])
def test_only_a_strategist_opens_puts_out_and_adopts(make, session, town, strategy, role):
    actor = make.member(role, municipality=town)
    with pytest.raises(Forbidden):
        operations.open_revision(session, strategy=strategy, actor=actor, at=NOON)
    revision = make.revision(strategy)
    make.amended(revision, "M-01", title="Neuer Titel", because=[make.stated()])
    with pytest.raises(Forbidden):
        operations.put_out_for_consultation(session, revision=revision, actor=actor, at=NOON)
    with pytest.raises(Forbidden):
        operations.adopt(
            session, revision=revision, resolution=make.resolution(), actor=actor, at=NOON
        )


def test_an_analyst_may_propose_a_change_and_a_moderator_may_not(make, session, town, revision):
    analyst = make.member(Role.ANALYST, municipality=town)
    change = make.amended(revision, "M-01", title="Neuer Titel", actor=analyst)
    assert change.proposed_by_id == analyst.id
    with pytest.raises(Forbidden):
        make.amended(
            revision, "M-01", title="x", actor=make.member(Role.MODERATOR, municipality=town)
        )


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
    with pytest.raises(Refused):
        operations.propose_change(
            session,
            revision=revision,
            element=element,
            operation=ChangeOperation.AMEND,
            content=content,
            actor=None,
            at=NOON,
        )


def test_a_refused_addition_uses_up_no_code(make, session, strategy, revision):
    with pytest.raises(Refused):
        operations.propose_change(
            session,
            revision=revision,
            kind=ElementKind.MEASURE,
            operation=ChangeOperation.ADD,
            content=ElementContent(" "),
            actor=None,
            at=NOON,
        )
    numbers = sa.select(sa.func.count(Element.id)).where(Element.kind == ElementKind.MEASURE)
    assert session.scalar(numbers) == 2


def test_the_vision_is_amended_and_never_retired_or_added(make, session, revision):
    vision = get_element(session, revision.strategy_id, "L-1")
    with pytest.raises(Conflict):
        operations.propose_change(
            session,
            revision=revision,
            element=vision,
            operation=ChangeOperation.RETIRE,
            actor=None,
            at=NOON,
        )
    with pytest.raises(Refused):
        operations.propose_change(
            session,
            revision=revision,
            kind=ElementKind.VISION,
            operation=ChangeOperation.ADD,
            content=ElementContent("Zweites Leitbild"),
            actor=None,
            at=NOON,
        )
    assert make.amended(revision, "L-1", text="Wege werden viel kürzer.")


@pytest.mark.parametrize(
    "reason",
    [Reason(), Reason(stated=StatedReason.LAW), Reason(stated=StatedReason.LAW, text="x" * 301)],
)
def test_a_reason_is_a_finding_or_has_a_text(make, revision, reason):
    with pytest.raises(Refused):
        make.amended(revision, "M-01", title="Eins", because=[reason])


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"stated": StatedReason.LAW, "text": ""},
    ],
)
def test_the_table_refuses_a_reason_that_says_nothing(make, session, revision, values):
    change = make.amended(revision, "M-01", title="Eins")
    session.add(ChangeReason(change_id=change.id, **values))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_table_refuses_two_changes_of_one_element(make, session, revision):
    change = make.amended(revision, "M-01", title="Eins")
    session.add(
        Change(
            revision_id=revision.id,
            element_id=change.element_id,
            operation=ChangeOperation.RETIRE,
            proposed_at=NOON,
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_draft_put_out_for_comment_is_frozen_and_the_work_goes_on(make, session, revision):
    with pytest.raises(Conflict):
        operations.put_out_for_consultation(session, revision=revision, actor=None, at=NOON)
    make.amended(revision, "M-01", title="Zur Anhörung")
    frozen = operations.put_out_for_consultation(session, revision=revision, actor=None, at=NOON)
    assert frozen.status is VersionStatus.IN_CONSULTATION
    make.amended(revision, "M-01", title="Nach der Anhörung")
    assert contents_of(session, frozen.id)["M-01"][1].title == "Zur Anhörung"
    assert queries.drafted_contents(session, revision)["M-01"][1].title == "Nach der Anhörung"


def test_an_adoption_makes_the_next_version_with_everything_that_follows(make, session, town):
    loop = make.loop(town, adopted=False, with_adoption=True)
    assert state_of(loop.answer) is AnswerState.SIGNED
    version = make.adopt(loop.revision)
    assert (version.number, version.status) == (2, VersionStatus.ADOPTED)
    assert contents_of(session, version.id)["M-01"][1].text.startswith("Das Bürgerbüro öffnet an f")
    assert loop.revision.status is RevisionStatus.ADOPTED
    assert loop.revision.resulting_version_id == version.id
    assert state_of(loop.answer) is AnswerState.PUBLISHED
    [announcement] = session.scalars(sa.select(Announcement))
    assert announcement.version_id == version.id
    actions = set(session.scalars(sa.select(JournalEntry.action)))
    assert {"revision.adopted", "strategy.adopted", "answer.published"} <= actions
    assert queries.open_revision_of(session, loop.strategy.id) is None


@pytest.mark.parametrize("obstacle", [Obstacle.UNANSWERED, Obstacle.UNSIGNED, Obstacle.NO_REASON])
def test_nothing_is_adopted_while_something_is_missing(make, session, town, strategy, obstacle):
    revision = make.revision(strategy)
    because = [] if obstacle is Obstacle.NO_REASON else [make.stated()]
    make.amended(revision, "M-01", title="Neuer Titel", because=because)
    measure = get_element(session, strategy.id, "M-01")
    if obstacle is not Obstacle.NO_REASON:
        idea = make.idea(make.idea_call(town))
        finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
        if obstacle is Obstacle.UNSIGNED:
            make.answer(finding)
    assert [one.obstacle for one in queries.blockers(session, revision)] == [obstacle]
    session.commit()
    with pytest.raises(Conflict):
        make.adopt(revision)
    session.rollback()
    assert there(adopted_version(session, strategy.id)).number == 1
    assert revision.status is RevisionStatus.OPEN


@pytest.mark.parametrize("breaking", ["announce", "publish_answer", "note"])
def test_an_adoption_that_fails_in_the_middle_leaves_nothing(
    make, session, town, monkeypatch, breaking
):
    loop = make.loop(town, adopted=False, with_adoption=True)
    session.commit()

    def fail(*_args, **_kwargs):
        raise RuntimeError("the power goes out")

    monkeypatch.setattr(operations, breaking, fail)
    with pytest.raises(RuntimeError):
        make.adopt(loop.revision)
    session.rollback()
    assert [version.number for version in versions(session, loop.strategy.id)] == [1]
    assert there(adopted_version(session, loop.strategy.id)).status is VersionStatus.ADOPTED
    assert loop.revision.status is RevisionStatus.OPEN
    assert state_of(loop.answer) is AnswerState.SIGNED
    assert session.scalar(sa.select(sa.func.count(Announcement.id))) == 0
    monkeypatch.undo()
    assert make.adopt(loop.revision).number == 2


def test_a_revision_is_adopted_once(make, session, town):
    loop = make.loop(town)
    with pytest.raises(Conflict):
        make.adopt(loop.revision)
    with pytest.raises(Conflict):
        make.amended(loop.revision, "M-02", title="Zu spät")


def test_the_shown_difference_applied_to_a_version_gives_the_next_one(make, session, strategy):
    earlier = contents_of(session, there(adopted_version(session, strategy.id)).id)
    revision = make.revision(strategy)
    because = [make.stated()]
    make.amended(
        revision,
        "M-01",
        title="Bürgerservice mit und ohne Termin",
        text="Das Bürgerbüro öffnet an fünf Tagen. Der Donnerstag geht bis 19 Uhr.",
        lead="Bürgeramt",
        priority=Priority.HIGH,
        starts_on=None,
        ends_on=date(2028, 6, 30),
        financing=(Financing(2027, FundingSource.OWN, 184_000),),
        because=because,
    )
    make.amended(
        revision,
        "Z-01",
        criteria=(
            Criterion("Wartezeit", "10 Minuten", date(2029, 12, 31)),
            Criterion("Zufriedenheit", "8 von 10", date(2029, 12, 31)),
        ),
        because=because,
    )
    make.amended(
        revision, "L-1", text="Wege werden kürzer. Niemand bleibt zurück.", because=because
    )
    operations.propose_change(
        session,
        revision=revision,
        kind=ElementKind.MEASURE,
        operation=ChangeOperation.ADD,
        content=ElementContent("Hilfe am Gerät", text="Zweimal in der Woche.", goals=("Z-01",)),
        because=because,
        actor=None,
        at=NOON,
    )
    operations.propose_change(
        session,
        revision=revision,
        element=get_element(session, strategy.id, "M-02"),
        operation=ChangeOperation.RETIRE,
        because=because,
        actor=None,
        at=NOON,
    )
    version = make.adopt(revision)
    later = contents_of(session, version.id)
    changes = session.scalars(sa.select(Change).where(Change.revision_id == revision.id)).all()
    compared = 0
    for change in changes:
        code, kind = change.element.code, change.element.kind
        old = to_values(earlier[code][1], kind) if code in earlier else {}
        new = to_values(later[code][1], kind) if code in later else {}
        for field in change.fields:
            before, after = shown(field.name, field.before), shown(field.name, field.after)
            assert before == shown(field.name, old.get(field.name))
            segments = drafting.field_segments(field.name, field.before, field.after)
            assert apply(before, segments) == after == shown(field.name, new.get(field.name))
            compared += 1
    assert compared >= 12
    changed = {change.element.code for change in changes}
    assert changed == {"M-01", "Z-01", "L-1", "M-03", "M-02"}
    assert {code: said for code, (_, said) in later.items() if code not in changed} == {
        code: said for code, (_, said) in earlier.items() if code not in changed
    }
    assert set(later) == set(earlier) - {"M-02"} | {"M-03"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changed_field SET after = '\"anders\"'",
        "DELETE FROM changed_field",
        "UPDATE change_reason SET text = 'anders'",
        "DELETE FROM change_reason",
        "DELETE FROM change",
        "UPDATE change SET operation = 'retire'",
    ],
)
def test_the_database_keeps_the_changes_of_an_adopted_revision(make, session, town, statement):
    make.loop(town)
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match=CHANGE_MESSAGE):
        session.execute(sa.text(statement))


def test_the_database_adds_no_field_to_an_adopted_change(make, session, town):
    make.loop(town)
    session.commit()
    change = session.scalars(sa.select(Change)).one()
    session.add(
        ChangedField(change_id=change.id, name="lead", position=9, before="", after="Bürgeramt")
    )
    with pytest.raises(sa.exc.DBAPIError, match=CHANGE_MESSAGE):
        session.flush()


def test_an_adoption_waits_for_a_finding_that_is_being_recorded(make, session, town):
    loop = make.loop(town, adopted=False)
    make.finding(loop.strategy, elements=(loop.measure,), contributions=(loop.idea,))
    with pytest.raises(Conflict, match="E-2"):
        make.adopt(loop.revision)


def test_the_numbers_of_the_funnel_count_what_is_public(make, session, town):
    loop = make.loop(town, adopted=False, with_adoption=True)
    make.idea(loop.call)
    revision = queries.open_revision_of(session, loop.strategy.id)
    numbers = queries.numbers_of(session, loop.strategy, revision)
    assert (numbers.contributions, numbers.cited) == (2, 1)
    assert (numbers.findings, numbers.answered, numbers.unanswered) == (1, 0, 1)
    assert (numbers.changes, numbers.changed_elements) == (1, 1)


def test_replacing_keeps_what_a_proposal_does_not_touch(make, session, revision):
    base = contents_of(session, revision.base_version_id)
    make.amended(revision, "M-01", lead="Bürgeramt")
    drafted = queries.drafted_contents(session, revision)
    assert drafted["M-01"][1] == replace(base["M-01"][1], lead="Bürgeramt")
    assert {code: said for code, said in drafted.items() if code != "M-01"} == {
        code: said for code, said in base.items() if code != "M-01"
    }
    assert session.scalar(sa.select(sa.func.count(StrategyVersion.id))) == 1
