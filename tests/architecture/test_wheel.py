"""The package as it is installed for a town, far from any checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.servers.smtp import free_port
from tests.started import started

ROOT = Path(__file__).resolve().parents[2]
# Where a file of the checkout stands in the wheel.
PLACES = {
    "participation": "participation",
    "templates": "participation/_shipped/templates",
    "static": "participation/_shipped/static",
    "migrations": "participation/_shipped/migrations",
}
FOR_DEVELOPERS = {"static/vendor/refresh.py"}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    run(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment: the wheel, and what the lock has installed here."""
    folder = tmp_path_factory.mktemp("town")
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    programs = folder / "bin"
    (packages,) = folder.glob("lib/python*/site-packages")
    # What is in that folder can be imported; that this checkout is installed there is not read.
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python")]
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", str(wheel))
    return programs


def run(*command: str, folder: Path | None = None) -> str:
    finished = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def environment(folder: Path | None, port: int = 8000) -> dict[str, str]:
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PARTICIPATION_", "PYTHON"))
    }
    return mine | {
        "PARTICIPATION_DATA_FOLDER": str(folder or ""),
        "PARTICIPATION_BASE_ADDRESS": f"http://127.0.0.1:{port}",
    }


def shipped(folder: str) -> set[str]:
    return {
        PLACES[folder] + str(file).removeprefix(str(ROOT / folder))
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and str(file.relative_to(ROOT)) not in FOR_DEVELOPERS
    }


@pytest.mark.parametrize("folder", PLACES)
def test_every_file_of_the_product_travels_in_the_wheel(wheel: Path, folder: str):
    wanted = shipped(folder)
    assert wanted
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith(PLACES[folder] + "/")}
    if folder == "participation":
        names = {name for name in names if "/_shipped/" not in name}
    assert names == wanted


def test_nothing_else_travels_in_the_wheel(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {re.sub(r"-[^-]*(?=\.dist-info)", "", name) for name in tops} == {
        "participation",
        "participation.dist-info",
    }


def test_an_installed_wheel_sees_no_checkout(installed: Path, tmp_path: Path):
    say = "import sys, participation; print(participation.__file__, *sys.path, sep='\\n')"
    module, *path = run(str(installed / "python"), "-c", say, folder=tmp_path).splitlines()
    assert Path(module).is_relative_to(installed.parent)
    assert str(ROOT) not in path


def test_an_installed_wheel_sets_up_a_town(installed: Path, tmp_path: Path):
    program = str(installed / "participation")
    run(program, "migrate", folder=tmp_path)
    words = ["--slug", "neudorf", "--name", "Neudorf", "--kind", "town"]
    assert "neudorf" in run(program, "municipality", "create", *words, folder=tmp_path)


def test_an_installed_wheel_loads_the_demo_and_serves_it(installed: Path, tmp_path: Path):
    port = free_port()
    command = [str(installed / "participation"), "serve", "--demo", "--port", str(port)]
    around = environment(tmp_path, port)
    with started(
        [*command, "--begun", "0"], port=port, folder=tmp_path, environment=around
    ) as town:
        town.until("The site answers")
        assert "Loaded Lindenow." in town.said
        home = town.get("/").decode()
        assert "Lindenow" in home
        styles = re.findall(r'href="(/static/css/[^"]+)"', home)
        assert styles
        for style in styles:
            assert town.get(style)
        fonts = list((ROOT / "static" / "vendor").rglob("*.woff2"))
        assert fonts
        for font in fonts:
            assert town.get(f"/{font.relative_to(ROOT)}") == font.read_bytes()
