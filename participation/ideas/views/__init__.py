"""The pages of ideas: handing one in, supporting others, asking for them."""

from participation.ideas.blueprint import blueprint
from participation.ideas.views import calls, handing_in

__all__ = ["blueprint", "calls", "handing_in"]
