"""One bad input: what is wrong, the command that meets it, and what must be said of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.e2e.bad_input.place import INTERACTIONS, ITEMS, USERS

Make = Callable[[Path], Any]
"""Makes one thing bad in a folder of good files with a fitted workspace."""

ASK = "recommend u0 -k 1"
EXPLAIN = "explain u0 -k 1"
FIT = f"fit --interactions {INTERACTIONS} --items {ITEMS} --scale 1:5"
UPDATE = f"{FIT} --update"
OTHER_USERS = f"{FIT} --users {USERS}"
HEADER = "user_id,item_id,value,timestamp"
LAST = 193
"""Line of the last row of the good interactions; a row behind it is in the next."""

DATA, USAGE, STRANGER, SAVED, INDEX, WRITING = 1, 2, 3, 4, 5, 6
"""Exit codes by kind of error."""


def nothing(_: Path) -> None:
    """Leave the folder as it is: the command itself is what is wrong."""


@dataclass(frozen=True)
class Case:
    """A bad input.

    Attributes
    ----------
    name : str
        What is wrong; the row of the document.
    command : str
        What follows ``recx``.
    code : int
        Exit code.
    words : tuple of str
        What the message must say, such as file, row, field and remedy.
    make : callable
        Makes it.
    env : mapping
        Further environment; an empty value takes a variable out.
    foreign : bool
        Whether the message has words of another library, which may change with it.
    never : tuple of str
        What must not be in the output.
    limits : tuple of str
        What ``limited.py`` puts the command under.
    """

    name: str
    command: str
    code: int
    words: tuple[str, ...]
    make: Make = nothing
    env: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False
    never: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


def written(name: str, content: str | bytes) -> Make:
    """Put a content in the place of a file's own."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda place: (place / name).write_bytes(data)


def rows(*lines: str, header: str = HEADER, name: str = INTERACTIONS) -> Make:
    """Write a CSV file of these rows."""
    return written(name, "\n".join([header, *lines, ""]))


def row_added(line: str, name: str = INTERACTIONS) -> Make:
    """Write one more row behind the last one."""
    return changed(name, lambda data: data + line.encode() + b"\n")


def changed(name: str, change: Callable[[bytes], bytes]) -> Make:
    """Change the bytes of a file."""

    def make(place: Path) -> None:
        path = place / name
        path.write_bytes(change(path.read_bytes()))

    return make


def replaced(name: str, old: str, new: str | bytes) -> Make:
    """Put other words, or bytes, in the place of some."""
    into = new if isinstance(new, bytes) else new.encode()
    return changed(name, lambda data: data.replace(old.encode(), into))


def parquet(**columns: Any) -> Make:
    """Write the interactions as Parquet, under their usual name."""
    return lambda place: pq.write_table(pa.table(columns), place / INTERACTIONS)


def removed(name: str) -> Make:
    """Remove a file or a folder."""

    def make(place: Path) -> None:
        path = place / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return make


def instead(name: str, make: Make) -> Make:
    """Remove a file and make something else in its place."""

    def both(place: Path) -> None:
        removed(name)(place)
        make(place)

    return both


def folder(name: str) -> Make:
    """Make a folder."""
    return lambda place: (place / name).mkdir()


def pipe(name: str) -> Make:
    """Make a pipe that nobody writes to."""
    return lambda place: os.mkfifo(place / name)


def half(data: bytes) -> bytes:
    """Cut off the second half."""
    return data[: len(data) // 2]


def one_bit_flipped(data: bytes) -> bytes:
    """Flip a bit in the middle."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]
