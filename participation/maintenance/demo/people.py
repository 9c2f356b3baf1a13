"""The people of the demo town, and what a demo is loaded with."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality, Role
from participation.accounts.operations import create_account, grant_role
from participation.accounts.passwords import Passwords
from participation.strategy.models import Strategy
from participation.strategy.queries import find_strategy

SLUG = "lindenow"
PASSWORD = "lindenow-zum-ausprobieren"  # noqa: S105 - it is printed at every start of the demo.


@dataclass(frozen=True)
class Person:
    """Somebody who works on the demo, and as what."""

    email: str
    name: str
    roles: tuple[Role, ...]


PEOPLE = (
    Person("moderation@lindenow.example", "Mara Krüger", (Role.MODERATOR,)),
    Person("strategie@lindenow.example", "Paul Noack", (Role.STRATEGIST,)),
    Person("analyse@lindenow.example", "Aylin Yıldız", (Role.ANALYST,)),
    Person("verwaltung@lindenow.example", "Ines Lehmann", (Role.ADMINISTRATOR,)),
    Person("buergerin@lindenow.example", "Rita Sommer", ()),
)


@dataclass(frozen=True)
class SignIns:
    """Who can try the demo out, for the page on which they sign in."""

    slug: str
    password: str
    people: tuple[Person, ...]


SIGN_INS = SignIns(slug=SLUG, password=PASSWORD, people=PEOPLE)


@dataclass(frozen=True)
class Stage:
    """Where a demo is loaded: the session, the town, the time, the keys and the dice."""

    session: Session
    municipality: Municipality
    now: datetime
    key: bytes
    dice: random.Random

    def ago(self, days: float) -> datetime:
        """Return the moment some days before now; what would be a weekend is the Friday before."""
        moment = self.now - timedelta(days=days)
        return moment - timedelta(days=max(0, moment.weekday() - 4) if days > 0 else 0)

    def strategy(self) -> Strategy:
        """Return the town's strategy."""
        strategy = find_strategy(self.session, self.municipality.id)
        if strategy is None:
            raise LookupError("the strategy comes first")
        return strategy


def invite_people(stage: Stage, passwords: Passwords) -> dict[str, Account]:
    """Make the accounts and return them by the word before the @."""
    accounts = {}
    for person in PEOPLE:
        account = create_account(
            stage.session,
            email=person.email,
            display_name=person.name,
            password=PASSWORD,
            passwords=passwords,
            at=stage.ago(720),
        )
        for role in person.roles:
            grant_role(
                stage.session,
                account=account,
                municipality=stage.municipality,
                role=role,
                actor=None,
                at=stage.ago(720),
            )
        accounts[person.email.partition("@")[0]] = account
    return accounts
