"""The part of an idea's form that asks for images."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length, ValidationError

from participation.engagements.forms import strip
from participation.foundation.errors import Refused
from participation.ideas.carried import sealed_picture, unsealed_picture
from participation.ideas.images import ReadyImage, ready_again, ready_image
from participation.ideas.models import IdeaImage
from participation.ideas.policy import LARGEST_IMAGE, LONGEST_SHOWS, MOST_IMAGES
from participation.ideas.words_fields import WordsFields
from participation.web.kept_fields import FILES_LOST
from participation.web.refusals import told
from participation.web.secrets import secret_key

ACCEPTED = "image/jpeg,image/png,image/webp"


@dataclass(frozen=True)
class Slot:
    """The fields of one image, as a template draws them, and the image that is there already."""

    number: int
    file: Any
    shows: Any
    drop: Any
    kept: ReadyImage | None

    @property
    def preview(self) -> str:
        """Return the address of a small picture that stands in the page itself."""
        return as_address(self.kept.small) if self.kept else ""

    @property
    def is_used(self) -> bool:
        """Whether there is something to see in it: an image, words or what was wrong."""
        return bool(self.kept or self.shows.data or self.file.errors or self.shows.errors)


def as_address(picture: bytes) -> str:
    """Return a small picture as an address that holds it, for pages that no one else may read."""
    return "data:image/webp;base64," + base64.b64encode(picture).decode()


def _file(label: Any) -> FileField:
    hint = _l("Foto oder Zeichnung als JPEG, PNG oder WebP, bis 12 MB")
    return FileField(label, description=hint)


def _shows() -> StringField:
    return StringField(
        _l("Was ist darauf zu sehen?"),
        [
            Length(
                max=LONGEST_SHOWS,
                message=_l("Diese Beschreibung darf höchstens 300 Zeichen haben."),
            )
        ],
        filters=[strip],
        description=_l("Ein kurzer Satz für Menschen, die das Bild nicht sehen"),
    )


def _drop() -> BooleanField:
    return BooleanField(_l("Dieses Bild weglassen"))


class ImageFields(WordsFields):
    """Up to three images. One that was read once travels on in the form, sealed."""

    image_1, shows_1, drop_1, kept_1 = _file(_l("Bild 1")), _shows(), _drop(), HiddenField()
    image_2, shows_2, drop_2, kept_2 = _file(_l("Bild 2")), _shows(), _drop(), HiddenField()
    image_3, shows_3, drop_3, kept_3 = _file(_l("Bild 3")), _shows(), _drop(), HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ready: dict[int, ReadyImage] = {}
        self._stored: dict[str, ReadyImage] = {}

    def offer_images(self, images: Iterable[IdeaImage]) -> None:
        """Say which images are stored already; the form names them instead of carrying them."""
        self._stored = {
            str(image.id): ReadyImage(b"", image.small, image.shows, image.id) for image in images
        }

    def show_images(self, values: Iterable[Mapping[str, str]]) -> None:
        """Fill in images that are stored, by id, with what they show."""
        there = [one for one in values if one["id"] in self._stored]
        for number, one in enumerate(there, start=1):
            self[f"kept_{number}"].data = one["id"]
            self[f"shows_{number}"].data = one["shows"]
            self._ready[number] = self._stored[one["id"]]

    @property
    def slots(self) -> list[Slot]:
        """The fields of each image."""
        return [
            Slot(
                number,
                self[f"image_{number}"],
                self[f"shows_{number}"],
                self[f"drop_{number}"],
                self._ready.get(number),
            )
            for number in range(1, MOST_IMAGES + 1)
        ]

    @property
    def images(self) -> list[ReadyImage]:
        """The images of a form that is right, with what they show, in order."""
        return [
            replace(image, shows=self[f"shows_{number}"].data or "")
            for number, image in sorted(self._ready.items())
        ]

    def validate_image_1(self, field: FileField) -> None:
        self._take(1, field)
        if not self._ready and FILES_LOST in request.form:
            raise ValidationError(
                _("Ihre Bilder kamen bei der Nachfrage nicht mit. Wählen Sie sie bitte noch mal.")
            )

    def validate_image_2(self, field: FileField) -> None:
        self._take(2, field)

    def validate_image_3(self, field: FileField) -> None:
        self._take(3, field)

    def validate_shows_1(self, field: StringField) -> None:
        self._ask_for_words(1, field)

    def validate_shows_2(self, field: StringField) -> None:
        self._ask_for_words(2, field)

    def validate_shows_3(self, field: StringField) -> None:
        self._ask_for_words(3, field)

    def _take(self, number: int, field: FileField) -> None:
        """Read a file, or go on with what was read before. Raises ValidationError."""
        kept: Any = self[f"kept_{number}"]
        if self[f"drop_{number}"].data and not field.data:
            self[f"drop_{number}"].data = False
            kept.data = self[f"shows_{number}"].data = ""
            return
        if kept.data:
            self._go_on_with(number, kept)
        if not field.data:
            return
        try:
            found = ready_image(field.data.read(LARGEST_IMAGE + 1))
        except Refused as refusal:
            raise ValidationError(told(refusal)) from refusal
        self._ready[number] = found
        kept.data = sealed_picture(secret_key(), self.submission.data or "", found.content)

    def _go_on_with(self, number: int, kept: HiddenField) -> None:
        stored = self._stored.get(kept.data or "")
        if stored is not None:
            self._ready[number] = stored
            return
        picture = unsealed_picture(secret_key(), self.submission.data or "", kept.data or "")
        if picture is None:
            kept.data = ""
            raise ValidationError(_("Dieses Bild ging verloren. Wählen Sie es bitte noch einmal."))
        self._ready[number] = ready_again(picture)

    def _ask_for_words(self, number: int, field: StringField) -> None:
        if number in self._ready and not field.data:
            raise ValidationError(_("Schreiben Sie kurz, was auf dem Bild zu sehen ist."))
