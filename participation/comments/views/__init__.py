"""Comment and vote; put a text up for comment and begin the voting; organisations' statements."""

from participation.comments.blueprint import blueprint
from participation.comments.views import (
    commenting,
    hearings,
    inviting,
    rounds,
    sowing,
    splitting,
    stating,
)

__all__ = [
    "blueprint",
    "commenting",
    "hearings",
    "inviting",
    "rounds",
    "sowing",
    "splitting",
    "stating",
]
