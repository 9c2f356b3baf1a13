"""Settings, read once from the environment or a TOML file. A wrong value stops the start."""

from __future__ import annotations

import ipaddress
import math
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "PARTICIPATION_"
_PACKAGE = Path(__file__).resolve().parent


class SettingsError(Exception):
    """A setting is missing or wrong. The message is one line that names it."""


def shipped_folder(name: str) -> Path:
    """Return where `templates`, `static` or `migrations` are, in a checkout or installed."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


@dataclass(frozen=True)
class Settings:
    """Every setting of the platform. README.md has the same list as a table."""

    data_folder: Path
    database_url: str
    secret_key: str
    base_address: str
    smtp_url: str | None
    mail_from: str
    argon2_memory: int
    argon2_time: int
    trusted_proxies: int
    pool_size: int
    second_factor: str
    tile_server: str
    tile_attribution: str
    map_start: tuple[float, float, int]

    @property
    def mail_folder(self) -> Path:
        """Where mails are kept when no mail server is set."""
        return self.data_folder / "mail"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over https; cookies are Secure then."""
        return self.base_address.startswith("https://")

    @property
    def is_on_loopback(self) -> bool:
        """Whether nobody but this machine reaches the site."""
        return is_loopback(urlsplit(self.base_address).hostname or "")

    @property
    def hashing_key(self) -> bytes:
        """The key of every keyed hash: receipts, marks, tokens."""
        return self.secret_key.encode()


