"""What the views of this room are registered on."""

from flask import Blueprint

blueprint = Blueprint("comments", __name__)
