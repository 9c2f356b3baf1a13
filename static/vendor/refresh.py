"""Fetches the third-party files named in a vendor.json and notes their hashes (`make vendor`).

To take a newer release, change its version in vendor.json and run this again. npm is needed here
only: the files are committed, so whoever runs or tests the platform needs no Node.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any


def packed(package: str, version: str, folder: Path) -> tarfile.TarFile:
    """The archive of one release, from whatever registry npm is configured for."""
    finished = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return tarfile.open(folder / finished.stdout.split()[-1])


def member(archive: tarfile.TarFile, path: str) -> bytes:
    file = archive.extractfile(f"package/{path}")
    if file is None:
        raise SystemExit(f"{path} is not a file in the package")
    return file.read()


def latin_woff2(stylesheet: bytes) -> bytes:
    """The rules of the two Latin subsets; every browser in use reads woff2, beside the stylesheet.

    The rules carry the range of characters of their subset, so that a browser loads the second one
    only for a page that has, say, a Polish or Sorbian name on it.
    """
    rules = re.findall(
        r"/\* fira-sans-latin(?:-ext)?-\d+-normal \*/\n@font-face \{.*?\}",
        stylesheet.decode(),
        re.S,
    )
    text = re.sub(r",\s*url\([^)]*\.woff\) format\('woff'\)", "", "\n".join(rules) + "\n")
    return text.replace("./files/", "./").encode()


def without_pictures(stylesheet: bytes) -> bytes:
    """A sheet without the rules that name files beside it: of those pictures none is used."""
    return re.sub(rb"[^{}]+\{[^{}]*url\([^{}]*\}", b"", stylesheet)


EDITS = {
    "Latin subsets as woff2, beside the stylesheet": latin_woff2,
    "without the rules that name pictures": without_pictures,
}


def refresh(manifest: Path) -> None:
    releases: list[dict[str, Any]] = json.loads(manifest.read_text())
    for release in releases:
        with (
            tempfile.TemporaryDirectory() as folder,
            packed(release["package"], release["version"], Path(folder)) as archive,
        ):
            for file in release["files"]:
                content = b"\n".join(member(archive, path) for path in file["from"])
                if "edit" in file:
                    content = EDITS[file["edit"]](content)
                target = manifest.parent / file["path"]
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content)
                file["sha256"] = hashlib.sha256(content).hexdigest()
        print(f"{release['package']} {release['version']}: {len(release['files'])} files")
    manifest.write_text(json.dumps(releases, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    for name in sys.argv[1:] or ["static/vendor/vendor.json", "tests/vendor/vendor.json"]:
        refresh(root / name)
