"""The map of the demo town: it is nowhere, so no server has pictures of it."""

from __future__ import annotations

from flask import Flask

from participation.web.maps import draw_maps

_MIDDLE = (52.962, 12.873, 12)


def show_map(app: Flask) -> None:
    """Let maps show our drawing of Lindenow."""
    draw_maps(app, "img/lindenow.svg", start=_MIDDLE, words="Lindenow ist erfunden")
