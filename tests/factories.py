"""Factories: one plain class that makes rows with sensible content."""

from __future__ import annotations

import importlib
import io
import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from participation.accounts.models import (
    REQUIRED_TEXTS,
    Account,
    Municipality,
    MunicipalityKind,
    Role,
)
from participation.accounts.operations import create_municipality, grant_role, put_duty_text
from participation.accounts.passwords import Passwords
from tests.founded import founded

PASSWORDS = Passwords(memory=8, time=1)
PASSWORD = "richtig langes Passwort"


def a_logo() -> bytes:
    """Return a small picture as the settings store one."""
    written = io.BytesIO()
    Image.new("RGB", (40, 16), "#3a6a3c").save(written, "WEBP")
    return written.getvalue()


class MakeAccounts:
    """Municipalities and people."""

    session: Session
    at: datetime
    numbers: itertools.count[int]

    def municipality(
        self, slug: str = "lindenow", name: str = "Lindenow", *, complete: bool = True
    ) -> Municipality:
        """Return a town, with its duty texts completed unless told otherwise."""
        return founded(
            self.session,
            (slug, name, complete, self.at),
            lambda: self.found(slug, name, complete=complete),
        )

    def found(self, slug: str, name: str, *, complete: bool) -> Municipality:
        """Found a town with the operations, entry by entry."""
        town = create_municipality(
            self.session,
            slug=slug,
            name=name,
            kind=MunicipalityKind.TOWN,
            texts={kind: f"Text: {kind.value}" for kind in REQUIRED_TEXTS},
            at=self.at,
        )
        for kind in REQUIRED_TEXTS if complete else ():
            put_duty_text(
                self.session,
                municipality=town,
                kind=kind,
                source=f"Unser Text: {kind.value}",
                completed=True,
                actor=None,
                at=self.at,
            )
        return town

    def account(self, name: str = "Mara Muster", email: str | None = None) -> Account:
        """Return somebody with the password PASSWORD."""
        account = Account(
            email=email or f"person{next(self.numbers)}@example.org",
            display_name=name,
            password_hash=PASSWORDS.hash(PASSWORD),
            created_at=self.at,
        )
        self.session.add(account)
        self.session.flush()
        return account

    def member(self, *roles: Role, municipality: Municipality, **account: Any) -> Account:
        """Return somebody with roles in a municipality."""
        person = self.account(**account)
        for role in roles:
            grant_role(
                self.session,
                account=person,
                municipality=municipality,
                role=role,
                actor=None,
                at=self.at,
            )
        return person


def _mixins() -> list[type]:
    names = sorted(file.stem for file in Path(__file__).parent.glob("factories_*.py"))
    modules = [importlib.import_module(f"tests.{name}") for name in names]
    return [
        kind
        for module in modules
        for name, kind in vars(module).items()
        if name.startswith("Make") and isinstance(kind, type) and kind.__module__ == module.__name__
    ]


class Make(MakeAccounts, *_mixins()):  # type: ignore[misc]
    """Makes rows of every kind. Each room's factories stand in `tests/factories_<room>.py`."""

    def __init__(self, session: Session, *, at: datetime) -> None:
        self.session = session
        self.at = at
        self.numbers = itertools.count(1)
