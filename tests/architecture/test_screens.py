"""The pictures in the documentation are there, whole and small."""

from __future__ import annotations

from PIL import Image

from tests.screens import FOLDER, SCREENS, WINDOWS

MOST_BYTES = 1_000_000


def test_every_named_page_has_its_pictures_and_no_other_lies_around() -> None:
    expected = {f"{screen.name}-{width}.png" for screen in SCREENS for width, _height in WINDOWS}
    assert {file.name for file in FOLDER.iterdir()} == expected


def test_the_pictures_are_as_wide_as_they_say_and_small_together() -> None:
    files = list(FOLDER.iterdir())
    for file in files:
        with Image.open(file) as picture:
            assert file.stem.endswith(f"-{picture.width}")
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES
