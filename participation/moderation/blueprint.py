"""What the views of this room are registered on."""

from flask import Blueprint

blueprint = Blueprint("moderation", __name__)
