"""Settings: what is right is read, what is wrong is named in one line."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from participation.config import DEFAULTS, PREFIX, Settings, SettingsError, load_settings


def settings(folder: Path, **values: str) -> Settings:
    names = {"DATA_FOLDER": str(folder / "var")} | values
    return load_settings({PREFIX + name: value for name, value in names.items()})


def test_everything_has_a_default(tmp_path: Path):
    found = settings(tmp_path)
    assert found.database_url == f"sqlite:///{tmp_path}/var/participation.sqlite"
    assert found.base_address == "http://127.0.0.1:8000"
    assert found.smtp_url is None
    assert found.second_factor == "required"
    assert not found.is_https


def test_the_readme_names_every_setting_and_its_default(tmp_path: Path):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `PARTICIPATION_(\w+)` \| ([^|]*?) \|", readme, re.MULTILINE))
    assert set(rows) == {name.upper() for name in DEFAULTS}
    for name, value in DEFAULTS.items():
        if value not in ("", None):
            assert rows[name.upper()] == f"`{value}`", name


WRONG = {
    "DATABASE_URL": [
        "mysql://localhost/x",
        "nonsense",
        "sqlite://",
        "sqlite://file.sqlite",
        "postgresql://localhost:nan/x",
        "postgresql://localhost",
    ],
    "BASE_ADDRESS": [
        "mitmachen.example.de",
        "ftp://mitmachen.example.de",
        "https://",
        "https://mitmachen.example.de:nan",
        "https://mitmachen.example.de?x=1",
        "https://user@mitmachen.example.de",
        "https://mitmachen.example.de/unten",
        "http://[::1",
    ],
    "SMTP_URL": ["localhost:25", "http://localhost", "smtp://", "smtp://host:port"],
    "MAIL_FROM": ["niemand", "", "a@b.de\r\nBcc: c@d.de"],
    "ARGON2_MEMORY": ["viel", "7", "8.5", ""],
    "ARGON2_TIME": ["0", "-1", "x"],
    "TRUSTED_PROXIES": ["-1", "ja"],
    "POOL_SIZE": ["0", "zehn"],
    "SECRET_KEY": ["zu kurz"],
    "SECOND_FACTOR": ["off", "false"],
    "DATA_FOLDER": ["", "/dev/null/var"],
    "TILE_SERVER": [
        "tiles.example.de/{z}/{x}/{y}.png",
        "https://tiles.example.de/",
        "https://u:p@tiles.example.de/{z}/{x}/{y}.png",
        "https://tiles.example.de/{z}/{x}/{y}.png; script-src *",
        "javascript://x/{z}/{x}/{y}",
    ],
    "MAP_START": ["Leipzig", "91, 0, 3", "51, 12", "51, 12, 30", "nan, 12, 3"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_named_in_one_line(tmp_path: Path, name: str, value: str):
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **{name: value})
    assert PREFIX + name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_second_factor_is_waived_on_loopback_only(tmp_path: Path):
    assert settings(tmp_path, SECOND_FACTOR="waived").second_factor == "waived"
    with pytest.raises(SettingsError, match="SECOND_FACTOR"):
        settings(tmp_path, SECOND_FACTOR="waived", BASE_ADDRESS="https://mitmachen.example.de")


def test_a_map_needs_a_tile_server(tmp_path: Path):
    assert settings(tmp_path).tile_server == ""
    found = settings(
        tmp_path,
        TILE_SERVER="https://tiles.example.de/{z}/{x}/{y}.png",
        MAP_START="51.34, 12.37, 12",
    )
    assert found.tile_server.startswith("https://tiles.example.de/")
    assert found.map_start == (51.34, 12.37, 12)


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_postgresql_is_reached_with_the_driver_that_is_installed(tmp_path: Path, url: str):
    assert settings(tmp_path, DATABASE_URL=url).database_url == "postgresql+psycopg://u:p@h/d"


def test_the_environment_wins_over_the_file(tmp_path: Path):
    file = tmp_path / "settings.toml"
    file.write_text('mail_from = "Datei <a@example.org>"\npool_size = 3\n', encoding="utf-8")
    found = settings(tmp_path, CONFIG=str(file), MAIL_FROM="Umgebung <b@example.org>")
    assert found.mail_from == "Umgebung <b@example.org>"
    assert found.pool_size == 3


@pytest.mark.parametrize("content", ['mail_form = "x"\n', "pool_size 3", b"\xff\xfe"])
def test_a_file_that_cannot_be_understood_is_refused(tmp_path: Path, content: str | bytes):
    file = tmp_path / "settings.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match="CONFIG"):
        settings(tmp_path, CONFIG=str(file))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="CONFIG"):
        settings(tmp_path, CONFIG=str(tmp_path / "nothing.toml"))


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path):
    first = settings(tmp_path)
    file = tmp_path / "var" / "secret.key"
    assert settings(tmp_path).secret_key == first.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["secret.key"]


def test_a_kept_secret_that_was_emptied_is_refused(tmp_path: Path):
    settings(tmp_path)
    (tmp_path / "var" / "secret.key").write_text("", encoding="ascii")
    with pytest.raises(SettingsError, match=r"secret\.key"):
        settings(tmp_path)


@pytest.mark.parametrize("arguments", [["migrate"], ["serve"], ["municipality", "list"]])
def test_a_wrong_setting_ends_a_command_with_one_line_and_code_2(
    tmp_path: Path, arguments: list[str]
):
    environment = os.environ | {
        "PARTICIPATION_DATA_FOLDER": str(tmp_path),
        "PARTICIPATION_ARGON2_TIME": "bald",
    }
    finished = subprocess.run(
        [sys.executable, "-m", "participation", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr == ("participation: PARTICIPATION_ARGON2_TIME must be a whole number\n")
