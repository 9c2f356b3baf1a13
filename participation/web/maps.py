"""Maps: where their pictures come from, where they begin, and how far a place may be from there.

The pictures come from another server. Without one in the settings there are no maps, and with one
no page asks for its pictures before somebody opens the map.
"""

from __future__ import annotations

from flask import Flask, Response, current_app

from participation.foundation.geometry import DEGREE, Box
from participation.web.headers import allow_pictures_from

# How many pictures of a map a place may lie away from where maps begin.
_GENEROUS = 4


def tile_server() -> str:
    """Return where the pictures of maps come from; nothing where there are no maps."""
    address: str = current_app.config["TILE_SERVER"]
    return address


def tile_attribution() -> str:
    """Return what stands on a map about its pictures."""
    words: str = current_app.config["TILE_ATTRIBUTION"]
    return words


def map_start() -> str:
    """Return where a map begins: north, east and zoom."""
    return ",".join(str(part) for part in current_app.config["MAP_START"])


def our_area() -> Box:
    """Return the section in which places are taken: generously around where maps begin."""
    north, east, zoom = current_app.config["MAP_START"]
    # Above 60 degrees north the pictures grow flat; nobody is helped by a narrow section there.
    half = _GENEROUS * 360 / 2**zoom
    return Box(
        south=round(max(-90.0, north - half) * DEGREE),
        west=round(max(-180.0, east - half) * DEGREE),
        north=round(min(90.0, north + half) * DEGREE),
        east=round(min(180.0, east + half) * DEGREE),
    )


def allow_map(response: Response) -> Response:
    """Let this one page show the pictures of a map and ask, on a click, where somebody is."""
    if tile_server():
        allow_pictures_from(response, tile_server())
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return response


def register_maps(app: Flask) -> None:
    """Tell the templates about maps."""
    app.jinja_env.globals.update(
        tile_server=tile_server, tile_attribution=tile_attribution, map_start=map_start
    )
