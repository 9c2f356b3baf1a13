"""What the package says it needs is what the lock holds."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = ["runtime", "tests", "dev", "build"]


def wanted(name: str) -> set[str]:
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


def locked(name: str) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    pattern = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    for package, version in pattern.findall((REQUIREMENTS / f"{name}.txt").read_text()):
        versions.setdefault(package, []).append(version)
    return versions


def test_the_package_asks_for_what_the_runtime_lock_was_made_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(project["dependencies"]) == wanted("runtime")


@pytest.mark.parametrize("name", LOCKS)
def test_whatever_is_asked_for_is_locked(name: str):
    names = {re.split(r"[\[<>=!]", line)[0] for line in wanted(name)}
    assert names - set(locked(name)) == set()


@pytest.mark.parametrize(("smaller", "larger"), [("runtime", "tests"), ("tests", "dev")])
def test_a_larger_lock_holds_the_smaller_one_unchanged(smaller: str, larger: str):
    assert locked(smaller).items() <= locked(larger).items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_server_and_no_folder_of_the_machine_that_made_it(name: str):
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert " @ " not in text
    assert re.findall(r"(?m)^(?!\s)[^#\s].*==\S+(?! ?.*\\$)$", text) == [], "an entry has no hash"
