"""The user store in a file: made when something is first written, opened when needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from recx_agent.errors import UserStoreDamaged, UserStoreError, UserStoreFull
from recx_agent.stores import sqlite, tables
from recx_agent.stores.schema import bring_up, found_version

FILE_NAME = "users.sqlite3"
KEY_NAME = "tombstone.key"


class FileDatabase:
    """Reads and writes; every fault is a :class:`~recx_agent.errors.UserStoreError`.

    Parameters
    ----------
    folder : Path
        The workspace.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.name = FILE_NAME
        self.key_path = folder / KEY_NAME
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def exists(self) -> bool:
        """See :class:`~recx_agent.stores.databases.Database`.

        Raises
        ------
        UserStoreDamaged
            The file is gone, though the key beside it says that users were erased.
        """
        if not self.path.exists():
            self._refuse_if_key("it is missing")
            return False
        if sqlite.is_blank(self.path):
            self._refuse_if_key("its tables are missing")
            return False
        return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store; the file must exist."""
        with sqlite.reading(self._opened_to_read(), self.path) as connection:
            yield connection

    @contextmanager
    def writing(self, of: str = "") -> Iterator[Connection]:
        """A transaction that holds the write lock; the file is made if there is none."""
        self.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite.writing(self._opened(), self.path) as connection:
            yield connection

    def lock_user(self, connection: Connection, user_id: str) -> None:
        """Nothing: whoever writes is alone."""

    def lock(self, connection: Connection, name: str) -> None:
        """Nothing: whoever writes is alone."""

    def scrub(self) -> None:
        """See that nothing that was deleted is left on disk."""
        sqlite.scrub(self._opened(), self.path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _opened_to_read(self) -> Engine:
        try:
            return self._opened()
        except UserStoreError as error:
            # Answers go on though the disk is full or may not be written to.
            unusable = type(error) in (UserStoreError, UserStoreFull)
            still = sqlite.make_still_engine(self.path) if unusable else None
            if still is None:
                raise
            with sqlite.reading(still, self.path) as connection:
                if found_version(connection) != tables.VERSION:
                    raise
            return still

    def _open(self) -> Engine:
        engine = sqlite.make_engine(self.path)
        try:
            with sqlite.reading(engine, self.path) as connection:
                found = found_version(connection)
            if not found:
                self._refuse_if_key("its tables are missing")
            if found != tables.VERSION:
                with sqlite.writing(engine, self.path) as connection:
                    bring_up(connection, self.path)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _refuse_if_key(self, problem: str) -> None:
        if self.key_path.exists():
            raise UserStoreDamaged(
                self.path, f"{problem}, though {self.key_path.name} shows that users were erased"
            )
