"""Comment and vote; put a text up for comment and begin the voting."""

from participation.comments.blueprint import blueprint
from participation.comments.views import commenting, hearings, rounds, sowing

__all__ = ["blueprint", "commenting", "hearings", "rounds", "sowing"]
