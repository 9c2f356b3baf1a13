"""The blueprint of this room; the modules in `views` hang their pages on it."""

from flask import Blueprint

blueprint = Blueprint("intake", __name__)
