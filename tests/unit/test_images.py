"""Pictures from outside."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from participation.foundation.errors import Refused
from participation.foundation.images import clean_picture
from tests.photographs import CAMERA, HEIC, moving_picture, photograph


def picture(
    kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: object
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 90)[: len(mode)]).save(file, kind, **more)
    return file.getvalue()


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "Kanarienvogel"
    return picture("JPEG", exif=exif.tobytes(), comment=b"Kanarienvogel")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_as_webp(kind: str):
    with Image.open(io.BytesIO(clean_picture(picture(kind), longest_side=30))) as found:
        assert found.format == "WEBP"
        assert found.size == (30, 15)


def test_metadata_is_gone_and_the_picture_stands_upright():
    clean = clean_picture(with_exif(orientation=6), longest_side=100)
    assert b"Kanarienvogel" not in clean
    with Image.open(io.BytesIO(clean)) as found:
        assert found.size == (20, 40)
        assert not found.getexif()
        assert "exif" not in found.info
        assert "icc_profile" not in found.info


def test_a_transparent_ground_stays():
    clean = clean_picture(picture("PNG", mode="RGBA"), longest_side=100, lossless=True)
    with Image.open(io.BytesIO(clean)) as found:
        assert found.mode == "RGBA"


def test_what_is_appended_to_a_picture_is_gone():
    clean = clean_picture(picture("PNG") + b"<script>alert(1)</script>", longest_side=100)
    assert b"<script>" not in clean


def test_other_formats_are_refused():
    for kind in ("BMP", "TIFF", "PPM"):
        with pytest.raises(Refused):
            clean_picture(picture(kind), longest_side=100)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("PNG")[:30],
        picture("JPEG")[:100],
        picture("WEBP")[:20],
    ],
)
def test_broken_files_are_refused(content: bytes):
    with pytest.raises(Refused):
        clean_picture(content, longest_side=100)


def test_a_small_file_with_too_many_pixels_is_refused_before_it_is_decoded():
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(b"\0" * 1000)),
            (b"IEND", b""),
        )
    )
    with pytest.raises(Refused, match="Bildpunkte"):
        clean_picture(b"\x89PNG\r\n\x1a\n" + chunks, longest_side=100)


def test_a_photograph_does_not_tell_where_and_by_what_it_was_taken():
    sent = photograph(size=(80, 60))
    assert CAMERA in sent
    with Image.open(io.BytesIO(sent)) as before:
        assert before.getexif().get_ifd(0x8825)
    clean = clean_picture(sent, longest_side=100)
    assert CAMERA not in clean
    with Image.open(io.BytesIO(clean)) as found:
        assert not found.getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind: str):
    with pytest.raises(Refused, match="bewegt sich"):
        clean_picture(moving_picture(kind), longest_side=100)


def test_the_format_of_some_phones_is_named():
    with pytest.raises(Refused, match="HEIC"):
        clean_picture(HEIC, longest_side=100)


def test_the_photograph_of_a_good_camera_is_read_in_a_smaller_size():
    sent = photograph(size=(6000, 4000))
    with Image.open(io.BytesIO(clean_picture(sent, longest_side=300))) as found:
        assert found.size == (300, 200)


def test_a_photograph_that_would_be_kept_whole_in_memory_is_refused():
    with pytest.raises(Refused, match="16 Millionen"):
        clean_picture(photograph(size=(6000, 4000), progressive=True), longest_side=300)
