"""Rows of users that must not come in again: left out before anything else looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.columns import USER
from recx_agent.datasets.tables import Column, Table, recoded
from recx_agent.errors import DataError

LeaveOut = Callable[[Iterable[str]], frozenset[str]]
"""Given user ids, tells those whose rows are left out."""


@dataclass(frozen=True)
class LeftOut:
    """How many rows were left out.

    Attributes
    ----------
    rows : mapping of str to int
        By role of the table.
    users : int
        Whose they were.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    users: int = 0


NOBODY = LeftOut()


def leave_out_users(
    tables: Mapping[str, Table], mapping: Mapping[str, str], leave_out: LeaveOut | None
) -> tuple[dict[str, Table], LeftOut]:
    """Drop the rows of some users from every table that has users.

    Parameters
    ----------
    tables : mapping of str to Table
        By role.
    mapping : mapping of str to str
        Our column name to the file's.
    leave_out : callable, optional
        Nobody's rows are dropped without it.

    Raises
    ------
    DataError
        Nothing is left of a table.
    """
    kept, rows, users = dict(tables), {}, set()
    for role, table in tables.items():
        column = table.columns.get(mapping.get(USER, USER))
        if leave_out is None or column is None:
            continue
        leaving = leave_out(value for value in column.values if value)
        mask = np.array([value in leaving for value in column.values], dtype=bool)[column.codes]
        if not mask.any():
            continue
        if mask.all():
            raise DataError(
                "every row is of a user who was erased",
                source=table.source,
                remedy="leave the file out, or let them come back with 'recx forget --lift USER'",
            )
        positions = np.flatnonzero(~mask)
        columns = {name: _rows(found, positions) for name, found in table.columns.items()}
        kept[role] = replace(table, rows=table.rows[positions], columns=columns)
        rows[role] = int(mask.sum())
        users |= {column.values[code] for code in np.unique(column.codes[mask])}
    return kept, LeftOut(rows, len(users))


def _rows(column: Column, positions: NDArray[np.int64]) -> Column:
    codes, back = np.unique(column.codes[positions], return_inverse=True)
    values = [column.values[code] for code in codes]
    return recoded(column.name, back, values, column.is_list)
