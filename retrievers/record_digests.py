"""Which records a generation holds, known without reading them.

A number for each record, kept beside Chroma's files: a digest of all that is stored of it
but the vector, which hangs on the record and on whose vectors the collection has, and is
in files that are sealed. Chroma's tables are sealed here: a checksum over their rows, for
Chroma writes a line into the file itself whenever it is opened.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from recx_agent.retrievers.file_cleaning import SQLITE_NAME
from recx_agent.retrievers.index_records import IndexRecord

DIGESTS_NAME = "records.npz"
_TABLES = "tables"
"""Name of the checksum in the file; no collection is called so."""

_ROWS = {
    "collections": ("id", "name"),
    "segments": ("id", "collection", "scope"),
    "embeddings": ("id", "segment_id", "embedding_id"),
    "embedding_metadata": ("id", "key", "string_value"),
}
"""The tables and columns that Chroma answers from."""

_AT_ONCE = 10_000

_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    BadZipFile,
    zlib.error,
    sqlite3.Error,
)
"""What is raised over a file that is gone, cut or altered."""


@dataclass(frozen=True)
class RecordDigests:
    """The digests of a generation.

    Attributes
    ----------
    of : mapping of str to uint64 array
        By name of the collection, sorted.
    """

    of: Mapping[str, NDArray[np.uint64]]

    def save(self, generation: Path) -> None:
        """Write them, and a checksum of the tables; Chroma must not have them open.

        Raises
        ------
        sqlite3.Error, OSError
        """
        tables = np.array(_checksum(generation / SQLITE_NAME), dtype=np.uint64)
        arrays: dict[str, Any] = {_TABLES: tables, **self.of}
        np.savez(generation / DIGESTS_NAME, **arrays)

    @classmethod
    def load(cls, generation: Path) -> RecordDigests | None:
        """Read them; ``None`` if they, or the tables, are not as they were written."""
        try:
            # NumPy would leave a file open that is no archive.
            with (generation / DIGESTS_NAME).open("rb") as file:
                with np.load(file, allow_pickle=False) as arrays:
                    found = {name: np.asarray(arrays[name]) for name in arrays.files}
            if int(found.pop(_TABLES)) != _checksum(generation / SQLITE_NAME):
                return None
        except _UNREADABLE:
            return None
        return cls(found)


class NotedRecords:
    """Describes records, and notes the digest of each.

    Attributes
    ----------
    digests : uint64 array
        Of all records, sorted; known once they were passed to the end.
    """

    def __init__(self, describe: Callable[[], Iterator[IndexRecord]]) -> None:
        self._describe = describe
        self.digests = np.empty(0, dtype=np.uint64)

    def __iter__(self) -> Iterator[IndexRecord]:
        return (record for record, _ in self.with_digests())

    def with_digests(self) -> Iterator[tuple[IndexRecord, int]]:
        """Each record and its digest."""
        noted = array("Q")
        for record in self._describe():
            noted.append(record.digest())
            yield record, noted[-1]
        self.digests = np.sort(np.array(noted, dtype=np.uint64))

    def not_among(self, held: NDArray[np.uint64]) -> list[IndexRecord] | None:
        """The records that are lacking; ``None`` if more is held than these."""
        known = set(held.tolist())
        lacking, found = [], 0
        for record, digest in self.with_digests():
            if digest in known:
                found += 1
            else:
                lacking.append(record)
        return lacking if found == len(held) else None


def _checksum(database: Path) -> int:
    checksum = 0
    uri = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.text_factory = bytes
        for table, columns in _ROWS.items():
            told = "||char(31)||".join(f"ifnull({column},'')" for column in columns)
            rows = connection.execute(f"SELECT {told} FROM {table} NOT INDEXED ORDER BY rowid")
            while some := rows.fetchmany(_AT_ONCE):
                checksum = zlib.crc32(b"\x1e".join(row for (row,) in some) + b"\x1e", checksum)
    return checksum
