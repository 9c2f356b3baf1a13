"""The administrator's pages, one module per matter."""

from participation.maintenance.blueprint import blueprint
from participation.maintenance.views import journal, limesurvey, look, people, settings, texts

__all__ = ["blueprint", "journal", "limesurvey", "look", "people", "settings", "texts"]
