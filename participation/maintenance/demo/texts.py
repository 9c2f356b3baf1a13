"""Reads the texts of the demo town."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of one of the TOML files beside this module."""
    return tomllib.loads(read_file(f"{name}.toml").decode())


def read_file(name: str) -> bytes:
    """Return the content of one of the files beside this module."""
    return files("participation.maintenance.demo").joinpath(name).read_bytes()
