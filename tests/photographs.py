"""Photographs as people send them, and files that only look like one."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from participation.ideas.images import ReadyImage, ready_image

# Where it was taken, and by what: nobody may learn it from us.
CAMERA = b"Kanarikamera"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + b"\x00" * 200


def photograph(
    kind: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    colour: str = "#3a6a3c",
    **more: object,
) -> bytes:
    """Return a photograph with the place where it was taken, and the camera, in its file."""
    exif = Image.Exif()
    exif[0x0110] = CAMERA.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 45.0, 0.0), 3: "E", 4: (14.0, 20.0, 0.0)})
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, exif=exif.tobytes(), **more)
    return written.getvalue()


def moving_picture(kind: str) -> bytes:
    """Return two pictures in one file, shown in turn."""
    written = io.BytesIO()
    one, other = (Image.new("RGB", (20, 20), colour) for colour in ("red", "blue"))
    one.save(written, kind, save_all=True, append_images=[other], duration=100)
    return written.getvalue()


@cache
def ready_photograph(shows: str = "Eine Bank ohne Lehne", colour: str = "#3a6a3c") -> ReadyImage:
    """Return a photograph as it is stored."""
    ready = ready_image(photograph(colour=colour))
    return ReadyImage(ready.content, ready.small, shows)
