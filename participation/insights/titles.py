"""What stands above a released result."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _


class Titled(Protocol):
    """A released result, or what a page knows of it."""

    @property
    def title(self) -> str:
        """What was asked, in the words of the survey."""

    @property
    def version_apart(self) -> int | None:
        """Which version of the survey it is of, where others were released beside it."""


def title_of(result: Titled) -> str:
    """Return what was asked, with the version where others stand beside it."""
    return with_version(result.title, result.version_apart)


def with_version(title: str, number: int | None) -> str:
    """Return a title with the number of a version, if there is one."""
    if number is None:
        return title
    return str(_("%(title)s (Fassung %(number)s)", title=title, number=number))
