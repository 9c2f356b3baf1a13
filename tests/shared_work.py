"""What one test has worked out and the next need not: statements, addresses, templates.

A process that serves a site works these out once; tests make a new application and a new engine
each, and spent half of their time on it. Nothing here holds a row or a setting.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

_TEMPLATES = tempfile.TemporaryDirectory(prefix="templates-")
# Of each kind of database the dialect of the first engine, by which statements are told apart.
_DIALECTS: dict[str, sa.Dialect] = {}
_STATEMENTS: dict[str, dict[Any, Any]] = {}
_ADDRESSES: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_compile_address = Rule._compile_builder


def share_statements(engine: Engine) -> Engine:
    """Let an engine use what others of its kind have compiled."""
    kind = engine.dialect.name
    if kind not in _DIALECTS:
        # The first connection tells the dialect what its database can do.
        engine.connect().close()
        _DIALECTS[kind], _STATEMENTS[kind] = engine.dialect, {}
    engine.dialect = _DIALECTS[kind]
    engine.update_execution_options(compiled_cache=_STATEMENTS[kind])
    return engine


def share_templates(app: Flask) -> None:
    """Let an application use the templates that others have compiled."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_TEMPLATES.name)


def share_addresses() -> None:
    """Let each application use the functions by which others build their addresses."""

    def compiled(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return _compile_address(rule, append_unknown)
        key = (append_unknown, *rule._trace)
        if key not in _ADDRESSES:
            _ADDRESSES[key] = _compile_address(rule, append_unknown)
        return _ADDRESSES[key]

    Rule._compile_builder = compiled  # type: ignore[method-assign,assignment]
