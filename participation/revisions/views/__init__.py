"""The workshop: findings and their answers, the open revision, its changes and its adoption."""

from participation.revisions.blueprint import blueprint
from participation.revisions.views import answers, changes, findings, workshop

__all__ = ["answers", "blueprint", "changes", "findings", "workshop"]
