"""Ideas: taken in, found alike, listed page by page, supported once by each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.models import Audience, ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import Obstacle
from participation.foundation.errors import NotFound, Refused
from participation.foundation.orm import metadata
from participation.ideas import operations, queries
from participation.ideas.models import Idea, IdeaStem, Support
from participation.ideas.operations import ImportedIdea
from participation.ideas.similar import similar_ideas
from participation.strategy.queries import get_element
from tests.conftest import NOON

S = ContributionStatus


def test_an_idea_waits_for_moderation_or_appears_at_once(make):
    town = make.municipality()
    before = make.idea_call(town, moderation_mode=ModerationMode.BEFORE)
    after = make.idea_call(town, moderation_mode=ModerationMode.AFTER)
    assert make.submitted_idea(before).idea.status is S.PENDING
    assert make.submitted_idea(after).idea.status is S.PUBLISHED


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": " \n "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "\0"}, "text"),
        ({"text": "x" * 4001}, "text"),
    ],
)
def test_an_idea_needs_a_title_and_a_text_of_bearable_length(make, session, words, field):
    call = make.idea_call(make.municipality())
    with pytest.raises(Refused) as refusal:
        make.submitted_idea(call, **words)
    assert refusal.value.field == field
    assert session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


def test_the_longest_title_and_text_are_taken_as_they_are(make):
    idea = make.submitted_idea(
        make.idea_call(make.municipality()), title="t" * 120, text="ä" * 4000
    ).idea
    assert (len(idea.title), len(idea.text)) == (120, 4000)


def test_an_idea_is_about_elements_of_its_call_only(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    one, two = (get_element(session, strategy.id, code) for code in ("M-01", "M-02"))
    call = make.idea_call(town, elements=(one,))
    assert make.submitted_idea(call, elements=(one,)).idea.elements == [one]
    with pytest.raises(Refused) as refusal:
        make.submitted_idea(call, elements=(one, two))
    assert refusal.value.field == "elements"


@pytest.mark.parametrize(
    ("plan", "obstacle"),
    [
        ({"opens_at": NOON + timedelta(hours=1)}, Obstacle.NOT_YET_OPEN),
        ({"closes_at": NOON}, Obstacle.CLOSED),
        ({"audience": Audience.ACCOUNT}, Obstacle.ACCOUNT_NEEDED),
        ({"published": False}, Obstacle.NOT_PUBLISHED),
    ],
)
def test_no_idea_is_taken_in_where_nobody_may_take_part(make, plan, obstacle):
    call = make.idea_call(make.municipality(), **plan)
    with pytest.raises(CannotTakePart) as refusal:
        make.submitted_idea(call)
    assert refusal.value.obstacle is obstacle


def test_a_form_opened_in_time_is_taken_a_little_late(make):
    call = make.idea_call(make.municipality(), closes_at=NOON)
    opened = NOON - timedelta(minutes=1)
    assert make.submitted_idea(call, form_opened_at=opened).is_new


def test_a_retry_after_closing_still_gives_the_receipt(make):
    call = make.idea_call(make.municipality(), closes_at=NOON + timedelta(seconds=1))
    first = make.submitted_idea(call, submission="ab" * 16)
    again = make.submitted_idea(call, submission="ab" * 16, at=NOON + timedelta(days=1))
    assert again.code == first.code


def test_paper_may_be_entered_after_closing(make):
    call = make.idea_call(make.municipality(), closes_at=NOON)
    assert make.submitted_idea(call, channel=Channel.PAPER).is_new


def test_comments_on_ideas_are_not_counted_as_ideas(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    element = get_element(session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(element,))
    idea = make.idea(call, elements=(element,), supports=2)
    comment = make.comment(None, anchor=idea)
    comment.elements = [element]
    session.flush()
    numbers = queries.CallNumbers(ideas=1, supports=2)
    assert queries.call_totals(session, call.id) == (numbers, {element.id: 1})
    assert queries.call_numbers(session, [call.id]) == {call.id: numbers}


def test_numbers_of_a_call_count_published_ideas_only(make, session):
    town = make.municipality()
    call, empty = make.idea_call(town), make.idea_call(town)
    make.idea(call, supports=3)
    make.idea(call, supports=2).move_to(S.HIDDEN, at=NOON)
    make.idea(call, status=S.PENDING)
    session.flush()
    numbers = queries.call_numbers(session, [call.id, empty.id])
    assert numbers[call.id] == queries.CallNumbers(ideas=1, supports=3)
    assert numbers[empty.id] == queries.CallNumbers(ideas=0, supports=0)


def test_an_idea_is_found_in_its_town_and_call_while_it_is_published(make, session):
    town, other = make.municipality(), make.municipality(slug="dort", name="Dort")
    call = make.idea_call(town, title="Orte")
    idea = make.idea(call)
    hidden = make.idea(call, status=S.HIDDEN)
    draft = make.idea_call(town, title="Entwurf", published=False)
    assert queries.find_shown(session, town.id, "orte", idea.number) == (call, idea)
    for where in (
        (town.id, "orte", hidden.number),
        (other.id, "orte", idea.number),
        (town.id, draft.slug, 1),
        (town.id, "a\0", 1),
    ):
        with pytest.raises(NotFound):
            queries.find_shown(session, *where)


def test_a_support_counts_once_and_can_be_taken_back(make, session):
    idea = make.idea(make.idea_call(make.municipality()))
    who = {"idea": idea, "at": NOON, "account": None}
    assert operations.support_idea(session, supporter="a", **who)
    assert not operations.support_idea(session, supporter="a", **who)
    assert operations.support_idea(session, supporter="b", **who)
    assert idea.supports == 2
    assert queries.supported_by(session, [idea.id], "a") == {idea.id}
    assert operations.withdraw_support(session, supporter="a", **who)
    assert not operations.withdraw_support(session, supporter="a", **who)
    assert idea.supports == 1
    assert queries.supported_by(session, [idea.id], "a") == frozenset()


@pytest.mark.parametrize("status", [status for status in S if status is not S.PUBLISHED])
def test_what_is_not_shown_cannot_be_supported(make, session, status):
    idea = make.idea(make.idea_call(make.municipality()), status=status)
    for change in (operations.support_idea, operations.withdraw_support):
        with pytest.raises(NotFound):
            change(session, idea=idea, supporter="a", at=NOON, account=None)


def test_supports_end_with_the_call(make, session):
    call = make.idea_call(make.municipality())
    idea = make.idea(call, supports=1)
    for change, supporter in (
        (operations.support_idea, "new"),
        (operations.withdraw_support, "mark 0"),
    ):
        with pytest.raises(CannotTakePart):
            change(session, idea=idea, supporter=supporter, at=call.closes_at, account=None)
    assert idea.supports == 1


def test_thirty_supports_of_one_person_at_once_are_one(make, session, engine):
    idea_id = make.idea(make.idea_call(make.municipality())).id
    session.commit()

    def support(_):
        with Session(engine) as own:
            counted = operations.support_idea(
                own, idea=own.get_one(Idea, idea_id), supporter="a", at=NOON, account=None
            )
            own.commit()
            return counted

    with ThreadPoolExecutor(30) as pool:
        assert sum(pool.map(support, range(30))) == 1
    assert session.get_one(Idea, idea_id).supports == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Support)) == 1


def test_supports_of_thirty_people_at_once_all_count(make, session, engine):
    idea_id = make.idea(make.idea_call(make.municipality())).id
    session.commit()

    def support(number):
        with Session(engine) as own:
            operations.support_idea(
                own,
                idea=own.get_one(Idea, idea_id),
                supporter=f"mark {number}",
                at=NOON,
                account=None,
            )
            own.commit()

    with ThreadPoolExecutor(15) as pool:
        list(pool.map(support, range(30)))
    assert session.get_one(Idea, idea_id).supports == 30


def test_imported_ideas_go_on_counting_and_are_found_alike(make, session):
    call = make.idea_call(make.municipality())
    make.idea(call)
    (idea,) = operations.record_imported(
        session,
        call=call,
        ideas=[ImportedIdea("Radweg", "Zur Schule", NOON, "source 1", "https://example.org/1")],
        at=NOON,
    )
    assert (idea.number, idea.channel, idea.status) == (2, Channel.IMPORTED, S.PUBLISHED)
    assert queries.imported_sources(session, call.id) == {"source 1"}
    assert similar_ideas(session, call_id=call.id, title="Radwege", text="") == [idea]
    assert make.idea(call).number == 3


def test_the_tables_of_ideas_refuse_what_must_never_be(make, session):
    call = make.idea_call(make.municipality())
    one, two = make.idea(call, supports=1), make.idea(call)
    table, calls = metadata.tables["idea"], metadata.tables["idea_call"]
    for values in ({"number": one.number}, {"number": 0}, {"supports": -1}):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.update(table).where(table.c.id == two.id).values(values))
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(Support).values(idea_id=one.id, supporter="mark 0"))
    stem = session.scalars(sa.select(IdeaStem).where(IdeaStem.idea_id == one.id)).first()
    row = {"idea_call_id": call.id, "idea_id": one.id, "stem": stem.stem}
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(IdeaStem).values(row))
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(calls).values(id=10**6, question="", last_number=0))
