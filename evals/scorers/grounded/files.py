"""Rows of the interactions and items files, CSV or Parquet, read with nothing of the project."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

_ITEM = ("item_id", "title", "description")
_SEPARATORS = ",;\t"
_FLOATED = re.compile(r"(-?\d+)\.0+")

Row = tuple[str, str, float | None, str, str, str]
"""User, item, rating, day, text, type of an event."""


@dataclass(frozen=True)
class Columns:
    """What columns mean, besides their names.

    Attributes
    ----------
    attributes : tuple of str or None
        Those of items; ``None`` for all that are none of ours.
    changing : tuple of str
        Those that are left out.
    default_event_type : str or None
        What an event without a type is; ``rating`` where there are values, if not given.
    """

    attributes: tuple[str, ...] | None = None
    changing: tuple[str, ...] = ()
    default_event_type: str | None = None


def items_of(
    path: Path, names: Mapping[str, str], separator: str, columns: Columns
) -> dict[str, tuple[str, dict[str, tuple[str, ...]]]]:
    """Item id to title and attributes.

    Raises
    ------
    ValueError
        A column is missing.
    """
    item, title, about = (names.get(name, name) for name in _ITEM)
    rows = list(_rows(path, (item, title)))
    wanted = columns.attributes
    if wanted is None:
        ours = {item, title, about, *columns.changing}
        wanted = tuple(name for name in (rows[0] if rows else {}) if name not in ours)
    split = {name: [_split(row[name], separator) for row in rows] for name in wanted}
    for name, values in split.items():
        singles = [value for own in values for value in own]
        if singles and all(map(_FLOATED.fullmatch, singles)):  # 1995.0 beside empty cells
            split[name] = [tuple(value.partition(".")[0] for value in own) for own in values]
    return {
        row[item]: (_line(row[title]), {name: split[name][at] for name in wanted})
        for at, row in enumerate(rows)
    }


def events_of(
    path: Path, names: Mapping[str, str], columns: Columns, day_of: Callable[[str], str]
) -> Iterator[Row]:
    """What the interactions file has, line by line.

    Raises
    ------
    ValueError
        A column is missing, or a rating is no number.
    """

    def column(name: str) -> str:
        return names.get(name, name)

    user, item = column("user_id"), column("item_id")
    rows = list(_rows(path, (user, item)))
    lacking = [names[name] for name in ("value", "timestamp", "event_type", "text") if name in names
               and rows and names[name] not in rows[0]]  # fmt: skip
    if lacking:
        raise ValueError(f"{path}: no column {lacking[0]!r}; map the names of the columns")
    valued = any(row.get(column("value")) for row in rows)
    default = columns.default_event_type or ("rating" if valued else "interaction")
    for row in rows:
        value = row.get(column("value"), "")
        yield (
            row[user],
            row[item],
            _number(value) if value else None,
            day_of(row.get(column("timestamp"), "")),
            row.get(column("text"), ""),
            row.get(column("event_type")) or default,
        )


def _rows(path: Path, wanted: Iterable[str]) -> Iterator[dict[str, str]]:
    """Rows as text; what is not there is empty."""
    rows, names = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    if lacking := [name for name in wanted if name not in names]:
        raise ValueError(f"{path}: no column {lacking[0]!r}; map the names of the columns")
    yield from rows


def _csv(path: Path) -> tuple[Iterable[dict[str, str]], list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        file.seek(0)
        tabs = path.suffix.lower() in (".tsv", ".tab")
        separator = "\t" if tabs else max(_SEPARATORS, key=header.count)
        reader = csv.reader(file, delimiter=separator)
        names = [name.strip() for name in next(reader, [])]
        rows = [dict(zip(names, map(str.strip, row), strict=True)) for row in reader if any(row)]
    return rows, names


def _parquet(path: Path) -> tuple[Iterable[dict[str, str]], list[str]]:
    table = pq.read_table(path)
    columns = {
        name: [_text(v) for v in table.column(name).to_pylist()] for name in table.schema.names
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return rows, list(columns)


_LIST = "\x1f"
"""Between the values of a cell that holds a list."""


def _text(value: object) -> str:
    if value is None or value != value:  # a missing number is no number
        return ""
    if isinstance(value, list | tuple):
        return _LIST.join(map(str, value)) + _LIST
    return str(value).strip()


def _split(text: str, separator: str) -> tuple[str, ...]:
    between = _LIST if _LIST in text else separator
    parts = text.split(between) if between else [text]
    return tuple(dict.fromkeys(part for one in parts if (part := _line(one))))


def _line(text: str) -> str:
    return " ".join(text.split())


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value
