"""Settings, read once from the environment or a TOML file. A wrong value stops the start."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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

    @property
    def mail_folder(self) -> Path:
        """Where mails are kept when no mail server is set."""
        return self.data_folder / "mail"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over https; cookies are Secure then."""
        return self.base_address.startswith("https://")

    @property
    def hashing_key(self) -> bytes:
        """The key of every keyed hash: receipts, marks, tokens."""
        return self.secret_key.encode()


_DEFAULTS: dict[str, Any] = {
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
}


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; the environment wins over the file that PARTICIPATION_CONFIG names.

    Raises SettingsError.
    """
    values = _DEFAULTS | _read_file(environment.get(PREFIX + "CONFIG")) | _read_env(environment)
    folder = Path(str(values["data_folder"])).expanduser().resolve()
    database_url = str(values["database_url"]) or f"sqlite:///{folder / 'participation.sqlite'}"
    return Settings(
        data_folder=folder,
        database_url=_database_url(database_url),
        secret_key=str(values["secret_key"]) or _kept_secret(folder),
        base_address=_web_address(str(values["base_address"])),
        smtp_url=_smtp_url(str(values["smtp_url"])),
        mail_from=str(values["mail_from"]),
        argon2_memory=_number(values, "argon2_memory", least=8),
        argon2_time=_number(values, "argon2_time", least=1),
        trusted_proxies=_number(values, "trusted_proxies", least=0),
        pool_size=_number(values, "pool_size", least=1),
    )


def _read_env(environment: Mapping[str, str]) -> dict[str, Any]:
    known = {PREFIX + name.upper(): name for name in _DEFAULTS}
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
    unknown = sorted(set(values) - set(_DEFAULTS))
    if unknown:
        raise SettingsError(f"{PREFIX}CONFIG: {name} has an unknown setting {unknown[0]}")
    return values


def _database_url(url: str) -> str:
    scheme = url.split(":", 1)[0]
    if scheme in {"postgres", "postgresql"}:
        return "postgresql+psycopg:" + url.split(":", 1)[1]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise SettingsError(
            f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://, not {scheme}:"
        )
    return url


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(f"{PREFIX}BASE_ADDRESS must look like https://mitmachen.example.de")
    return url.rstrip("/")


def _smtp_url(url: str) -> str | None:
    if not url:
        return None
    if urlsplit(url).scheme not in {"smtp", "smtps"} or not urlsplit(url).hostname:
        raise SettingsError(f"{PREFIX}SMTP_URL must look like smtp://user:password@host:587")
    return url


def _number(values: Mapping[str, Any], name: str, *, least: int) -> int:
    try:
        number = int(values[name])
    except (TypeError, ValueError):
        raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number") from None
    if number < least:
        raise SettingsError(f"{PREFIX}{name.upper()} must be at least {least}")
    return number


def _kept_secret(folder: Path) -> str:
    """Return the secret beside the database, made at the first start."""
    file = folder / "secret.key"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    except OSError as failure:
        raise SettingsError(f"cannot read {file} ({failure.strerror})") from failure
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secrets.token_hex(32), encoding="ascii")
    except FileExistsError:
        pass
    except OSError as failure:
        raise SettingsError(f"cannot write {file} ({failure.strerror})") from failure
    return file.read_text(encoding="ascii").strip()
