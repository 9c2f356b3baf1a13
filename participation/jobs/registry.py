"""Which function does which kind of job, and what is done regularly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

# A handler does its work in the session and may commit in between; it must bear being run
# again after any of its commits.
Handler = Callable[[Session, dict[str, Any], datetime], None]

# A planner queues the regular work that is due by now; keys keep it from being queued twice.
Planner = Callable[[Session, datetime], None]


@dataclass
class Registry:
    """The kinds of jobs that an application knows."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    planners: list[Planner] = field(default_factory=list)

    def handles(self, kind: str) -> Callable[[Handler], Handler]:
        """Register the decorated function as the one that does this kind of job."""

        def register(handler: Handler) -> Handler:
            if kind in self.handlers:
                raise ValueError(f"two handlers for jobs of the kind {kind}")
            self.handlers[kind] = handler
            return handler

        return register

    def plans(self, planner: Planner) -> Planner:
        """Register the decorated function to be asked regularly what is due."""
        self.planners.append(planner)
        return planner


registry = Registry()