DEFAULTS: dict[str, Any] = {
    "data_folder": "var",
    "database_url": "",
    "secret_key": "",
    "base_address": "http://127.0.0.1:8000",
    "smtp_url": "",
    "mail_from": "Beteiligung <beteiligung@localhost>",
    "argon2_memory": 65536,
    "argon2_time": 3,
    "trusted_proxies": 0,
    "pool_size": 10,
    "second_factor": "required",
    "tile_server": "",
    "tile_attribution": "© OpenStreetMap-Mitwirkende",
    "map_start": "51.2, 10.4, 6",
}
_SHORTEST_SECRET = 16


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; the environment wins over the file that PARTICIPATION_CONFIG names.

    Raises SettingsError.
    """
    values = DEFAULTS | _read_file(environment.get(PREFIX + "CONFIG")) | _read_env(environment)
    folder = _folder(str(values["data_folder"]))
    database_url = str(values["database_url"]) or f"sqlite:///{folder / 'participation.sqlite'}"
    settings = Settings(
        data_folder=folder,
        database_url=_database_url(database_url),
        secret_key=_secret(str(values["secret_key"]), folder),
        base_address=_web_address(str(values["base_address"])),
        smtp_url=_smtp_url(str(values["smtp_url"])),
        mail_from=_sender(str(values["mail_from"])),
        argon2_memory=_number(values, "argon2_memory", least=8),
        argon2_time=_number(values, "argon2_time", least=1),
        trusted_proxies=_number(values, "trusted_proxies", least=0),
        pool_size=_number(values, "pool_size", least=1),
        second_factor=str(values["second_factor"]),
        tile_server=_tile_server(str(values["tile_server"])),
        tile_attribution=str(values["tile_attribution"]),
        map_start=_map_start(str(values["map_start"])),
    )
    _check_second_factor(settings)
    return settings


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address leads to this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_env(environment: Mapping[str, str]) -> dict[str, Any]:
    known = {PREFIX + name.upper(): name for name in DEFAULTS}
    return {name: environment[key] for key, name in known.items() if key in environment}


def _read_file(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    try:
        values = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as failure:
        raise SettingsError(f"{PREFIX}CONFIG: cannot read {name} ({failure.strerror})") from failure
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise SettingsError(f"{PREFIX}CONFIG: {name} is not valid TOML ({failure})") from failure
    unknown = sorted(set(values) - set(DEFAULTS))
    if unknown:
        raise SettingsError(f"{PREFIX}CONFIG: {name} has an unknown setting {unknown[0]}")
    return values


def _folder(name: str) -> Path:
    if not name:
        raise SettingsError(f"{PREFIX}DATA_FOLDER must name a folder")
    folder = Path(name).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        reason = f"cannot make the folder {folder} ({failure.strerror})"
        raise SettingsError(f"{PREFIX}DATA_FOLDER: {reason}") from failure
    return folder


def _database_url(url: str) -> str:
    scheme = url.split(":", 1)[0]
    if scheme in {"postgres", "postgresql"}:
        scheme, url = "postgresql+psycopg", "postgresql+psycopg:" + url.split(":", 1)[1]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise SettingsError(
            f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://, not {scheme}:"
        )
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(f"{PREFIX}DATABASE_URL cannot be read as an address") from None
    if not found.database:
        raise SettingsError(f"{PREFIX}DATABASE_URL must name a database")
    if found.host and scheme == "sqlite":
        raise SettingsError(f"{PREFIX}DATABASE_URL needs three slashes: sqlite:///folder/file")
    return url


def _secret(given: str, folder: Path) -> str:
    secret = given or _kept_secret(folder)
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsError(
            f"{PREFIX}SECRET_KEY must have at least {_SHORTEST_SECRET} characters"
            + ("" if given else f"; it is kept in {folder / 'secret.key'}")
        )
    return secret


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise SettingsError(f"{PREFIX}BASE_ADDRESS must look like https://mitmachen.example.de")
    if parts.username or parts.path.strip("/"):
        raise SettingsError(f"{PREFIX}BASE_ADDRESS has no path, user or password")
    return url.rstrip("/")


def _smtp_url(url: str) -> str | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in {"smtp", "smtps"}:
        raise SettingsError(f"{PREFIX}SMTP_URL must look like smtp://user:password@host:587")
    return url


def _tile_server(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    has_places = all(place in parts.path for place in ("{z}", "{x}", "{y}")) if is_whole else False
    # The address becomes part of a header: nothing in it may end what is said there.
    is_plain = not set(url) & set(" ;,\"'<>") and url.isascii() and url.isprintable()
    if not has_places or not is_plain or parts.scheme not in {"http", "https"} or parts.username:
        raise SettingsError(
            f"{PREFIX}TILE_SERVER must look like https://tiles.example.de/{{z}}/{{x}}/{{y}}.png"
        )
    return url


def _map_start(text: str) -> tuple[float, float, int]:
    try:
        north, east, zoom = (part.strip() for part in text.split(","))
        found = float(north), float(east), int(zoom)
    except ValueError:
        found = (math.nan, math.nan, 0)
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180 and 1 <= found[2] <= 19):
        raise SettingsError(
            f"{PREFIX}MAP_START must look like 51.34, 12.37, 12 (north, east, zoom)"
        )
    return found


def _sender(written: str) -> str:
    name, address = parseaddr(written)
    if not address or "@" not in address or any(sign < " " for sign in name + written):
        raise SettingsError(
            f"{PREFIX}MAIL_FROM must look like Beteiligung <beteiligung@example.de>"
        )
    return written


def _number(values: Mapping[str, Any], name: str, *, least: int) -> int:
    try:
        number = int(str(values[name]))
    except ValueError:
        raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number") from None
    if number < least:
        raise SettingsError(f"{PREFIX}{name.upper()} must be at least {least}")
    return number


def _check_second_factor(settings: Settings) -> None:
    if settings.second_factor not in {"required", "waived"}:
        raise SettingsError(f"{PREFIX}SECOND_FACTOR must be required or waived")
    if settings.second_factor == "waived" and not settings.is_on_loopback:
        raise SettingsError(
            f"{PREFIX}SECOND_FACTOR can be waived only where BASE_ADDRESS is on loopback"
        )


def _kept_secret(folder: Path) -> str:
    """Return the secret beside the database, made at the first start."""
    file = folder / "secret.key"
    try:
        if not file.exists():
            _make_secret(file)
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not text"
        raise SettingsError(f"cannot keep the secret key in {file} ({reason})") from failure


def _make_secret(file: Path) -> None:
    """Write a whole secret or none: a process that starts beside this one reads the same."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    unfinished.touch(mode=0o600, exist_ok=False)
    unfinished.write_text(secrets.token_hex(32), encoding="ascii")
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
