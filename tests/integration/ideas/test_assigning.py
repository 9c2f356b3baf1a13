"""What an idea is about, corrected by staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.foundation.errors import Conflict, Refused
from participation.ideas.assigning import correct_elements
from participation.ideas.parts import WantedParts
from participation.ideas.queries import call_totals
from participation.ideas.wordings import change_idea
from participation.journal.models import JournalEntry
from participation.moderation.models import Action
from participation.moderation.operations import decide
from participation.strategy.models import ElementKind


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def elements(make, town):
    strategy = make.strategy(town)
    return [make.element(strategy, ElementKind.MEASURE) for _number in range(3)]


def call_of(make, town, elements, mode=ModerationMode.AFTER):
    return make.idea_call(town, elements=tuple(elements[:2]), moderation_mode=mode)


def corrections(session):
    found = sa.select(JournalEntry).where(JournalEntry.action == "idea.elements_corrected")
    return session.scalars(found).all()


def test_a_correction_counts_at_once_and_stands_in_the_journal(session, make, town, elements):
    call = call_of(make, town, elements)
    idea, moderator = make.idea(call, elements=elements[:1]), make.account()
    wanted = {"idea": idea, "elements": elements[1:2], "actor": moderator, "at": make.at}
    assert correct_elements(session, **wanted)
    assert call_totals(session, call.id)[1] == {elements[1].id: 1}
    assert idea.elements_corrected_at == make.at
    (entry,) = corrections(session)
    assert (entry.actor_id, entry.subject) == (moderator.id, f"contribution:{idea.id}")
    assert entry.facts == {"before": [elements[0].code], "after": [elements[1].code]}
    # Its words are the author's: nobody reads that they have changed.
    assert idea.edited_at is None
    assert not correct_elements(session, **wanted)
    assert len(corrections(session)) == 1


def test_an_idea_is_about_elements_of_its_own_call_only(session, make, town, elements):
    idea = make.idea(call_of(make, town, elements), elements=elements[:1])
    with pytest.raises(Refused) as refusal:
        correct_elements(
            session, idea=idea, elements=elements[2:], actor=make.account(), at=make.at
        )
    assert refusal.value.field == "elements"
    assert idea.elements == elements[:1]


@pytest.mark.parametrize("status", [ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN])
def test_what_is_over_stays_as_it_is(session, make, town, elements, status):
    idea = make.idea(call_of(make, town, elements, ModerationMode.BEFORE), status=status)
    with pytest.raises(Conflict):
        correct_elements(
            session, idea=idea, elements=elements[:1], actor=make.account(), at=make.at
        )


def test_what_its_author_changes_later_counts(session, make, town, elements):
    call = call_of(make, town, elements, ModerationMode.BEFORE)
    idea, moderator = make.idea(call, elements=elements[:1]), make.account()
    correct_elements(session, idea=idea, elements=elements[1:2], actor=moderator, at=make.at)
    parts = WantedParts(elements=elements[:2], place=None, asked=(), answers={})
    later = make.at + timedelta(hours=1)
    change_idea(session, idea=idea, title=idea.title, text=idea.text, parts=parts, at=later)
    assert idea.elements == elements[1:2]
    decide(session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=later)
    assert idea.elements == elements[:2]
    assert idea.elements_corrected_at is None
