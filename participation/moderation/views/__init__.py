"""The pages of the moderation: the queue, the images of ideas, and what they are about."""

from participation.moderation.blueprint import blueprint
from participation.moderation.views import deciding, elements, images

__all__ = ["blueprint", "deciding", "elements", "images"]
