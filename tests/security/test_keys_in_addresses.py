"""The log of a web server in front holds no key that opens something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.security.test_routes import TABLE

README = Path(__file__).resolve().parents[2] / "README.md"
KEY = "sJ3-kf_0d9"
WITH_KEYS = [entry["path"] for entry in TABLE.values() if "<token>" in entry["path"]]


def logged(path: str) -> str:
    """Return what nginx logs of a path, as the README tells it to."""
    found = re.search(r'"~(?P<old>\S+)" "\$\{kept\}\.\.\.";', README.read_text(encoding="utf-8"))
    assert found is not None
    pattern = re.compile(found["old"].replace("(?<", "(?P<"))
    match = pattern.search(path)
    return f"{match['kept']}..." if match else path


@pytest.mark.parametrize("path", WITH_KEYS)
@pytest.mark.parametrize("before", ["", "/lindenow"])
def test_the_log_format_of_the_readme_leaves_every_key_out(path, before):
    written = logged(before + path.replace("<token>", KEY).replace("<slug>", "umfrage"))
    assert KEY not in written
    assert written.endswith("/...")


def test_there_are_addresses_with_keys_and_others_stay_whole():
    assert len(WITH_KEYS) >= 8
    for path in ("/beteiligung/ideen/ideen/neu", "/strategie/M-01", "/"):
        assert logged(path) == path


def test_the_platform_writes_no_log_of_addresses():
    serving = (README.parent / "participation" / "serving.py").read_text(encoding="utf-8")
    assert '"accesslog": None' in serving
