"""Addresses as QR codes, drawn here: no third party learns who looks."""

from __future__ import annotations

import io

import segno
from flask import Response, make_response

# White around a code, in its own squares: without it cameras do not find it.
_MARGIN = 4


def qr_response(address: str) -> Response:
    """Return an address as a picture of its code."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", border=_MARGIN, light="#fff", omitsize=True
    )
    response = make_response(picture.getvalue())
    response.headers["Content-Type"] = "image/svg+xml"
    return response
