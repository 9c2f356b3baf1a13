"""The blueprint that the portal's views register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("portal", __name__)
