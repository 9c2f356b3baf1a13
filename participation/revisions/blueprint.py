"""The blueprint that the room's views register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("revisions", __name__)
