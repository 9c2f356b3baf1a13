"""What a municipality still needs before it can work, and what would do it good."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.accounts import policy
from participation.accounts.models import Account, DutyText, Municipality, Role
from participation.accounts.queries import members, missing_duty_texts
from participation.strategy.queries import find_strategy


class Lack(enum.Enum):
    """Something that is missing."""

    DUTY_TEXT = "duty_text"
    SECOND_PERSON = "second_person"
    MODERATOR = "moderator"
    STRATEGIST = "strategist"
    CONTACT = "contact"
    POSTAL_LINE = "postal_line"
    LOGO = "logo"
    STRATEGY = "strategy"
    MAIL_SERVER = "mail_server"


@dataclass(frozen=True)
class Missing:
    """Something that is missing; `blocks` tells that nothing can be published without it."""

    lack: Lack
    blocks: bool = False
    text: DutyText | None = None


def missing_of(session: Session, municipality: Municipality, *, has_mail: bool) -> list[Missing]:
    """Return what a municipality lacks, what blocks it first."""
    people = members(session, municipality.id)
    missing = [
        Missing(Lack.DUTY_TEXT, blocks=True, text=text)
        for text in missing_duty_texts(session, municipality.id)
    ]
    missing += _missing_people(people)
    tests = (
        (Lack.STRATEGY, find_strategy(session, municipality.id) is None),
        (Lack.CONTACT, not municipality.contact_email),
        (Lack.POSTAL_LINE, not municipality.postal_line),
        (Lack.LOGO, municipality.logo_type is None),
        (Lack.MAIL_SERVER, not has_mail),
    )
    return missing + [Missing(lack) for lack, is_missing in tests if is_missing]


def _missing_people(people: Sequence[tuple[Account, Role]]) -> list[Missing]:
    roles = {role for _account, role in people}
    missing = [
        Missing(lack)
        for lack, role in ((Lack.MODERATOR, Role.MODERATOR), (Lack.STRATEGIST, Role.STRATEGIST))
        if role not in roles
    ]
    if Role.STRATEGIST in roles and not policy.has_second_person(people):
        missing.append(Missing(Lack.SECOND_PERSON))
    return missing
