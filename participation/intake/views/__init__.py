"""Enter ideas for others, one by one or as a table."""

from participation.intake.blueprint import blueprint
from participation.intake.views import entering, tables

__all__ = ["blueprint", "entering", "tables"]
