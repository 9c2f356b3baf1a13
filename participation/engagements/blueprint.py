"""The blueprint of this room; the modules in `views` hang their pages on it."""

from flask import Blueprint

blueprint = Blueprint("engagements", __name__)
