"""The pages of surveys: answering one, building one, and totals for staff."""

from participation.surveys.blueprint import blueprint
from participation.surveys.views import (
    answering,
    building,
    languages,
    paper,
    preview,
    questions,
    saving,
    totals,
    versions,
)

__all__ = [
    "answering",
    "blueprint",
    "building",
    "languages",
    "paper",
    "preview",
    "questions",
    "saving",
    "totals",
    "versions",
]
