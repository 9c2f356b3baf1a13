"""A program that serves pages on loopback, started by a test and ended by it."""

from __future__ import annotations

import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 90
_END_SECONDS = 60


class Started:
    """A program that runs, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path, address: str) -> None:
        self._process = process
        self._said = said
        self._address = address

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return self._said.read_text()

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed something that fits."""
        deadline = time.monotonic() + _START_SECONDS
        while not (found := re.search(pattern, self.said)):
            assert self._process.poll() is None, self.said
            assert time.monotonic() < deadline, f"never said {pattern}: {self.said}"
            time.sleep(0.05)
        return found

    def get(self, path: str) -> bytes:
        """Return what it serves at a path; anything but success is an error."""
        with urllib.request.urlopen(self._address + path, timeout=30) as answer:
            content: bytes = answer.read()
            return content


@contextmanager
def started(
    command: list[str], *, port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Started]:
    """Run a program in a folder while the block lasts."""
    said = folder / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield Started(process, said, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=_END_SECONDS)
