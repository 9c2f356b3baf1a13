"""The pages of surveys: answering one, building one, and totals for staff."""

from participation.surveys.blueprint import blueprint
from participation.surveys.views import (
    answering,
    building,
    exporting,
    languages,
    paper,
    preview,
    printing,
    questions,
    saving,
    totals,
    versions,
)

__all__ = [
    "answering",
    "blueprint",
    "building",
    "exporting",
    "languages",
    "paper",
    "preview",
    "printing",
    "questions",
    "saving",
    "totals",
    "versions",
]
