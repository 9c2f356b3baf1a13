"""Maps: where their pictures come from, where they begin, and how far a place may be from there.

The pictures come from another server. Without one in the settings there are no maps, and with one
no page asks for its pictures before somebody opens the map. A town that is made up has a drawing
of ours instead: one file, of which a map shows sections.
"""

from __future__ import annotations

from flask import Flask, Response, current_app

from participation.foundation.geometry import DEGREE, Box
from participation.web.filters import asset
from participation.web.headers import allow_pictures_from

# How many pictures of a map a place may lie away from where maps begin.
_GENEROUS = 4


def tile_server() -> str:
    """Return which other server the pictures of maps come from; nothing where there is none."""
    address: str = current_app.config["TILE_SERVER"]
    return address


def map_pictures() -> str:
    """Return where the pictures of maps come from; nothing where there are no maps."""
    drawing: str = current_app.config.get("MAP_DRAWING", "")
    return tile_server() or (asset(drawing) if drawing else "")


def draw_maps(app: Flask, drawing: str, *, start: tuple[float, float, int], words: str) -> None:
    """Let maps show a drawing of a made-up town, unless the settings name a tile server."""
    if not app.config["TILE_SERVER"]:
        app.config.update(MAP_DRAWING=drawing, MAP_START=start, TILE_ATTRIBUTION=words)


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


def allow_map_pictures(response: Response) -> None:
    """Let this one page show the pictures of a map, if they come from another server."""
    if tile_server():
        allow_pictures_from(response, tile_server())


def allow_map(response: Response) -> Response:
    """Let this one page show the pictures of a map and ask, on a click, where somebody is."""
    allow_map_pictures(response)
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return response


def register_maps(app: Flask) -> None:
    """Tell the templates about maps."""
    app.jinja_env.globals.update(
        tile_server=tile_server,
        map_pictures=map_pictures,
        tile_attribution=tile_attribution,
        map_start=map_start,
    )
