"""The images of an idea, changed by its author: at once, or when moderation lets them through."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.contributions.operations import withdraw
from participation.engagements.models import ModerationMode
from participation.foundation.errors import NotFound, Refused
from participation.ideas.images import (
    ReadyImage,
    images_by_idea,
    images_of,
    public_picture,
    remove_image,
    shown_images,
)
from participation.ideas.models import IdeaImage, IdeaWording
from participation.ideas.parts import WantedParts
from participation.ideas.wordings import Changed, change_idea, earlier_wordings, forget_replaced
from participation.moderation.models import Action, Ground
from participation.moderation.operations import decide, undo
from tests.photographs import ready_photograph

ONE = ready_photograph("Eine Bank")
OTHER = ready_photograph("Ein Zaun", "#aa2211")
THIRD = ready_photograph("Ein Tor", "#1122aa")


@pytest.fixture
def town(make):
    return make.municipality()


def idea_of(make, town, mode=ModerationMode.AFTER, **more):
    return make.idea(make.idea_call(town, moderation_mode=mode), images=(ONE, OTHER), **more)


def kept(image, shows=None):
    return ReadyImage(b"", b"", image.shows if shows is None else shows, image.id)


def change(session, make, idea, *images, at=None):
    parts = WantedParts(elements=(), place=None, asked=(), answers={}, images=images)
    words = {"title": idea.title, "text": idea.text}
    return change_idea(session, idea=idea, parts=parts, at=at or make.at, **words)


def publish(session, make, idea, actor=None):
    actor = actor or make.account()
    return decide(session, contribution=idea, action=Action.PUBLISH, actor=actor, at=make.at)


def shown(session, idea):
    return [(one.position, one.shows) for one in shown_images(session, idea.id)]


def number_stored(session):
    return session.scalar(sa.select(sa.func.count()).select_from(IdeaImage))


def test_images_go_come_and_are_described_anew(session, make, town):
    idea = idea_of(make, town)
    other = idea.images[1]
    gone = idea.images[0].id
    assert change(session, make, idea, kept(other, "Ein alter Zaun"), THIRD) is Changed.SHOWN
    assert shown(session, idea) == [(1, "Ein alter Zaun"), (2, "Ein Tor")]
    stays, new = shown_images(session, idea.id)
    assert stays.id == other.id
    assert new.content == THIRD.content
    assert session.get(IdeaImage, gone) is None
    assert change(session, make, idea, kept(stays), kept(new)) is Changed.NOTHING
    assert change(session, make, idea) is Changed.SHOWN
    assert number_stored(session) == 0


def test_readers_are_told_that_images_have_changed(session, make, town):
    idea = idea_of(make, town, supports=1)
    assert change(session, make, idea, kept(idea.images[0])) is Changed.KEPT_BEFORE
    assert [one.also for one in earlier_wordings(session, idea.id)] == [["images"]]
    assert number_stored(session) == 1


def test_nobody_is_told_of_an_image_that_nobody_saw(session, make, town):
    idea = idea_of(make, town, supports=1)
    one, other = idea.images
    remove_image(
        session,
        image=other,
        ground=Ground.PERSONAL_DATA.value,
        municipality_id=town.id,
        actor=make.account(),
        at=make.at,
    )
    # What stays out of sight stays so when its author goes on with it.
    change(session, make, idea, kept(other), kept(one))
    assert shown(session, idea) == [(2, "Eine Bank")]
    assert change(session, make, idea, kept(one)) is Changed.SHOWN
    assert earlier_wordings(session, idea.id) == []


@pytest.mark.parametrize("supports", [0, 1])
def test_new_images_are_seen_by_nobody_before_they_are_let_through(session, make, town, supports):
    idea = idea_of(make, town, ModerationMode.BEFORE, supports=supports)
    moderator, before = make.account(), list(idea.images)
    gone = before[0].id

    def picture(image_id):
        slug = idea.engagement.slug
        return public_picture(session, town.id, slug, idea.number, image_id, is_small=False)

    assert change(session, make, idea, kept(before[1]), THIRD) is Changed.WAITS
    new = session.scalars(sa.select(IdeaImage).where(IdeaImage.shows == "Ein Tor")).one()
    assert shown(session, idea) == [(1, "Eine Bank"), (2, "Ein Zaun")]
    assert len(images_by_idea(session, [idea.id])[idea.id]) == len(images_of(session, idea.id)) == 2
    with pytest.raises(NotFound):
        picture(new.id)
    decision = publish(session, make, idea, moderator)
    assert shown(session, idea) == [(1, "Ein Zaun"), (2, "Ein Tor")]
    assert picture(new.id) == THIRD.content
    with pytest.raises(NotFound):
        picture(gone)
    undo(session, decision=decision, actor=moderator, at=make.at + timedelta(seconds=5))
    assert shown(session, idea) == [(1, "Eine Bank"), (2, "Ein Zaun")]
    with pytest.raises(NotFound):
        picture(new.id)
    publish(session, make, idea)
    assert number_stored(session) == 3
    forget_replaced(session, at=make.at + timedelta(minutes=1))
    session.expire_all()
    assert number_stored(session) == 2
    assert shown(session, idea) == [(1, "Ein Zaun"), (2, "Ein Tor")]


def test_images_of_a_change_that_nobody_wants_any_more_are_deleted(session, make, town):
    idea = idea_of(make, town, ModerationMode.BEFORE)
    one, other = idea.images
    change(session, make, idea, kept(one), kept(other), THIRD)
    new = session.scalars(sa.select(IdeaImage).where(IdeaImage.shows == "Ein Tor")).one()
    # Changed once more with the image that waits, and then without it.
    later = make.at + timedelta(minutes=1)
    again = kept(new, "Ein grünes Tor")
    assert change(session, make, idea, kept(one), again, at=later) is Changed.WAITS
    assert number_stored(session) == 3
    assert change(session, make, idea, kept(one), kept(other), at=later) is Changed.NOTHING
    assert number_stored(session) == 2
    change(session, make, idea, THIRD)
    decide(
        session,
        contribution=idea,
        action=Action.REJECT,
        ground=Ground.INSULT,
        actor=make.account(),
        at=make.at,
    )
    assert number_stored(session) == 3
    forget_replaced(session, at=make.at + timedelta(minutes=1))
    session.expire_all()
    assert number_stored(session) == 2
    assert session.scalars(sa.select(IdeaWording)).one().parts == {}


def test_all_images_go_with_a_withdrawn_idea_also_those_that_wait(session, make, town):
    idea = idea_of(make, town, ModerationMode.BEFORE)
    change(session, make, idea, THIRD)
    withdraw(session, contribution=idea, at=make.at)
    assert number_stored(session) == 0


def test_what_handing_in_refuses_is_refused_with_the_field(session, make, town):
    idea, foreign = idea_of(make, town), idea_of(make, town)
    one, other = idea.images
    for images, name in (
        ((kept(foreign.images[0]),), "image_1"),
        ((kept(one), ReadyImage(b"", b"", "x", uuid.uuid4())), "image_2"),
        ((kept(one, " "),), "shows_1"),
        ((kept(one), kept(other, "x" * 301)), "shows_2"),
        ((kept(one), kept(other), THIRD, replace(THIRD, shows="Noch eins")), "image_1"),
    ):
        with pytest.raises(Refused) as refusal:
            change(session, make, idea, *images)
        assert refusal.value.field == name
