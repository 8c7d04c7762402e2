"""Whose explanations are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recx_agent.errors import DataError, UsageError

USER, ITEM = "user_id", "item_id"
_LINES = (".txt", "")


@dataclass(frozen=True)
class Group:
    """One user's explanations that are made as one list.

    Attributes
    ----------
    user_id : str
    items : tuple of str or None
        By id or title; ``None`` is the user's top list.
    """

    user_id: str
    items: tuple[str, ...] | None = None


def read_users(path: Path) -> list[Group]:
    """Users of a file: one id a line (``.txt``), or a column ``user_id`` (CSV, TSV, Parquet).

    Raises
    ------
    DataError
        It cannot be read, has no such column, or names nobody; says where.
    """
    if path.suffix.lower() in _LINES:
        users = [line.strip() for line in _text(path).splitlines()]
    else:
        (users,) = _columns(path, (USER,))
    return [Group(user) for user in _named(users, path)]


def read_pairs(path: Path) -> list[Group]:
    """Pairs of a file with columns ``user_id`` and ``item_id``; an item may be given by title.

    Raises
    ------
    DataError
        As :func:`read_users`; a row lacks one of the two.
    """
    users, items = _columns(path, (USER, ITEM))
    for number, (user, item) in enumerate(zip(users, items, strict=True), start=1):
        if not (user and item):
            missing = USER if not user else ITEM
            raise DataError(
                f"row {number} has no {missing}", source=path, remedy="fill it in, or drop the row"
            )
    pairs = dict.fromkeys(zip(users, items, strict=True))
    return [Group(user, (item,)) for user, item in pairs]


def of_sample(users: Iterable[str], count: int) -> list[Group]:
    """So many users, always the same ones, whatever order they come in.

    Raises
    ------
    UsageError
        There are not as many.
    """
    everyone = sorted(users, key=lambda user: hashlib.sha256(user.encode()).digest())
    if count > len(everyone):
        raise UsageError(f"a sample of {count:,} users; there are {len(everyone):,}")
    return [Group(user) for user in everyone[:count]]


def _columns(path: Path, names: Sequence[str]) -> list[list[str]]:
    from recx_agent.datasets.tables import read_table

    table = read_table(path, path.name)
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise DataError(
            f"there is no column {missing[0]!r}; there are {', '.join(table.columns) or 'none'}",
            source=path,
            remedy=f"name the columns {' and '.join(names)} in the first line",
        )
    if table.ragged:
        raise DataError(
            f"row {table.ragged[0].row} has too few or too many fields",
            source=path,
            remedy="mend the row",
        )
    return [table.columns[name].texts() for name in names]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"not readable as UTF-8 text: {reason}", source=path, remedy="give another file"
        ) from error


def _named(users: Iterable[str], path: Path) -> list[str]:
    found = list(dict.fromkeys(user for user in users if user))
    if not found:
        raise DataError("there are no users in it", source=path, remedy="write one id a line")
    return found
