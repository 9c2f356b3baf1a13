"""A reason may name the sentences that it is about, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.insights.operations import cite
from participation.portal.queries.outcomes import get_finding_outcome
from participation.revisions import operations, queries
from participation.revisions.policy import Obstacle
from participation.revisions.reasons import Place, Reason, places_of, reasoned, wording_of
from tests.conftest import NOON

AFTER = "Das Bürgerbüro öffnet an fünf Tagen ohne Termin. Ein Bus fährt ins Dorf."
DOORS = Place("text", "Das Bürgerbüro öffnet an fünf Tagen ohne Termin.")
BUS = Place("text", "Ein Bus fährt ins Dorf.")


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def loop(make, town):
    return make.loop(town, adopted=False)


@pytest.fixture
def second(make, loop):
    """A finding from another idea, answered as well."""
    submitted = make.submitted_idea(loop.call, title="Bus", text="Wie komme ich hin?")
    make.decision(submitted.idea, actor=loop.second)
    finding = make.finding(loop.strategy, elements=(loop.measure,), contributions=(submitted.idea,))
    make.signed(make.answer(finding), (loop.lead, loop.second))
    return finding


@pytest.fixture
def change(make, loop, second):
    """M-01 changes in two sentences because of two findings."""
    because = (Reason(finding=loop.finding), Reason(finding=second))
    return make.amended(loop.revision, "M-01", text=AFTER, because=because)


def place(session, change, *places, **more):
    operations.place_reasons(
        session,
        change=change,
        places={it.id: named for it, named in zip(change.reasons, places, strict=True)},
        actor=None,
        at=NOON,
        **more,
    )


def sentences(session, loop, code):
    outcome = get_finding_outcome(session, loop.strategy.id, code)
    return [wording_of(one.segments) for one in outcome.sentences]


def test_without_places_a_finding_shows_every_sentence_of_the_change(make, session, loop, change):
    make.adopt(loop.revision)
    assert sentences(session, loop, "E-2") == [DOORS.sentence, BUS.sentence]


def test_a_finding_shows_the_sentence_that_changed_because_of_it(make, session, loop, change):
    place(session, change, [DOORS], [BUS])
    make.adopt(loop.revision)
    session.expire_all()
    assert sentences(session, loop, "E-1") == [DOORS.sentence]
    assert sentences(session, loop, "E-2") == [BUS.sentence]


def test_a_contribution_behind_two_findings_is_told_both_sentences(
    make, session, loop, second, change
):
    cite(session, finding=second, contributions=(loop.idea,), actor=None, at=NOON)
    place(session, change, [DOORS], [BUS])
    make.adopt(loop.revision)
    fate = queries.fate_of(session, loop.idea)
    assert [made.places for made in fate.made_changes] == [(DOORS, BUS)]


def test_a_reason_for_every_sentence_names_none(session, change):
    place(session, change, [DOORS, BUS], [BUS])
    assert [places_of(reason) for reason in change.reasons] == [(), (BUS,)]


def test_every_reason_is_about_something_and_every_sentence_has_one(session, change):
    with pytest.raises(Refused):
        place(session, change, [DOORS, BUS], [])
    with pytest.raises(Refused):
        place(session, change, [DOORS, BUS], [Place("text", "Das steht hier nicht.")])
    with pytest.raises(Refused):
        place(session, change, [BUS], [BUS])


def test_places_are_given_for_the_proposal_that_was_seen(session, change):
    with pytest.raises(Conflict):
        place(session, change, [DOORS], [BUS], edited_from=NOON - timedelta(minutes=1))


def test_only_those_who_draft_give_places(make, session, town, change):
    moderator = make.member(Role.MODERATOR, municipality=town)
    with pytest.raises(Forbidden):
        operations.place_reasons(session, change=change, places={}, actor=moderator, at=NOON)


def test_another_wording_keeps_the_places_whose_sentences_stay(make, session, loop, change, second):
    place(session, change, [DOORS], [BUS])
    because = (Reason(finding=loop.finding), Reason(finding=second))
    again = make.amended(loop.revision, "M-01", text=AFTER.replace("fünf", "vier"), because=because)
    assert [places_of(reason) for reason in again.reasons] == [(), (BUS,)]


def test_a_sentence_without_a_reason_keeps_the_version_from_being_adopted(
    make, session, loop, change, second
):
    place(session, change, [DOORS], [BUS])
    because = (Reason(finding=loop.finding), Reason(finding=second))
    longer = make.amended(
        loop.revision, "M-01", text=AFTER + " Alles ist kostenlos.", because=because
    )
    assert [one.obstacle for one in queries.blockers(session, loop.revision)] == [
        Obstacle.SENTENCE_WITHOUT_REASON
    ]
    assert [len(one.reasons) for one in reasoned(longer)] == [1, 1, 0]
    with pytest.raises(Conflict):
        make.adopt(loop.revision)


def test_the_places_of_an_adopted_change_stay(make, session, loop, change):
    place(session, change, [DOORS], [BUS])
    make.adopt(loop.revision)
    session.commit()
    with pytest.raises(Conflict):
        place(session, change, [BUS], [DOORS])
