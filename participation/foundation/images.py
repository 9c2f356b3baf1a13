"""The one module that knows Pillow: pictures from outside are decoded, cleaned, written anew."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageOps

from participation.foundation.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
TYPE = "image/webp"
# What is decoded at once. A photograph that can be read in a smaller size may have more.
_MOST_PIXELS = 16_000_000
_MOST_PIXELS_OF_A_PHOTOGRAPH = 64_000_000
_PHOTOGRAPHS = frozenset({"JPEG", "MPO"})
# How the files of the cameras of some phones begin, after four bytes.
_HEIC = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"))

# The number of pixels is checked below, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def clean_picture(content: bytes, *, longest_side: int, lossless: bool = False) -> bytes:
    """Return a picture as WebP, turned upright, at most so large, without any metadata.

    Raises Refused for what is no picture of an allowed format, has too many pixels or moves.
    """
    if content[4:12].startswith(_HEIC):
        raise Refused(
            "Bilder im Format HEIC können wir nicht lesen. Speichern Sie das Bild als JPEG und "
            "wählen Sie es noch einmal aus."
        )
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture, longest_side)
            # A photograph may hold a second one for other screens; the first is the picture.
            if picture.format not in _PHOTOGRAPHS and getattr(picture, "is_animated", False):
                raise Refused("Das Bild bewegt sich. Nehmen Sie bitte eines, das stillsteht.")
            return _written_anew(picture, longest_side, lossless)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as failure:
        raise Refused(
            "Diese Datei lässt sich nicht als Bild (PNG, JPEG oder WebP) lesen."
        ) from failure


def smaller_picture(picture: bytes, *, longest_side: int) -> bytes:
    """Return a cleaned picture once more, at most so large."""
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as opened:
        return _written_anew(opened, longest_side, lossless=False)


def size_of(picture: bytes) -> tuple[int, int]:
    """Return how wide and how high a cleaned picture is."""
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as opened:
        return opened.size


def _check_size(picture: Image.Image, longest_side: int) -> None:
    """Refuse what would take too much memory, and have a photograph read in a smaller size."""
    pixels = picture.width * picture.height
    # One that is sent in passes is kept whole in memory while it is read, whatever its size.
    if picture.format in _PHOTOGRAPHS and not picture.info.get("progressive"):
        if pixels > _MOST_PIXELS_OF_A_PHOTOGRAPH:
            raise Refused("Das Bild hat mehr als 64 Millionen Bildpunkte.")
        picture.draft("RGB", (longest_side, longest_side))
        pixels = picture.width * picture.height
    if pixels > _MOST_PIXELS:
        raise Refused("Das Bild hat mehr als 16 Millionen Bildpunkte.")


def _written_anew(picture: Image.Image, longest_side: int, lossless: bool) -> bytes:
    picture.draft("RGB", (longest_side, longest_side))
    upright = ImageOps.exif_transpose(picture)
    has_alpha = upright.has_transparency_data
    pixels = upright.convert("RGBA" if has_alpha else "RGB")
    pixels.thumbnail((longest_side, longest_side))
    # A fresh picture takes over the pixels and nothing else.
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    written = io.BytesIO()
    fresh.save(written, "WEBP", lossless=lossless, quality=82, method=4)
    return written.getvalue()
