"""Pairs of a reference explanation and a generated one, read from JSONL."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recx_agent.datasets.jsonl import read_rows
from recx_agent.errors import DataError

Part = Literal["train", "validation", "test"]
GENERATED = ("generated", "xrec_output")
"""Fields that hold the generated text, the first one there being taken."""


@dataclass(frozen=True)
class Pair:
    """A reference and a generated explanation of one user's item."""

    user_id: str
    reference: str
    generated: str


def read_pairs(path: Path) -> list[Pair]:
    """Read pairs from a JSONL file, gzip-compressed if its name ends in ``.gz``.

    A line is an object with ``reference`` and ``generated`` (or XRec's ``xrec_output``), and
    with ``user_id`` where rows of one user are not to be torn apart.

    Raises
    ------
    DataError
        The file cannot be read, or a line lacks a text.
    """
    pairs = [_pair(row, path, number) for number, row in read_rows(path)]
    if not pairs:
        raise DataError("no rows", source=path, remedy="give a line with both texts for each row")
    return pairs


def _pair(row: dict[str, Any], path: Path, number: int) -> Pair:
    generated = next((name for name in GENERATED if name in row), GENERATED[0])
    for name in ("reference", generated):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise DataError(
                "no text here",
                source=path,
                row=number,
                field=name,
                remedy="give reference and generated, both of them texts",
            )
    return Pair(str(row.get("user_id", f"row {number}")), row["reference"], row[generated])


def part_of(user_id: str, seed: int) -> Part:
    """Where the rows of a user belong: 70 % of users train, 10 % validate, 20 % test."""
    digest = hashlib.sha256(f"{seed}\0{user_id}".encode()).digest()
    place = int.from_bytes(digest[:8]) / 2**64
    return "train" if place < 0.7 else "validation" if place < 0.8 else "test"


def split(pairs: Sequence[Pair], seed: int) -> dict[Part, list[Pair]]:
    """Split by user, so that nobody's manner is learnt and tested.

    Raises
    ------
    DataError
        A part is left empty.
    """
    parts: dict[Part, list[Pair]] = {"train": [], "validation": [], "test": []}
    for pair in pairs:
        parts[part_of(pair.user_id, seed)].append(pair)
    if not all(parts.values()):
        raise DataError(
            f"too few users: {len({pair.user_id for pair in pairs})}",
            source="the pairs",
            remedy="give rows of more users; 100 are a beginning",
        )
    return parts
