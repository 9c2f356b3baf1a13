"""Do the tests bite? `python -m tests.broken_builds [name …]`, or `make bite`.

`builds.toml` lists promises that software of this kind has broken elsewhere. For each of them a
copy of the project is broken on purpose, and the tests that keep the promise must fail in it.
They must pass in a copy that is whole; a change that fits nothing any more is a failure too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.servers import postgres

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("builds.toml")
COPIED = ("participation", "templates", "static", "migrations", "tests", "pyproject.toml")
# What pytest ends with when tests failed, and nothing else went wrong.
TESTS_FAILED = 1
_MINUTES = 4


@dataclass(frozen=True)
class Change:
    """A piece of a file that stands in it exactly once, and what takes its place."""

    file: str
    old: str
    new: str

    def apply(self, folder: Path) -> None:
        """Make the change in a copy; ValueError if it fits no longer."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if text.count(self.old) != 1:
            times = text.count(self.old)
            raise ValueError(f"{self.file} holds this {times} times, not once: {self.old.strip()}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Build:
    """A build that is broken: what was done to it, and the tests that must notice."""

    name: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether all is well with a build, and what pytest said where it is not."""

    name: str
    problem: str
    seconds: float


def builds(names: Sequence[str] = ()) -> list[Build]:
    """Read the list, or those of it that are named."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    if unknown := set(names) - set(listed):
        raise SystemExit(f"builds.toml lists no {', '.join(sorted(unknown))}")
    return [
        Build(name, tuple(Change(**change) for change in entry["changes"]), tuple(entry["tests"]))
        for name, entry in listed.items()
        if not names or name in names
    ]


def main(names: Sequence[str]) -> int:
    """Try every build, two at a time; return 0 if the tests notice all of them."""
    began = time.monotonic()
    chosen = builds(names)
    with ExitStack() as stack:
        server = _server(stack)
        trials = ThreadPoolExecutor(max_workers=2)
        stack.enter_context(trials)
        whole = trials.submit(_try_whole, chosen, server)
        verdicts = []
        for verdict in trials.map(lambda build: _try(build, server), chosen):
            print(f"{'SURVIVED' if verdict.problem else 'caught':9} {verdict.name}", flush=True)
            verdicts.append(verdict)
        verdicts.append(whole.result())
    problems = [verdict for verdict in verdicts if verdict.problem]
    for verdict in problems:
        print(f"\n{verdict.name}: {verdict.problem}")
    print(f"{len(chosen)} broken builds in {time.monotonic() - began:.0f} s.")
    return 1 if problems else 0


def _server(stack: ExitStack) -> str:
    """Start one PostgreSQL for all copies and return its address."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pg-", dir=postgres.memory()))
    programs = stack.enter_context(tempfile.TemporaryDirectory(prefix="pg-"))
    server, process = postgres.start(Path(folder), Path(programs))
    stack.callback(postgres.stop, process)
    return server.url.render_as_string(hide_password=False)


def _try(build: Build, server: str) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="broken-") as name:
        folder = _copy(Path(name))
        try:
            for change in build.changes:
                change.apply(folder)
        except ValueError as misfit:
            return Verdict(build.name, str(misfit), 0)
        ran, seconds = _run(folder, build.tests, server, "--exitfirst")
    if ran.returncode == TESTS_FAILED and " error" not in ran.stdout.splitlines()[-1]:
        return Verdict(build.name, "", seconds)
    why = "no test notices" if ran.returncode == 0 else "the tests could not be run"
    return Verdict(build.name, f"{why}:\n{ran.stdout[-3000:]}{ran.stderr[-1000:]}", seconds)


def _try_whole(chosen: Sequence[Build], server: str) -> Verdict:
    """Run the same tests in a copy that nothing was done to: all must pass."""
    tests = sorted({test for build in chosen for test in build.tests})
    with tempfile.TemporaryDirectory(prefix="whole-") as name:
        ran, seconds = _run(_copy(Path(name)), tests, server)
    problem = "" if ran.returncode == 0 else f"tests fail without any change:\n{ran.stdout[-6000:]}"
    return Verdict("the whole build", problem, seconds)


def _copy(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_file():
            shutil.copy(source, folder / name)
        else:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
    return folder


def _run(
    folder: Path, tests: Sequence[str], server: str, *options: str
) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    quiet = ["--quiet", "--no-header", "--tb=short", "--numprocesses=0", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, *options, *tests],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "TEST_DATABASE_URL": server},
        capture_output=True,
        text=True,
        timeout=_MINUTES * 60,
        check=False,
    )
    return ran, time.monotonic() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="only these of builds.toml")
    sys.exit(main(parser.parse_args().names))
