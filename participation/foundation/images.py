"""The one module that knows Pillow: pictures from outside are decoded, cleaned, written anew."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageOps

from participation.foundation.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
TYPE = "image/webp"
_MOST_PIXELS = 16_000_000

# The number of pixels is checked below, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def clean_picture(content: bytes, *, longest_side: int, lossless: bool = False) -> bytes:
    """Return a picture as WebP, turned upright, at most so large, without any metadata.

    Raises Refused for what is no picture of an allowed format or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Refused("Das Bild hat mehr als 16 Millionen Bildpunkte.")
            return _written_anew(picture, longest_side, lossless)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as failure:
        raise Refused(
            "Diese Datei lässt sich nicht als Bild (PNG, JPEG oder WebP) lesen."
        ) from failure


def size_of(picture: bytes) -> tuple[int, int]:
    """Return how wide and how high a cleaned picture is."""
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as opened:
        return opened.size


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
