"""Enter ideas and comments for others, one by one or as a table."""

from participation.intake.blueprint import blueprint
from participation.intake.views import comments, entering, ideas, tables

__all__ = ["blueprint", "comments", "entering", "ideas", "tables"]
