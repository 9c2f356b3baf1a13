"""A released table by invited group, as values that survive the way into the database and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from participation.analysis.breakdown import Breakdown


@dataclass(frozen=True)
class GroupRow:
    """A group and its rounded numbers, one for each column.

    The row without a name is everybody else; `is_rest` says that groups count in it that are too
    small to be shown, or too much of one mind. What organisations sign is public, and exact.
    """

    name: str
    n: int
    counts: tuple[int, ...]
    shares: tuple[int, ...]
    is_rest: bool = False
    is_exact: bool = False
    are_organisations: bool = False


@dataclass(frozen=True)
class GroupTable:
    """Groups side by side. A column stands for one or several keys of the table it belongs to."""

    columns: tuple[tuple[str, ...], ...]
    rows: tuple[GroupRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GroupTable:
        """Return what `as_json` wrote."""
        return cls(
            columns=tuple(tuple(column) for column in values["columns"]),
            rows=tuple(
                GroupRow(**row | {name: tuple(row[name]) for name in ("counts", "shares")})
                for row in values["rows"]
            ),
        )


def read_groups(values: Mapping[str, Any] | None) -> GroupTable | None:
    """Return the table by group in what was stored, if there is one."""
    return None if values is None else GroupTable.from_json(values)


def group_table(
    found: Breakdown | None, names: Sequence[str], keys: Mapping[str, str] | None = None
) -> GroupTable | None:
    """Return a table by group with the names of the groups; the first part has none.

    `keys` translate the codes of the columns.
    """
    if found is None:
        return None
    rows = [
        GroupRow(
            name="" if 0 in row.parts else names[row.parts[0] - 1],
            n=row.n,
            counts=row.counts,
            shares=row.shares,
            is_rest=0 in row.parts and len(found.rows) <= len(names),
        )
        for row in found.rows
    ]
    columns = found.columns
    if keys is not None:
        columns = tuple(tuple(keys[code] for code in column) for column in columns)
    return GroupTable(columns, tuple(rows))
