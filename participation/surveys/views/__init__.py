"""The pages of surveys: answering one, building one, and totals for staff."""

from participation.surveys.blueprint import blueprint
from participation.surveys.views import answering, building, pictures, saving, totals

__all__ = ["answering", "blueprint", "building", "pictures", "saving", "totals"]
