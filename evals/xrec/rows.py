"""Rows of XRec's test set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recx_agent.datasets.jsonl import read_rows
from recx_agent.errors import DataError

_FIELDS = ("title", "user_summary", "item_summary", "reference", "xrec_output")


@dataclass(frozen=True)
class Row:
    """One user and book: what systems are given, the reference, XRec's text."""

    user_id: str
    title: str
    user_summary: str
    item_summary: str
    reference: str
    xrec_output: str


def read_sample(path: Path, rows: int, seed: int = 0) -> list[Row]:
    """Rows drawn without replacement, in the order of the file; all if there are not so many.

    Raises
    ------
    DataError
        The file cannot be read, or a row lacks a text.
    """
    found = [_row(line, path, number) for number, line in read_rows(path)]
    if not found:
        raise DataError("no rows", source=path, remedy="give XRec's rows as JSONL")
    places = sorted(random.Random(seed).sample(range(len(found)), min(rows, len(found))))
    return [found[place] for place in places]


def _row(line: dict[str, object], path: Path, number: int) -> Row:
    texts: dict[str, str] = {}
    for name in _FIELDS:
        text = line.get(name)
        if not isinstance(text, str) or not text.strip():
            raise DataError(
                "no text here",
                source=path,
                row=number,
                field=name,
                remedy=f"a row has {', '.join(_FIELDS)}",
            )
        texts[name] = text
    return Row(str(line.get("user_id", number)), **texts)


def users_of(rows: Sequence[Row]) -> list[str]:
    """The user of each row."""
    return [row.user_id for row in rows]
