"""The images of ideas as moderators see them: look at one, take it out of sight, show it again."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.images import TYPE
from participation.ideas import images
from participation.moderation.blueprint import blueprint
from participation.moderation.forms import ImageForm
from participation.web.extensions import db


@blueprint.get("/moderation/bilder/<uuid:image_id>.webp")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def image(image_id: uuid.UUID) -> ResponseReturnValue:
    """Show an image in whatever state."""
    found = images.get_image(db.session(), access.here().id, image_id, with_content=True)
    return Response(found.content, mimetype=TYPE)


@blueprint.post("/moderation/bilder/<uuid:image_id>/entfernen")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def remove_image(image_id: uuid.UUID) -> ResponseReturnValue:
    """Take one image out of sight; what is decided about the idea stays as it is."""
    form, here = ImageForm(), access.here()
    found = images.get_image(db.session(), here.id, image_id)
    idea_id = found.idea_id
    if not form.validate_on_submit():
        flash(_("Wählen Sie einen Grund aus den Regeln, um ein Bild zu entfernen."), "warning")
        return _back(idea_id)
    images.remove_image(
        db.session(),
        image=found,
        ground=form.ground.data.value,
        municipality_id=here.id,
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Das Bild ist nicht mehr zu sehen. Der Text bleibt, wie er ist."), "success")
    return _back(idea_id)


@blueprint.post("/moderation/bilder/<uuid:image_id>/zeigen")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def show_image(image_id: uuid.UUID) -> ResponseReturnValue:
    """Show an image again that was taken out of sight."""
    here = access.here()
    found = images.get_image(db.session(), here.id, image_id)
    idea_id = found.idea_id
    images.show_image_again(
        db.session(),
        image=found,
        municipality_id=here.id,
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Das Bild gehört wieder zur Idee."), "success")
    return _back(idea_id)


def _back(idea_id: uuid.UUID) -> ResponseReturnValue:
    kind = request.args.get("art") or None
    return redirect(
        url_for("moderation.item", contribution_id=idea_id, art=kind, _anchor="bilder"), 303
    )
