"""The blueprint that this room's views register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/konto")
