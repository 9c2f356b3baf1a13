"""The blueprint that the administrator's pages register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("maintenance", __name__, url_prefix="/verwaltung")
