"""Which columns of a table are ours, by their own names or by a mapping."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence

from recx_agent.datasets.columns import INTERACTION_COLUMNS, ITEM_COLUMNS, USER_COLUMNS
from recx_agent.datasets.numbers_and_times import plain_number
from recx_agent.datasets.tables import Column, Table
from recx_agent.datasets.validation import listed
from recx_agent.errors import DataError, SettingsError

COLUMNS_OF = {
    "interactions": INTERACTION_COLUMNS,
    "items": ITEM_COLUMNS,
    "users": USER_COLUMNS,
}
"""Our columns by the role of a table."""


def check_map(mapping: Mapping[str, str]) -> None:
    """Check that a column mapping is made of our names.

    Raises
    ------
    SettingsError
        A name is not ours, or two of ours are given the same column.
    """
    ours = dict.fromkeys(name for names in COLUMNS_OF.values() for name in names)
    for name in mapping:
        if name not in ours:
            raise SettingsError(
                f"map: {name!r} is not one of our columns; write ours=theirs with one of "
                + ", ".join(ours)
            )
    theirs = list(mapping.values())
    for name in theirs:
        if theirs.count(name) > 1:
            raise SettingsError(f"map: two of our columns are given the column {name!r}")


def check_map_is_used(
    mapping: Mapping[str, str], tables: Mapping[str, Table], *, complete: bool
) -> None:
    """Check that every mapped column exists.

    Parameters
    ----------
    tables : mapping of str to Table
        By role: ``"interactions"``, ``"items"``, ``"users"``.
    complete : bool
        Whether a name of ours that no table could have is an error as well.

    Raises
    ------
    DataError
        A mapped column is in no table that could have it; lists what there is.
    """
    for ours, theirs in mapping.items():
        could = [table for role, table in tables.items() if ours in COLUMNS_OF[role]]
        if not could and complete:
            could = list(tables.values())
        if could and not any(theirs in table.columns for table in could):
            have = "; ".join(f"{t.label} has {listed(list(t.columns))}" for t in could)
            raise DataError(
                f"the mapping {ours}={theirs} names a column that is nowhere ({have})",
                source=", ".join(table.source for table in could),
                field=theirs,
                remedy=f"correct it: --map {ours}=…",
            )


def named(
    table: Table, role: str, required: Collection[str], mapping: Mapping[str, str]
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Find our columns in a table.

    Returns
    -------
    found : dict
        Our name to the column.
    rest : dict
        The other columns, by the names of the source.

    Raises
    ------
    DataError
        A required column is missing; lists the columns there are.
    """
    found: dict[str, Column] = {}
    for name in COLUMNS_OF[role]:
        theirs = mapping.get(name, name)
        theirs = theirs if theirs in table.columns else name
        if theirs in table.columns:
            found[name] = table.columns[theirs]
        elif name in required:
            raise DataError(
                f"there is no column {name!r}; there are {listed(list(table.columns))}",
                source=table.source,
                field=name,
                remedy=_remedy_for_missing(name, list(table.columns)),
            )
    for name, column in found.items():
        if column.is_list:
            raise DataError(
                f"the column for {name!r} holds lists",
                source=table.source,
                field=column.name,
                remedy="give one value a row",
            )
    taken = {column.name for column in found.values()}
    return found, {name: c for name, c in table.columns.items() if name not in taken}


def _remedy_for_missing(name: str, there: Sequence[str]) -> str:
    if len(there) == 1:
        for separator in ("::", "|", ":", " "):
            if separator in there[0]:
                return (
                    f"if {separator!r} separates the fields, write the file anew with commas, "
                    "semicolons or tabs"
                )
    if any(plain_number(column) is not None for column in there):
        return "if the first line is a row already, put a line of column names before it"
    return f"say which one it is: --map {name}={_resembling(name, there) or '…'}"


def _resembling(name: str, there: Sequence[str]) -> str | None:
    plain = {"".join(c for c in t.casefold() if c.isalnum()): t for t in reversed(there)}
    close = difflib.get_close_matches(name.replace("_", ""), plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else None
