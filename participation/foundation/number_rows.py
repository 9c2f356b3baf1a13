"""Rows of whole numbers that a query joins, sent as one value whatever their number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Join


class _Items(FunctionElement[Any]):
    """The items of a list that is sent as JSON."""

    name = "items_of_json"
    inherit_cache = True


class _Number(FunctionElement[int]):
    """The number at a place of such an item."""

    type = sa.BigInteger()
    name = "number_in_json"
    inherit_cache = True


@compiles(_Items, "sqlite")
def _items_on_sqlite(element: _Items, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Items, "postgresql")
def _items_on_postgresql(element: _Items, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **more)} AS JSON))"


@compiles(_Number, "sqlite")
def _number_on_sqlite(element: _Number, compiler: SQLCompiler, **more: Any) -> str:
    item, place = element.clauses
    path = compiler.process(place, **more)
    return f"json_extract({compiler.process(item, **more)}, '$[' || {path} || ']')"


@compiles(_Number, "postgresql")
def _number_on_postgresql(element: _Number, compiler: SQLCompiler, **more: Any) -> str:
    item, place = element.clauses
    path = compiler.process(place, **more)
    return f"CAST({compiler.process(item, **more)} ->> {path} AS BIGINT)"


def number_rows(names: Sequence[str], rows: Iterable[Sequence[int]]) -> sa.Subquery:
    """Return rows of numbers as a table with these columns."""
    text = sa.literal(json.dumps([list(row) for row in rows]), sa.Text)
    items = _Items(text).table_valued(sa.column("value", sa.Text), name="item")
    columns = [
        _Number(items.c.value, sa.literal_column(str(place))).label(name)
        for place, name in enumerate(names)
    ]
    return sa.select(*columns).subquery()


class _InOrder(Join):
    """A join whose left side is read first; SQLite would choose, and it counts nothing."""

    inherit_cache = True


@compiles(_InOrder, "sqlite")
def _in_order_on_sqlite(element: _InOrder, compiler: SQLCompiler, **more: Any) -> str:
    more["asfrom"] = True
    sides = [compiler.process(side, **more) for side in (element.left, element.right)]
    more["asfrom"] = False
    condition = cast("sa.ColumnElement[bool]", element.onclause)
    return f"{' CROSS JOIN '.join(sides)} ON {compiler.process(condition, **more)}"


@compiles(_InOrder, "postgresql")
def _in_order_on_postgresql(element: _InOrder, compiler: SQLCompiler, **more: Any) -> str:
    return str(compiler.visit_join(element, **more))  # type: ignore[no-untyped-call]


def joined_in_order(
    first: sa.FromClause, *others: tuple[sa.FromClause, sa.ColumnElement[bool]]
) -> sa.FromClause:
    """Join tables that are best read in this order, each with its condition."""
    joined: sa.FromClause = first
    for table, condition in others:
        joined = _InOrder(joined, table, condition)
    return joined
