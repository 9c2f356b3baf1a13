"""What one test has worked out and the next need not: statements, addresses, templates.

A process that serves a site works these out once; tests make a new application and a new engine
each, and spent half of their time on it. Nothing here holds a row or a setting.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

_TEMPLATES: dict[str, CodeType] = {}
# Of each kind of database the dialect of the first engine, by which statements are told apart.
_DIALECTS: dict[str, sa.Dialect] = {}
_STATEMENTS: dict[str, dict[Any, Any]] = {}
_ADDRESSES: dict[tuple[Any, ...], dict[str, Any]] = {}
_compile_address = Rule.compile


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
    app.jinja_env.bytecode_cache = _InMemory()


class _InMemory(BytecodeCache):
    """Compiled templates by their name and source."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _TEMPLATES.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        _TEMPLATES[bucket.key + bucket.checksum] = bucket.code


def share_addresses() -> None:
    """Let each application use what others have made of their addresses."""

    def compiled(rule: Rule) -> None:
        assert rule.map is not None
        if rule.defaults or rule.map.host_matching:
            _compile_address(rule)
            return
        key = (rule.rule, rule.subdomain, rule.merge_slashes, *rule.map.converters.items())
        if key not in _ADDRESSES:
            _compile_address(rule)
            _ADDRESSES[key] = {
                "_parts": rule._parts,
                "_trace": rule._trace,
                "_converters": rule._converters,
                "arguments": rule.arguments,
                "_build": rule._build.__func__,  # type: ignore[attr-defined]
                "_build_unknown": rule._build_unknown.__func__,  # type: ignore[attr-defined]
            }
            return
        vars(rule).update(_ADDRESSES[key])
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, _ADDRESSES[key][name].__get__(rule))

    Rule.compile = compiled  # type: ignore[method-assign,assignment]
