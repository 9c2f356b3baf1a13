"""The pages of ideas: handing one in, supporting others, asking for them, grouping equal ones."""

from participation.ideas.blueprint import blueprint
from participation.ideas.views import calls, editing, fields, grouping, handing_in

__all__ = ["blueprint", "calls", "editing", "fields", "grouping", "handing_in"]
