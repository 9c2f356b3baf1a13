"""Setting a strategy up, wording it, adopting its versions, measuring it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from participation.accounts.models import Municipality
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.journal.models import JournalEntry
from participation.strategy import operations, queries
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    FundingSource,
    Priority,
    Strategy,
    VersionStatus,
)
from participation.strategy.operations import Resolution
from participation.strategy.words import OFFERED_FIELDS
from tests.factories import Make


@pytest.fixture
def town(make: Make) -> Municipality:
    return make.municipality()


@pytest.fixture
def strategy(make: Make, town: Municipality) -> Strategy:
    return make.strategy(town)


def test_a_strategy_begins_with_a_vision_and_the_ten_offered_fields(session, make, town):
    strategy = operations.create_strategy(
        session, municipality=town, title="Lindenow 2030", actor=None, at=make.at
    )
    titles = queries.titles_of(session, make.draft_of(strategy).id)
    assert list(titles) == ["L-1", *(f"HF-{number}" for number in range(1, 11))]
    assert list(titles.values())[1:] == list(OFFERED_FIELDS)


def test_a_municipality_has_one_strategy(session, make, town, strategy):
    with pytest.raises(Conflict):
        operations.create_strategy(
            session, municipality=town, title="Noch eine", actor=None, at=make.at
        )


def test_a_strategy_without_a_title_is_refused(session, make, town):
    with pytest.raises(Refused) as refusal:
        operations.create_strategy(session, municipality=town, title=" ", actor=None, at=make.at)
    assert refusal.value.field == "title"


def test_the_database_refuses_a_second_strategy_of_a_municipality(session, make, strategy):
    session.add(
        Strategy(municipality_id=strategy.municipality_id, title="Zwei", created_at=make.at)
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_codes_are_given_in_order_and_never_again(session, make, strategy):
    goals = [make.goal(strategy) for _ in range(2)]
    assert [goal.code for goal in goals] == ["Z-01", "Z-02"]
    operations.drop_wording(session, version=make.draft_of(strategy), element=goals[1])
    assert make.goal(strategy).code == "Z-03"


def test_the_database_refuses_the_same_code_twice(session, make, strategy):
    session.add(
        Element(
            strategy_id=strategy.id,
            kind=ElementKind.GOAL,
            number=77,
            code="HF-1",
            created_at=make.at,
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_an_element_is_found_however_its_code_is_typed(session, make, strategy):
    measure = make.measure(strategy)
    for typed in ("M-01", "m-01", "M-1", " m1 ", "M01"):
        assert queries.get_element(session, strategy.id, typed) == measure
    for typed in ("M-02", "X-01", "M-", "", "M-0", "fassungen"):
        with pytest.raises(NotFound):
            queries.get_element(session, strategy.id, typed)


def test_everything_that_a_measure_says_is_read_back_as_it_was_written(session, make, strategy):
    content = ElementContent(
        title="Bürgerservice ohne Termin",
        text="Das Bürgerbüro öffnet an drei Tagen.",
        field="HF-1",
        goals=(make.goal(strategy).code, make.goal(strategy).code),
        expected_effect="Kürzere Wartezeit",
        lead="Bürgeramt",
        participants="Ortsbeiräte",
        priority=Priority.HIGH,
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 12, 31),
        data_protection="Keine Namen",
        external_home="Haushaltsplan",
        financing=(
            Financing(2026, FundingSource.OWN, 184_000),
            Financing(2027, FundingSource.GRANT, 60_000),
        ),
    )
    measure = make.element(strategy, ElementKind.MEASURE, **vars(content))
    session.expire_all()
    assert make.contents(make.draft_of(strategy))[measure.code] == content


def test_wording_an_element_again_replaces_what_it_said(session, make, strategy):
    goal = make.goal(strategy, criteria=(Criterion("Zeit", "15 Minuten", date(2028, 1, 1)),) * 2)
    make.worded(strategy, goal.code, title="Neu")
    said = make.contents(make.draft_of(strategy))[goal.code]
    assert said == ElementContent(title="Neu")


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        (ElementKind.GOAL, {"title": "  "}, "title"),
        (ElementKind.GOAL, {"title": "Z", "lead": "Bauamt"}, None),
        (ElementKind.GOAL, {"title": "Z", "field": "HF-9"}, None),
        (ElementKind.GOAL, {"title": "Z", "field": "L-1"}, None),
        (ElementKind.MEASURE, {"title": "M", "goals": ("Z-77",)}, None),
        (ElementKind.MEASURE, {"title": "M", "goals": ("HF-1",)}, None),
        (
            ElementKind.MEASURE,
            {"title": "M", "starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
            "ends_on",
        ),
        (
            ElementKind.MEASURE,
            {"title": "M", "financing": (Financing(2026, FundingSource.OWN, -1),)},
            "financing",
        ),
        (
            ElementKind.MEASURE,
            {"title": "M", "financing": (Financing(1999, FundingSource.OWN, 1),)},
            "financing",
        ),
        (
            ElementKind.GOAL,
            {"title": "Z", "criteria": (Criterion("Zeit", " ", date(2028, 1, 1)),)},
            "criteria",
        ),
    ],
)
def test_a_wording_that_cannot_be_is_refused(make, strategy, kind, content, field):
    with pytest.raises(Refused) as refusal:
        make.element(strategy, kind, **content)
    assert refusal.value.field == field


def test_of_two_people_who_edit_at_once_the_second_is_told(session, make, strategy):
    version = make.draft_of(strategy)
    goal = make.goal(strategy)
    wording = queries.find_wording(session, version.id, goal.id)
    assert wording is not None
    seen = wording.row_version
    put = {"version": version, "element": goal, "edited_from": seen}
    operations.put_wording(session, content=ElementContent(title="Erste"), **put)
    with pytest.raises(Conflict):
        operations.put_wording(session, content=ElementContent(title="Zweite"), **put)


def test_an_element_that_others_refer_to_stays_in_the_draft(session, make, strategy):
    goal = make.goal(strategy)
    measure = make.measure(strategy, goals=(goal.code,), field="HF-1")
    version = make.draft_of(strategy)
    for code in (goal.code, "HF-1"):
        with pytest.raises(Conflict, match=measure.code):
            operations.drop_wording(
                session, version=version, element=queries.get_element(session, strategy.id, code)
            )
    operations.drop_wording(session, version=version, element=measure)
    assert measure.code not in make.contents(version)


def test_the_first_version_is_adopted_with_a_resolution_and_a_journal_entry(
    session, make, strategy
):
    version = make.adopted(strategy)
    assert version.status is VersionStatus.ADOPTED
    assert version.adopted_at == make.at
    assert queries.adopted_version(session, strategy.id) == version
    assert queries.draft_version(session, strategy.id) is None
    entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert entry.action == "strategy.adopted"
    assert entry.facts == {"version": 1, "resolution": version.resolution_number}


def test_the_refusal_to_adopt_lists_everything_that_is_missing_with_its_code(make, strategy):
    make.worded(strategy, "L-1", title="Leitbild")
    goal = make.element(strategy, ElementKind.GOAL)
    measure = make.element(strategy, ElementKind.MEASURE)
    with pytest.raises(Refused) as refusal:
        make.adopted(strategy)
    for code in ("L-1", goal.code, measure.code):
        assert code in str(refusal.value)


def test_a_measure_with_an_external_home_needs_no_goal(make, strategy):
    make.measure(strategy, external_home="Klimaschutzkonzept des Landkreises")
    assert make.adopted(strategy).number == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": " "}, "resolution_body"),
        ({"number": ""}, "resolution_number"),
        ({"on": date(2026, 5, 8)}, "resolution_on"),
    ],
)
def test_a_resolution_that_is_incomplete_or_in_the_future_is_refused(
    session, make, strategy, change, field
):
    resolution = Resolution(**vars(make.resolution()) | change)
    with pytest.raises(Refused) as refusal:
        operations.adopt_first(
            session, strategy=strategy, resolution=resolution, actor=None, at=make.at
        )
    assert refusal.value.field == field


def test_an_adopted_version_is_not_worded_any_more(session, make, strategy):
    version = make.adopted(strategy)
    element = queries.get_element(session, strategy.id, "HF-1")
    with pytest.raises(Conflict):
        operations.put_wording(
            session, version=version, element=element, content=ElementContent(title="Anders")
        )
    with pytest.raises(Conflict):
        operations.drop_wording(session, version=version, element=element)
    with pytest.raises(Conflict):
        make.adopted(strategy)


def test_the_next_version_supersedes_the_one_in_force_and_leaves_it_as_it_was(session, make, town):
    strategy = make.adopted_strategy(town)
    first = make.in_force(strategy)
    before = make.contents(first)
    second = make.next_version(strategy, M_01={"title": "Bürgerservice am Abend"})
    session.expire_all()
    assert (second.number, second.status) == (2, VersionStatus.ADOPTED)
    assert first.status is VersionStatus.SUPERSEDED
    assert make.contents(first) == before
    after = make.contents(second)
    assert after["M-01"].title == "Bürgerservice am Abend"
    assert list(after) == list(before)
    assert [version.number for version in queries.versions(session, strategy.id)] == [2, 1]


def test_a_next_version_with_gaps_is_refused_as_a_whole(session, make, town):
    strategy = make.adopted_strategy(town)
    session.commit()
    with pytest.raises(Refused, match="M-01"):
        make.next_version(strategy, M_01={"goals": ()})
    session.rollback()
    assert [version.number for version in queries.versions(session, strategy.id)] == [1]


def test_a_goal_that_a_measure_serves_cannot_leave_the_next_version(session, make, town):
    strategy = make.adopted_strategy(town)
    kept = make.contents(make.in_force(strategy))
    del kept["Z-01"]
    with pytest.raises(Refused, match="M-01"):
        operations.publish_version(
            session,
            strategy=strategy,
            contents=kept,
            resolution=make.resolution(),
            actor=None,
            at=make.at,
        )


def test_contents_of_an_unknown_element_are_refused(make, town):
    with pytest.raises(Refused, match="M-99"):
        make.next_version(make.adopted_strategy(town), M_99={"title": "Unbekannt"})


def test_the_first_version_is_not_published_past_its_draft(session, make, strategy):
    with pytest.raises(Conflict):
        operations.publish_version(
            session,
            strategy=strategy,
            contents=make.contents(make.draft_of(strategy)),
            resolution=make.resolution(),
            actor=None,
            at=make.at,
        )


def test_a_draft_can_be_frozen_for_comments_more_than_once(session, make, strategy):
    said = make.contents(make.draft_of(strategy))
    frozen = [
        operations.freeze_for_consultation(
            session, strategy=strategy, contents=said, actor=None, at=make.at
        )
        for _ in range(2)
    ]
    assert [(version.number, version.consultation) for version in frozen] == [(1, 1), (1, 2)]
    assert make.contents(frozen[0]) == said
    assert make.draft_of(strategy).consultation == 0
    make.adopted(strategy)
    next_one = operations.freeze_for_consultation(
        session, strategy=strategy, contents=said, actor=None, at=make.at
    )
    assert (next_one.number, next_one.consultation) == (2, 1)


def test_the_choices_are_the_elements_of_the_current_version(session, make, town):
    strategy = make.adopted_strategy(town)
    choices = queries.choices_of_elements(session, strategy.id)
    assert ("M-01", "M-01 Bürgerservice ohne Termin") in choices
    assert [code for code, _ in choices] == ["L-1", "HF-1", "HF-2", "Z-01", "M-01", "M-02"]


def test_a_whole_version_is_read_with_few_queries(session, make, town):
    strategy = make.strategy(town)
    goal = make.goal(strategy)
    for _ in range(20):
        make.measure(strategy, goals=(goal.code,), field="HF-1")
    version_id = make.draft_of(strategy).id
    session.commit()
    session.expunge_all()
    statements: list[str] = []
    sa.event.listen(
        session.get_bind(),
        "before_cursor_execute",
        lambda _c, _cur, statement, *_: statements.append(statement),
    )
    assert len(queries.contents_of(session, version_id)) == 24
    assert len([it for it in statements if it.startswith("SELECT")]) <= 5


def test_the_title_of_a_wording_cannot_be_empty_in_the_database(session, make, strategy):
    wording = session.scalars(sa.select(ElementWording)).first()
    wording.title = ""
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
