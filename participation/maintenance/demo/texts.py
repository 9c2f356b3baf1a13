"""Reads the texts of the demo town."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of one of the TOML files beside this module."""
    file = files("participation.maintenance.demo").joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
