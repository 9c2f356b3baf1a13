"""A revision is put out for comment and adopted, whole or not at all."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from participation.analysis.wording_difference import apply
from participation.foundation.errors import Conflict
from participation.journal.models import JournalEntry
from participation.revisions import drafting, operations, queries
from participation.revisions.models import (
    Announcement,
    AnswerState,
    Change,
    ChangeOperation,
    OfficialAnswer,
    RevisionStatus,
)
from participation.revisions.policy import Obstacle
from participation.strategy.content import Criterion, ElementContent, Financing, shown, to_values
from participation.strategy.models import ElementKind, FundingSource, Priority, VersionStatus
from participation.strategy.queries import adopted_version, contents_of, get_element, versions
from tests.conftest import NOON
from tests.presence import there


def state_of(answer: OfficialAnswer) -> AnswerState:
    return answer.state


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
