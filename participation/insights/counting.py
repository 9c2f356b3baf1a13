"""What the counters of the formats hand to a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from participation.insights.models import AggregateKind
from participation.insights.results import Result


@dataclass(frozen=True)
class Counted:
    """One result that is to be frozen.

    `n` is the number that is shown with it; `elements` are the ids of what it is about.
    """

    kind: AggregateKind
    subject: str
    title: str
    n: int
    result: Result
    method: str
    elements: tuple[int, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
