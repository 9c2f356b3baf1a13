"""A sheet that is still being filled in, as it travels in the form or waits for its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from participation.surveys import sealing
from participation.surveys.sealing import BrokenSeal
from participation.surveys.typed import Typed

# As long as a saved sheet waits. What was typed is shown again even then, but checked anew.
VALID_FOR = timedelta(days=30)


@dataclass(frozen=True)
class BegunSheet:
    """What was typed so far, what was seen, and which edition of the questions that was.

    `is_checked` says that the review was reached: from then on every page leads back to it.
    `page` is the page on which somebody stopped.
    `group` is the code of the invited group as one of which somebody answers.
    `token` is what the link of a saved sheet holds, so that saving again keeps the link and
    sending deletes what was saved.
    """

    edition: str
    typed: Typed = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    on_one_page: bool = False
    is_checked: bool = False
    page: int = 0
    group: str = ""
    token: str = ""
    sealed_at: int = 0

    def sealed(self, key: bytes, *, survey_id: int, submission: str, at: datetime) -> str:
        """Return it for a hidden field, bound to the survey and the submission."""
        content = replace(self, sealed_at=int(at.timestamp())).content()
        return sealing.seal(key, content, str(survey_id), submission)

    def content(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "edition": self.edition,
            "typed": {name: list(values) for name, values in self.typed.items()},
            "seen": sorted(self.seen),
            "one": self.on_one_page,
            "checked": self.is_checked,
            "page": self.page,
            "group": self.group,
            "token": self.token,
            "at": self.sealed_at,
        }

    def is_too_old(self, at: datetime) -> bool:
        """Tell whether the form was open for so long that answers should be looked at again."""
        return at.timestamp() - self.sealed_at > VALID_FOR.total_seconds()


def read_sealed(key: bytes, sealed: str, *, survey_id: int, submission: str) -> BegunSheet:
    """Return what a hidden field holds. Raises BrokenSeal."""
    return begun_from(sealing.unseal(key, sealed, str(survey_id), submission))


def begun_from(content: Mapping[str, Any]) -> BegunSheet:
    """Return a begun sheet from its plain values. Raises BrokenSeal."""
    try:
        return BegunSheet(
            edition=str(content["edition"]),
            typed={name: tuple(values) for name, values in content["typed"].items()},
            seen=frozenset(content["seen"]),
            on_one_page=bool(content["one"]),
            is_checked=bool(content["checked"]),
            page=int(content["page"]),
            group=str(content.get("group", "")),
            token=str(content["token"]),
            sealed_at=int(content["at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenSeal from error
