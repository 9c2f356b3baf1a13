"""The images of an idea when its author changes them.

An image without a position is shown to nobody but moderators and its author: it belongs to a
change that waits, or that can still be taken back.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import Refused
from participation.ideas import policy
from participation.ideas.images import ReadyImage, checked_shows, new_image
from participation.ideas.models import Idea, IdeaImage, IdeaWording

# What is held of an image in a change: which one it is, and what it shows.
ImageValues = list[dict[str, str]]


def images_held(idea: Idea) -> ImageValues:
    """Return the images that an idea has now, in their order."""
    placed = [(image.position, image) for image in idea.images if image.position is not None]
    return [
        {"id": str(image.id), "shows": image.shows} for _position, image in sorted(placed, key=_at)
    ]


def images_wanted(idea: Idea, ready: Sequence[ReadyImage]) -> ImageValues:
    """Return the images that an idea is to have; new ones are stored without a position.

    Raises Refused with the field.
    """
    if len(ready) > policy.MOST_IMAGES:
        raise Refused("an idea has at most three images", field="image_1")
    own = {image.id for image in idea.images}
    found: ImageValues = []
    for position, image in enumerate(ready, start=1):
        shows, image_id = checked_shows(image.shows, position), image.stored_id
        if image_id is None:
            new = new_image(image, shows)
            new.id = image_id = uuid.uuid4()
            idea.images.append(new)
        elif image_id not in own:
            raise Refused("this image has gone", field=f"image_{position}")
        found.append({"id": str(image_id), "shows": shows})
    return found


def put_images(session: Session, idea: Idea, value: ImageValues) -> None:
    """Let an idea have these of its images, in this order; all others lose their position."""
    for image in idea.images:
        image.position = None
    session.flush()
    by_id = {str(image.id): image for image in idea.images}
    kept = [(by_id[one["id"]], one["shows"]) for one in value if one["id"] in by_id]
    for position, (image, shows) in enumerate(kept, start=1):
        image.position, image.shows = position, shows
    session.flush()


def drop_loose_images(session: Session, idea: Idea | None = None) -> None:
    """Delete images without a position that no change needs any more, of one idea or of all."""
    loose = sa.select(IdeaImage.idea_id, IdeaImage.id).where(IdeaImage.position.is_(None))
    if idea is not None:
        loose = loose.where(IdeaImage.idea_id == idea.id)
    found = session.execute(loose).all()
    if not found:
        return
    changes = session.scalars(
        sa.select(IdeaWording.parts).where(IdeaWording.idea_id.in_({row.idea_id for row in found}))
    )
    needed = {one["id"] for parts in changes for one in parts.get("images", ())}
    gone = [row.id for row in found if str(row.id) not in needed]
    session.execute(sa.delete(IdeaImage).where(IdeaImage.id.in_(gone)))
    if idea is not None:
        session.expire(idea, ["images"])


def _at(placed: tuple[int, IdeaImage]) -> int:
    return placed[0]
