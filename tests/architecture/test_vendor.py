"""Third-party files are those of the release they claim to be, and ask nobody else for anything."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "vendor"]


def listed_hashes(folder: Path) -> dict[str, str]:
    releases = json.loads((folder / "vendor.json").read_text())
    return {file["path"]: file["sha256"] for release in releases for file in release["files"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_vendored_file_is_listed_with_the_hash_that_it_has(folder: Path):
    ours = {"vendor.json", "refresh.py"}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ours and "__pycache__" not in path.parts
    }
    assert found == listed_hashes(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_vendored_release_comes_with_its_licence(folder: Path):
    for release in json.loads((folder / "vendor.json").read_text()):
        assert any("LICENSE" in file["path"] for file in release["files"]), release["name"]
        assert release["licence"]
        assert release["version"]


def test_vendored_stylesheets_ask_no_third_party():
    for path in FOLDERS[0].rglob("*.css"):
        text = path.read_text()
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
        assert [one for one in addresses if not one.startswith(("data:", "./"))] == []
        assert "@import" not in text
