"""The pages of the strategy team: the draft of the first version, and what happens to elements."""

from participation.strategy.blueprint import blueprint
from participation.strategy.views import adoption, facts, plan

__all__ = ["adoption", "blueprint", "facts", "plan"]
