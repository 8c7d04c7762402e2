"""Rows of XRec's test set."""

from __future__ import annotations

import random
from collections.abc import Callable
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


def read_sample(
    path: Path, rows: int, seed: int = 0, *, among: Callable[[str], bool] | None = None
) -> list[Row]:
    """Rows drawn without replacement; all if there are not so many.

    They come in the order drawn: a smaller sample is the beginning of a larger one.

    Parameters
    ----------
    path : Path
    rows, seed : int
    among : callable, optional
        Of which users rows may be drawn.

    Raises
    ------
    DataError
        The file cannot be read, a row lacks a text, or nothing is left to draw.
    """
    found = [_row(line, path, number) for number, line in read_rows(path)]
    if not found:
        raise DataError("no rows", source=path, remedy="give XRec's rows as JSONL")
    drawn = [row for row in found if among is None or among(row.user_id)]
    if not drawn:
        raise DataError(
            "the discriminator was trained with every user here",
            source=path,
            remedy="give rows of others, or a discriminator trained with fewer",
        )
    random.Random(seed).shuffle(drawn)
    return drawn[:rows]


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
