"""The images of ideas: made ready on the way in, shown where their idea is, taken out of sight."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from participation.accounts.models import Account
from participation.contributions.queries import published
from participation.engagements.models import Engagement
from participation.foundation import images as pictures
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.ideas import policy
from participation.ideas.models import Idea, IdeaCall, IdeaImage
from participation.journal.operations import record

LONGEST_SIDE = 1600
LONGEST_SMALL_SIDE = 480
# What readers see of the images of an idea.
_IS_SHOWN = (IdeaImage.position.is_not(None), IdeaImage.removed_at.is_(None))


@dataclass(frozen=True)
class ReadyImage:
    """A picture as it is stored: written anew, without anything that its file told besides."""

    content: bytes
    small: bytes
    shows: str = ""
    # Of one that is stored already, and whose content need not travel.
    stored_id: uuid.UUID | None = None


def ready_image(content: bytes) -> ReadyImage:
    """Return what is kept of a file. Raises Refused for what is none of the pictures we take."""
    if len(content) > policy.LARGEST_IMAGE:
        raise Refused("Das Bild darf höchstens 12 MB haben.")
    clean = pictures.clean_picture(content, longest_side=LONGEST_SIDE)
    return ready_again(clean)


def ready_again(clean: bytes) -> ReadyImage:
    """Return a picture that was cleaned before with its small one."""
    return ReadyImage(clean, pictures.smaller_picture(clean, longest_side=LONGEST_SMALL_SIDE))


def images_from(ready: Sequence[ReadyImage]) -> list[IdeaImage]:
    """Return the images of a new idea, in their order. Raises Refused."""
    if len(ready) > policy.MOST_IMAGES:
        raise Refused("an idea has at most three images", field="image_1")
    images = []
    for position, image in enumerate(ready, start=1):
        images.append(new_image(image, checked_shows(image.shows, position)))
        images[-1].position = position
    return images


def images_of(
    session: Session, idea_id: uuid.UUID, *, with_small: bool = False
) -> Sequence[IdeaImage]:
    """Return all images of an idea, also those out of sight, for staff and its author."""
    rows = (
        sa.select(IdeaImage)
        .where(IdeaImage.idea_id == idea_id, IdeaImage.position.is_not(None))
        .order_by(IdeaImage.position)
    )
    return session.scalars(rows.options(undefer(IdeaImage.small)) if with_small else rows).all()


def own_images(session: Session, idea_id: uuid.UUID) -> Sequence[IdeaImage]:
    """Return what an author has of images, also those of a change that waits."""
    return session.scalars(
        sa.select(IdeaImage).where(IdeaImage.idea_id == idea_id).options(undefer(IdeaImage.small))
    ).all()


def shown_images(session: Session, idea_id: uuid.UUID) -> Sequence[IdeaImage]:
    """Return the images of an idea that its page shows."""
    return session.scalars(
        sa.select(IdeaImage)
        .where(IdeaImage.idea_id == idea_id, *_IS_SHOWN)
        .order_by(IdeaImage.position)
    ).all()


def images_by_idea(
    session: Session, idea_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[IdeaImage]]:
    """Return what a list of published ideas shows of images, in one query."""
    if not idea_ids:
        return {}
    found: dict[uuid.UUID, list[IdeaImage]] = {}
    rows = (
        sa.select(IdeaImage)
        .where(IdeaImage.idea_id.in_(idea_ids), *_IS_SHOWN)
        .order_by(IdeaImage.idea_id, IdeaImage.position)
    )
    for image in session.scalars(rows):
        found.setdefault(image.idea_id, []).append(image)
    return found


def public_picture(
    session: Session,
    municipality_id: int,
    slug: str,
    number: int,
    image_id: uuid.UUID,
    *,
    is_small: bool,
) -> bytes:
    """Return a picture while its idea is public. Raises NotFound for all others alike."""
    if not slug.isprintable():
        raise NotFound("there is no such picture")
    found = session.scalar(
        sa.select(IdeaImage.small if is_small else IdeaImage.content)
        .join(Idea, Idea.id == IdeaImage.idea_id)
        .join(IdeaCall, IdeaCall.id == Idea.idea_call_id)
        .where(
            IdeaImage.id == image_id,
            *_IS_SHOWN,
            IdeaCall.municipality_id == municipality_id,
            IdeaCall.slug == slug,
            IdeaCall.published_at.is_not(None),
            Idea.number == number,
            published(),
        )
    )
    if found is None:
        raise NotFound("there is no such picture")
    return found


def get_image(
    session: Session, municipality_id: int, image_id: uuid.UUID, *, with_content: bool = False
) -> IdeaImage:
    """Return an image of a municipality's idea in whatever state, for staff. Raises NotFound."""
    rows = (
        sa.select(IdeaImage)
        .join(Idea, Idea.id == IdeaImage.idea_id)
        .join(Engagement, Engagement.id == Idea.engagement_id)
        .where(IdeaImage.id == image_id, Engagement.municipality_id == municipality_id)
    )
    found = session.scalars(
        rows.options(undefer(IdeaImage.content)) if with_content else rows
    ).first()
    if found is None:
        raise NotFound("there is no such picture")
    return found


def remove_image(
    session: Session,
    *,
    image: IdeaImage,
    ground: str,
    municipality_id: int,
    actor: Account,
    at: datetime,
) -> None:
    """Take one image out of sight, for a ground from the rules; the idea stays as it is."""
    session.refresh(image, ["removed_at", "removed_for"], with_for_update=True)
    if not image.is_shown:
        raise Conflict("Dieses Bild ist schon entfernt.")
    image.removed_at, image.removed_for = at, ground
    _note(session, "idea.image_removed", image, municipality_id, actor, at)


def show_image_again(
    session: Session, *, image: IdeaImage, municipality_id: int, actor: Account, at: datetime
) -> None:
    """Let an image be seen again that was taken out of sight."""
    session.refresh(image, ["removed_at", "removed_for"], with_for_update=True)
    if image.is_shown:
        raise Conflict("Dieses Bild ist schon zu sehen.")
    image.removed_at, image.removed_for = None, ""
    _note(session, "idea.image_shown_again", image, municipality_id, actor, at)


def _note(
    session: Session,
    action: str,
    image: IdeaImage,
    municipality_id: int,
    actor: Account,
    at: datetime,
) -> None:
    session.flush()
    record(
        session,
        at=at,
        action=action,
        subject=f"contribution:{image.idea_id}",
        municipality_id=municipality_id,
        actor_id=actor.id,
        facts={"image": str(image.id), "ground": image.removed_for or None},
    )


def checked_shows(shows: str, position: int) -> str:
    """Return what an image shows as it is stored. Raises Refused with the field."""
    shows = " ".join(shows.replace("\0", "").split())
    if not shows:
        raise Refused("say what the image shows", field=f"shows_{position}")
    if len(shows) > policy.LONGEST_SHOWS:
        raise Refused("this says too much", field=f"shows_{position}")
    return shows


def new_image(ready: ReadyImage, shows: str) -> IdeaImage:
    """Return an image to store, which has no position yet."""
    width, height = pictures.size_of(ready.content)
    small_width, small_height = pictures.size_of(ready.small)
    return IdeaImage(
        shows=shows,
        content=ready.content,
        width=width,
        height=height,
        small=ready.small,
        small_width=small_width,
        small_height=small_height,
    )
