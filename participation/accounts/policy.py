"""Who may: predicates over roles, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from participation.accounts.models import Account, Role

_GAP = re.compile(r"\[[^\]\n]*…[^\]\n]*\]")

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@[^@\s<>()\[\]\\,;:\"]+\.[^@\s<>()\[\]\\,;:\".]+")
# WCAG 2.2, 1.4.3: text of normal size.
LEAST_CONTRAST = 4.5

# What is tried first by whoever guesses, of the length that we ask for.
_COMMON = frozenset(
    {
        *("1234567890", "0123456789", "0987654321", "1q2w3e4r5t", "1qaz2wsx3edc", "abcdefghij"),
        *("asdfghjklö", "asdfghjkl1", "passwort12", "passwort123", "passwort1234", "password12"),
        *("password123", "password1234", "qwertyuiop", "qwertzuiop", "qwertzuiopü", "qwertz1234"),
        *("qwerty1234", "willkommen", "willkommen1", "hallo12345", "hallohallo", "geheim1234"),
        *("sommer2024", "sommer2025", "sommer2026", "winter2024", "winter2025", "winter2026"),
        *("deutschland", "schalke04!", "changeme123", "iloveyou12", "administrator", "verwaltung"),
    }
)
_LEAST_DIFFERENT_SIGNS = 5
_ORIGIN = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}(?::\d{1,5})?")
MOST_ORIGINS = 10

STAFF = frozenset(Role)
# Who may sign or decide as the second person beside the one in the lead.
SECOND_PERSON = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})


def origin_of(line: str) -> str | None:
    """Return the origin of a web address that somebody typed; None if it is none of https.

    Only names with a dot, and nothing after them: it stands in a header, word for word.
    """
    written = line.strip().rstrip("/").casefold()
    try:
        ascii_only = written.encode("ascii").decode()
    except UnicodeEncodeError:
        host = written.removeprefix("https://")
        try:
            ascii_only = "https://" + host.encode("idna").decode()
        except UnicodeError:
            return None
    return ascii_only if _ORIGIN.fullmatch(ascii_only) else None


def is_staff(roles: Iterable[Role]) -> bool:
    """Tell whether somebody works for the municipality."""
    return bool(STAFF & set(roles))


def may_be_second_person(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may confirm what another member has signed."""
    return bool(SECOND_PERSON & set(roles))


def has_second_person(members: Sequence[tuple[Account, Role]]) -> bool:
    """Tell whether two different people can sign: a strategist and a second person."""
    leads = {account.id for account, role in members if role is Role.STRATEGIST}
    seconds = {account.id for account, role in members if role in SECOND_PERSON}
    return any(lead != second for lead in leads for second in seconds)


def gaps(text: str) -> list[str]:
    """Return what a duty text still leaves open: what stands in brackets with an ellipsis."""
    return _GAP.findall(text)


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of a colour like `#3a6a3c` with white, 1 to 21 (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def dark_enough(colour: str) -> str:
    """Return the colour itself, or the lightest of its darker tones that white can be read on."""
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    percent = 100
    while contrast_with_white(colour) < LEAST_CONTRAST:
        percent -= 1
        colour = "#" + "".join(f"{part * percent // 100:02x}" for part in parts)
    return colour


def is_address(text: str) -> bool:
    """Tell whether a text can be one mail address, and not two or a header."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def is_easily_guessed(password: str) -> bool:
    """Tell whether a password is of the kind that is tried first."""
    folded = password.casefold().strip()
    return len(set(folded)) < _LEAST_DIFFERENT_SIGNS or folded.rstrip("!.?") in _COMMON
