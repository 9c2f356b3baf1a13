"""The pages of engagements: managing them, letting guests in, letters, and hearing of one."""

from participation.engagements.blueprint import blueprint
from participation.engagements.views import (
    admitting,
    embedding,
    hearing,
    letters,
    mailbox,
    managing,
    participant_groups,
)

__all__ = [
    "admitting",
    "blueprint",
    "embedding",
    "hearing",
    "letters",
    "mailbox",
    "managing",
    "participant_groups",
]
