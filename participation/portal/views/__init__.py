"""The public pages, one module each."""

from participation.portal.blueprint import blueprint
from participation.portal.views import (
    comments,
    duties,
    engagements,
    home,
    idea_map,
    idea_wordings,
    ideas,
    languages,
    open_data,
    outcomes,
    overview,
    previews,
    receipts,
    reports,
    sharing,
    strategy,
    voting,
)

__all__ = [
    "blueprint",
    "comments",
    "duties",
    "engagements",
    "home",
    "idea_map",
    "idea_wordings",
    "ideas",
    "languages",
    "open_data",
    "outcomes",
    "overview",
    "previews",
    "receipts",
    "reports",
    "sharing",
    "strategy",
    "voting",
]
