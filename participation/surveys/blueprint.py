"""The blueprint that this room's views register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("surveys", __name__)
