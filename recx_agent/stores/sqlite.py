"""Everything of the user store that holds for SQLite alone.

The file is in WAL mode, so that a reader never waits for a writer; where nothing can be
written, not even that mode's shared memory, :func:`make_still_engine` reads. ``secure_delete``
overwrites what is deleted with zeros; :func:`scrub` clears what that leaves: pages that
were rearranged, and older states of pages in the write-ahead log.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from recx_agent.artefacts import why_unwritable
from recx_agent.errors import (
    UserStoreBusy,
    UserStoreDamaged,
    UserStoreError,
    UserStoreFull,
    WriteFailed,
)

BUSY_SECONDS = 5.0
"""How long a lock of another process is waited for."""

_WRITES = "recx_writes"
_PAGE_BYTES = 4096
_SCHEMA_COOKIE = slice(40, 44)
"""Of a file without tables zero: https://www.sqlite.org/fileformat.html, 1.3."""


def make_engine(path: Path) -> Engine:
    """Make an engine for a file; nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def make_still_engine(path: Path) -> Engine | None:
    """Make an engine that reads the file as it lies there and writes nothing at all.

    Returns
    -------
    Engine or None
        ``None`` if what was written last may be in the log alone: then nobody can say who
        was erased.
    """
    if _has_log(path):
        return None
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    url = URL.create("sqlite+pysqlite", database=path.absolute().as_uri(), query=query)
    return create_engine(url, poolclass=NullPool)


def is_blank(path: Path) -> bool:
    """Whether a file was begun, but nothing was ever written to it: there was no room."""
    if not path.is_file() or path.stat().st_size > _PAGE_BYTES or _has_log(path):
        return False
    return not any(path.read_bytes()[_SCHEMA_COOKIE])


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _prepare(connection: Any, _record: object) -> None:
    # The driver would begin a transaction late and only for some statements: see _begin.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock before it reads, else what it read may have changed when it writes.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """A connection that sees one state of the store."""
    with _worded(path), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """A transaction that holds the write lock from its begin; all of it is kept, or nothing."""
    with (
        _worded(path),
        engine.connect().execution_options(**{_WRITES: True}) as connection,
        connection.begin(),
    ):
        yield connection


def scrub(engine: Engine, path: Path) -> None:
    """See that nothing that was deleted is left in the file or beside it.

    Raises
    ------
    UserStoreBusy
        Another process is reading or writing and does not end.
    """
    with _worded(path):
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = cursor.fetchone() or (1, 0, 0)
            cursor.close()
        finally:
            raw.close()
    if busy:
        raise UserStoreBusy(path)


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _named(path, error.orig) from error
    except sqlite3.Error as error:
        raise _named(path, error) from error


def _named(path: Path, error: BaseException | None) -> UserStoreError:
    name = getattr(error, "sqlite_errorname", "")
    match name.split("_")[1:2]:
        case ["BUSY" | "LOCKED"]:
            return UserStoreBusy(path)
        case ["FULL"]:
            return UserStoreFull(path)
        case ["CORRUPT" | "NOTADB"]:
            return UserStoreDamaged(path, f"it is damaged ({error})")
    unwritable = why_unwritable(path.parent)
    if unwritable is None:
        return UserStoreError(path, f"it cannot be used ({error}); check the folder's permissions")
    if unwritable.reason.errno == errno.ENOSPC:
        return UserStoreFull(path)
    return UserStoreError(path, WriteFailed.REASONS[unwritable.reason.errno])
