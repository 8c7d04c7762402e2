"""Looks for traces of a person in every byte, table, array and archive below a folder.

Written without recx_agent, so that it does not share its mistakes: raw bytes in every
encoding, SQLite with its log, full-text words and free pages, Parquet, NumPy, zip and gzip,
JSON; and vectors, wherever four of their numbers stand in a row.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_SQLITE = b"SQLite format 3\0"
_COMPARED = 4
"""Numbers in a row that make a vector found; a chance hit in all four is next to impossible."""
_NEAR = 1e-5


@dataclass(frozen=True)
class Marks:
    """What to look for, by a name for the report.

    Attributes
    ----------
    texts : mapping of str to str
    bytes : mapping of str to bytes
        Such as a time as the eight bytes of an integer.
    vectors : mapping of str to float array
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    bytes: Mapping[str, bytes] = field(default_factory=dict)
    vectors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass
class Found:
    """Where what was found: relative path of the file to the names of the marks in it."""

    files: int = 0
    marks: dict[str, set[str]] = field(default_factory=dict)

    def note(self, path: str, names: set[str]) -> None:
        if names:
            self.marks.setdefault(path, set()).update(names)

    def of(self, prefix: str) -> Found:
        """What was found of the marks whose names begin so, without the prefix."""
        kept = Found(self.files)
        for path, names in self.marks.items():
            kept.note(path, {n.removeprefix(prefix) for n in names if n.startswith(prefix)})
        return kept

    def under(self, pattern: str) -> set[str]:
        """Names of the marks in files whose path matches a regular expression."""
        matching = [names for path, names in self.marks.items() if re.search(pattern, path)]
        return set().union(*matching)


def search(folder: Path, marks: Marks) -> Found:
    """Search every file below ``folder``."""
    found = Found()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.files += 1
        name = str(path.relative_to(folder))
        found.note(name, in_text(name, marks) | in_content(path.read_bytes(), marks))
        if path.read_bytes()[:16] == _SQLITE:
            found.note(name, in_database(path, marks))
    return found


def in_content(data: bytes, marks: Marks) -> set[str]:
    """Marks in the bytes, and in what the bytes are known to encode."""
    names = in_bytes(data, marks)
    texts = []
    for part in decoded(data):
        if isinstance(part, str):
            texts.append(part)
        else:
            names |= in_content(part, marks)
    return names | in_text("\n".join(texts), marks)


def in_text(text: str, marks: Marks) -> set[str]:
    return {name for name, mark in marks.texts.items() if mark in text}


def in_bytes(data: bytes, marks: Marks) -> set[str]:
    names = {
        name
        for name, mark in marks.texts.items()
        if any(mark.encode(encoding) in data for encoding in ENCODINGS)
        or json.dumps(mark)[1:-1].encode() in data
    }
    names |= {name for name, mark in marks.bytes.items() if mark in data}
    return names | vectors_in(data, marks.vectors)


def vectors_in(data: bytes, vectors: Mapping[str, NDArray[np.float32]]) -> set[str]:
    """Names of the vectors that stand there, in any precision, order of bytes and alignment.

    Numbers are compared with a tolerance: Chroma scales vectors to length 1 once more.
    """
    names = set()
    for kind in ("<f4", ">f4", "<f8", ">f8") if vectors else ():
        width = np.dtype(kind).itemsize
        for shift in range(width):
            count = (len(data) - shift) // width
            if count < _COMPARED:
                continue
            numbers = np.frombuffer(data, kind, count, shift)
            names |= {name for name, vector in vectors.items() if _has(numbers, vector)}
    return names


def _has(numbers: NDArray[np.floating[Any]], vector: NDArray[np.float32]) -> bool:
    # From the largest number on: many are near zero, and so is much else in a file.
    start = int(np.argmax(np.abs(vector[: len(vector) - _COMPARED])))
    wanted = vector[start : start + _COMPARED].astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        hits = np.flatnonzero(
            np.abs(numbers[: 1 - _COMPARED] - numbers.dtype.type(wanted[0])) <= _NEAR
        )
        return any(
            bool(np.all(np.abs(numbers[at : at + _COMPARED].astype(np.float64) - wanted) <= _NEAR))
            for at in hits
        )


def decoded(data: bytes) -> Iterator[bytes | str]:
    """What is packed in the bytes of a file: archive members, columns, arrays, JSON strings."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member
                yield archive.read(member)
    elif data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    elif data[:4] == b"PAR1":
        file = pq.ParquetFile(io.BytesIO(data))
        yield str(file.metadata.to_dict())
        yield str(file.schema_arrow.metadata)
        for column in file.read().columns:
            yield from strings(column.to_pylist())
    elif data[:6] == b"\x93NUMPY":
        array = np.load(io.BytesIO(data), allow_pickle=False)
        yield array.tobytes(order="C")
        yield array.tobytes(order="F")
        if array.dtype.kind in "US":
            yield from array.ravel().astype(str).tolist()
    else:
        yield from from_json(data)


def from_json(data: bytes | str) -> Iterator[bytes | str]:
    """Every text in a JSON document; nothing if it is none."""
    if data.strip()[:1] in (b"{", b"[", "{", "["):
        try:
            yield from strings(json.loads(data))
        except ValueError:
            return


def strings(value: Any) -> Iterator[bytes | str]:
    """Every text in nested lists and dictionaries, keys among them; JSON in a text too."""
    if isinstance(value, str):
        yield value
        yield from from_json(value)
    elif isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def in_database(path: Path, marks: Marks) -> set[str]:
    """Marks in the rows of every table, shadow tables too, and among the full-text words."""
    names = set()
    with tempfile.TemporaryDirectory() as scratch:
        for beside in path.parent.glob(f"{path.name}*"):
            shutil.copy(beside, scratch)
        with closing(sqlite3.connect(Path(scratch) / path.name)) as database:
            # What is no UTF-8 is searched too.
            database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            listed = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            for name, sql in listed.fetchall():
                names |= in_rows(database.execute(f'SELECT * FROM "{name}"'), marks)
                if "fts5" in (sql or "").lower():
                    names |= in_words(database, name, marks)
    return names


def in_rows(rows: Iterable[Sequence[Any]], marks: Marks) -> set[str]:
    """Marks in the values of a table: texts, JSON within texts, blobs."""
    values = [value for row in rows for value in row]
    texts = [part for value in values if isinstance(value, str) for part in strings(value)]
    blobs = [value for value in values if isinstance(value, bytes)]
    return in_text("\n".join(map(str, texts)), marks) | in_content(b"\0\0".join(blobs), marks)


def in_words(database: sqlite3.Connection, table: str, marks: Marks) -> set[str]:
    """Marks among the words of a full-text index, which keeps them packed.

    Chroma's words are runs of three letters: a mark is there if all of its own are.
    """
    database.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, '{table}', 'row')")
    words = {row[0] for row in database.execute("SELECT term FROM temp.words")}
    database.execute("DROP TABLE temp.words")
    names = set()
    for name, mark in marks.texts.items():
        folded = mark.lower()
        runs = {folded[at : at + 3] for at in range(len(folded) - 2)}
        if folded in words or (runs and runs <= words):
            names.add(name)
    return names
