"""The pages of the moderation: the queue, and the images of ideas."""

from participation.moderation.blueprint import blueprint
from participation.moderation.views import deciding, images

__all__ = ["blueprint", "deciding", "images"]
