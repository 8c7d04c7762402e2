"""A SQLite file of kept texts: made when first written, and never worth an answer's failing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, event

from recx_agent.errors import (
    KeptStoreDamaged,
    KeptStoreError,
    KeptStoreVersion,
    UserStoreDamaged,
    UserStoreError,
)
from recx_agent.stores import sqlite

VERSION = 1
"""Of the tables of every such file; kept as ``user_version``."""


class KeptDatabase:
    """Reads and writes; every fault is a :class:`~recx_agent.errors.KeptStoreError`.

    Parameters
    ----------
    path : Path
    tables : MetaData
        What is in it.
    erased : callable
        Whether a user is erased, or is being erased: nothing of him is written or read.
    """

    def __init__(self, path: Path, tables: MetaData, erased: Callable[[str], bool]) -> None:
        self.path = path
        self.erased = erased
        self._tables = tables
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self.path.exists() and not sqlite.is_blank(self.path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store; the file must exist."""
        with _as_kept(self.path), sqlite.reading(self._opened(), self.path) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock; the file is made if there is none."""
        with _as_kept(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with sqlite.writing(self._opened(), self.path) as connection:
                yield connection

    def scrub(self) -> None:
        """See that nothing that was deleted is left on disk."""
        with _as_kept(self.path):
            sqlite.scrub(self._opened(), self.path)

    def remove(self) -> None:
        """Remove the file and what stands beside it."""
        self.close()
        for ending in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        engine = sqlite.make_engine(self.path)
        # A text is not worth waiting for the disk: what a crash of the machine takes is made
        # anew. A crash of the process takes nothing.
        event.listen(engine, "connect", _without_waiting)
        try:
            with sqlite.writing(engine, self.path) as connection:
                found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                if found not in (0, VERSION):
                    raise KeptStoreVersion(self.path, found, VERSION)
                if not found:
                    self._tables.create_all(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            engine.dispose()
            raise
        return engine


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL").close()


@contextmanager
def _as_kept(path: Path) -> Iterator[None]:
    try:
        yield
    except UserStoreDamaged as error:
        raise KeptStoreDamaged(path, error.problem.split(";")[0]) from error
    except UserStoreError as error:
        raise KeptStoreError(path, error.problem) from error
    except OSError as error:
        raise KeptStoreError(path, f"it cannot be used ({error.strerror})") from error
