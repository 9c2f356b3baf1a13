"""Planning, publishing and extending an engagement; who took part; who hears of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import DutyText
from participation.accounts.operations import put_duty_text
from participation.engagements import life, operations, queries
from participation.engagements.models import (
    Audience,
    Engagement,
    EngagementState,
    ParticipationMark,
    Subscription,
)
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.orm import metadata
from participation.ideas.models import IdeaCall
from participation.journal.models import JournalEntry
from participation.strategy.queries import get_element
from tests.conftest import NOON

HOUR = timedelta(hours=1)
WHY = "Viele hatten Hochwasser."


def test_an_engagement_begins_as_a_draft_with_an_address_made_from_its_title(make, session):
    call = make.idea_call(make.municipality(), published=False, title="Größere Wünsche")
    assert call.slug == "groessere-wuensche"
    assert call.state_at(NOON) is EngagementState.DRAFT
    assert [entry.action for entry in session.scalars(sa.select(JournalEntry))][-1:] == [
        "engagement.begun"
    ]


def test_two_engagements_of_one_title_have_two_addresses(make):
    town = make.municipality()
    slugs = [make.idea_call(town, title="Ideen für morgen").slug for _ in range(3)]
    assert slugs == ["ideen-fuer-morgen", "ideen-fuer-morgen-2", "ideen-fuer-morgen-3"]


def test_two_municipalities_may_use_one_address(make):
    here, there = make.municipality(), make.municipality(slug="dort", name="Dort")
    assert make.idea_call(here, title="Ideen").slug == make.idea_call(there, title="Ideen").slug


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"closes_at": NOON - timedelta(days=1)}, "closes_on"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(make, change, field):
    town = make.municipality()
    with pytest.raises(Refused) as refusal:
        make.idea_call(town, **change)
    assert refusal.value.field == field


def test_nothing_is_published_while_a_duty_text_is_missing(make, session):
    town = make.municipality(complete=False)
    call = make.idea_call(town, published=False)
    for kind in (DutyText.IMPRINT, DutyText.RULES):
        put_duty_text(
            session,
            municipality=town,
            kind=kind,
            source="Unser Text",
            completed=True,
            actor=None,
            at=NOON,
        )
    with pytest.raises(operations.DutyTextsMissing) as refusal:
        operations.publish_engagement(session, engagement=call, actor=None, at=NOON)
    assert refusal.value.missing == [DutyText.PRIVACY, DutyText.ACCESSIBILITY]
    assert call.published_at is None


def test_an_engagement_is_published_once(make, session):
    call = make.idea_call(make.municipality())
    with pytest.raises(Conflict):
        operations.publish_engagement(session, engagement=call, actor=None, at=NOON)


def test_texts_may_change_after_opening_but_rules_may_not(make, session):
    call = make.idea_call(make.municipality(), title="Orte")
    as_it_is = {"opens_at": call.opens_at, "closes_at": call.closes_at}
    new_words = make.plan(title="Neue Orte", summary="Anders gesagt.", **as_it_is)
    operations.change_engagement(session, engagement=call, plan=new_words, actor=None, at=NOON)
    assert (call.title, call.slug) == ("Neue Orte", "orte")
    for change in ({"audience": Audience.ACCOUNT}, {"closes_at": call.closes_at - HOUR}):
        plan = make.plan(**{"title": "Orte", **as_it_is, **change})
        with pytest.raises(Conflict):
            operations.change_engagement(session, engagement=call, plan=plan, actor=None, at=NOON)


def test_an_engagement_that_has_opened_keeps_its_elements(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    one, two = (get_element(session, strategy.id, code) for code in ("M-01", "M-02"))
    call = make.idea_call(town, elements=(one,))
    times = {"opens_at": call.opens_at, "closes_at": call.closes_at}
    more = make.plan(elements=(one, two), **times)
    operations.change_engagement(session, engagement=call, plan=more, actor=None, at=NOON)
    assert [element.code for element in call.elements] == ["M-01", "M-02"]
    with pytest.raises(Conflict):
        operations.change_engagement(
            session, engagement=call, plan=make.plan(elements=(two,), **times), actor=None, at=NOON
        )


def test_before_it_opens_everything_may_change(make, session):
    call = make.idea_call(make.municipality(), opens_at=NOON + HOUR)
    plan = make.plan(audience=Audience.ACCOUNT, opens_at=NOON + 2 * HOUR)
    operations.change_engagement(session, engagement=call, plan=plan, actor=None, at=NOON)
    assert call.audience is Audience.ACCOUNT


def test_closing_is_only_ever_put_off(make, session):
    call = make.idea_call(make.municipality())
    later = call.closes_at + HOUR
    life.extend_closing(session, engagement=call, closes_at=later, reason=WHY, actor=None, at=NOON)
    assert call.closes_at == later
    with pytest.raises(Refused):
        life.extend_closing(
            session, engagement=call, closes_at=later, reason=WHY, actor=None, at=NOON
        )
    with pytest.raises(Conflict):
        life.extend_closing(
            session, engagement=call, closes_at=later + HOUR, reason=WHY, actor=None, at=later
        )


def test_a_draft_and_another_kind_and_another_town_are_not_found(make, session):
    town, other = make.municipality(), make.municipality(slug="dort", name="Dort")
    draft = make.idea_call(town, published=False, title="Entwurf")
    make.idea_call(town, title="Offen")
    assert queries.get_engagement(session, town.id, "entwurf") is draft
    assert queries.get_public_engagement(session, town.id, "offen", of=IdeaCall).title == "Offen"
    for municipality_id, slug in ((town.id, "entwurf"), (other.id, "offen"), (town.id, "a\0b")):
        with pytest.raises(NotFound):
            queries.get_public_engagement(session, municipality_id, slug)


def test_public_lists_hold_each_engagement_in_its_state_and_page_by_key(make, session):
    town = make.municipality()
    make.idea_call(town, title="Entwurf", published=False)
    make.idea_call(town, title="Geplant", opens_at=NOON + HOUR)
    make.idea_call(town, title="Später zu", closes_at=NOON + 5 * HOUR)
    make.idea_call(town, title="Früher zu", closes_at=NOON + 2 * HOUR)
    old = [
        make.idea_call(town, title=f"Beendet {number}", closes_at=NOON - HOUR) for number in "123"
    ]

    def titles(state, **more):
        found = queries.public_engagements(session, town.id, NOON, state=state, **more)
        return [engagement.title for engagement in found]

    assert titles(EngagementState.OPEN) == ["Früher zu", "Später zu"]
    assert titles(EngagementState.PLANNED) == ["Geplant"]
    assert titles(EngagementState.CLOSED, limit=2) == ["Beendet 3", "Beendet 2"]
    key = (old[1].closes_at, old[1].id)
    assert titles(EngagementState.CLOSED, before=key) == ["Beendet 1"]
    assert queries.count_public_engagements(session, town.id) == 6


def test_opening_makes_the_elements_of_a_draft_public(make, session):
    town = make.municipality()
    strategy = make.strategy(town)
    field, other = (get_element(session, strategy.id, code) for code in ("HF-1", "HF-2"))
    make.idea_call(town, elements=(field,), opens_at=NOON)
    make.idea_call(town, elements=(other,), published=False)

    def opened(at):
        return set(session.scalars(queries.opened_elements(strategy.id, at)))

    assert opened(NOON - HOUR) == set()
    assert opened(NOON) == {field.id}


def test_engagements_about_an_element_come_open_ones_first(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    element = get_element(session, strategy.id, "M-01")
    make.idea_call(town, title="Vorbei", elements=(element,), closes_at=NOON - HOUR)
    make.idea_call(town, title="Offen", elements=(element,))
    make.idea_call(town, title="Entwurf", elements=(element,), published=False)
    make.idea_call(town, title="Anderes")
    found = queries.engagements_about(session, element.id, NOON)
    assert [engagement.title for engagement in found] == ["Offen", "Vorbei"]


def test_the_title_of_an_element_is_the_adopted_one(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    make.next_version(strategy, M_01={"title": "Neuer Titel"})
    element = get_element(session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(element,))
    assert queries.named(session, [element])[element.id].title == "Neuer Titel"
    assert [one.title for one in queries.elements_about(session, call.id)] == ["Neuer Titel"]


def test_a_person_is_counted_once_whatever_they_do(make, session):
    call = make.idea_call(make.municipality())
    assert operations.note_participation(session, call, mark="a")
    assert not operations.note_participation(session, call, mark="a")
    assert operations.note_participation(session, call, mark="b")
    session.refresh(call)
    assert (call.participants, queries.participant_count(session, call.id)) == (2, 2)


def test_thirty_people_of_one_mark_at_once_are_counted_once(make, session, engine):
    call_id = make.idea_call(make.municipality()).id
    session.commit()

    def take_part(_):
        with Session(engine) as own:
            counted = operations.note_participation(own, own.get_one(IdeaCall, call_id), mark="a")
            own.commit()
            return counted

    with ThreadPoolExecutor(30) as pool:
        assert sum(pool.map(take_part, range(30))) == 1
    call = session.get_one(IdeaCall, call_id)
    assert (call.participants, queries.participant_count(session, call_id)) == (1, 1)


BROKEN: dict[str, dict[str, Any]] = {
    "opening_time": {"opens_at": NOON, "closes_at": NOON},
    "title": {"title": ""},
    "slug": {"slug": ""},
    "participants": {"participants": -1},
    "kind": {"kind": "raffle"},
    "audience": {"audience": "friends"},
    "moderation_mode": {"moderation_mode": "never"},
    "results_mode": {"results_mode": "secret"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_table_of_engagements_refuses(make, session, name):
    call = make.idea_call(make.municipality())
    table = metadata.tables["engagement"]
    values = {
        column: sa.literal(value) if isinstance(value, str) else value
        for column, value in BROKEN[name].items()
    }
    with pytest.raises(sa.exc.IntegrityError) as refusal, session.begin_nested():
        session.execute(sa.update(table).where(table.c.id == call.id).values(values))
    assert name in str(refusal.value.orig)


def test_the_tables_refuse_what_must_never_be(make, session):
    town = make.municipality()
    call, other = make.idea_call(town), make.idea_call(town)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.update(Engagement).values(slug=call.slug))
    session.add(ParticipationMark(engagement_id=call.id, mark="a"))
    session.flush()
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(ParticipationMark).values(engagement_id=call.id, mark="a"))
    session.execute(sa.insert(ParticipationMark).values(engagement_id=other.id, mark="a"))
    operations.subscribe(session, engagement=call, address="a@b.de", at=NOON)
    row = {"engagement_id": call.id, "created_at": NOON, "about_all": True}
    for broken in ({"address": "a@b.de"}, {"address": ""}, {"address": "c@d.de", "ended_at": NOON}):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(Subscription).values(row | broken))
    session.execute(sa.insert(Subscription).values(row | {"address": "a@b.de", "about_all": False}))
