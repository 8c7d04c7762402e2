"""The user store on a PostgreSQL server: its schema is made when something is first written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from recx_agent.errors import UserStoreDamaged, UserStoreVersion
from recx_agent.stores import postgres, tables
from recx_agent.stores.schema import bring_up, found_version


class ServerDatabase:
    """See :class:`recx_agent.stores.databases.Database`.

    Parameters
    ----------
    url : str
        Of the database; it may hold a password, and is shown nowhere.
    schema : str
        The schema in it: workspaces that share a database need different ones.
    key_path : Path
        Where the key of the hashes is: machines that share a store need the same one.
    """

    def __init__(self, url: str, schema: str, key_path: Path) -> None:
        self.name = f"{postgres.named(url)} ({schema})"
        self.key_path = key_path
        self._url = url
        self._schema = schema
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._is_current = False

    def exists(self) -> bool:
        """See :class:`~recx_agent.stores.databases.Database`."""
        if self._is_current:
            return True
        with self._any_state() as connection:
            found = found_version(connection)
        if found > tables.VERSION:
            raise UserStoreVersion(self.name, found, tables.VERSION)
        if not found:
            if self.key_path.exists():
                raise UserStoreDamaged(
                    self.name,
                    f"its tables are missing, though {self.key_path.name} shows that users "
                    "were erased",
                )
            return False
        self._is_current = found == tables.VERSION
        return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        self._brought_up()
        with self._any_state() as connection:
            yield connection

    @contextmanager
    def writing(self, of: str = "") -> Iterator[Connection]:
        """A transaction that nobody else writes in about this user."""
        self.exists()
        self._brought_up()
        with postgres.writing(self._opened(), self.name) as connection:
            if of:
                self.lock_user(connection, of)
            yield connection

    def lock_user(self, connection: Connection, user_id: str) -> None:
        """Be alone, until the transaction ends, with this user's rows."""
        self.lock(connection, f"user {user_id}")

    def lock(self, connection: Connection, name: str) -> None:
        """Be alone, until the transaction ends, with what is called so."""
        postgres.lock(connection, self._schema, name)

    def scrub(self) -> None:
        """See that the tables' files hold nothing that was deleted."""
        postgres.scrub(self._opened(), self.name)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            engine, self._engine = self._engine, None
            self._is_current = False
        if engine is not None:
            engine.dispose()

    @contextmanager
    def _any_state(self) -> Iterator[Connection]:
        with postgres.reading(self._opened(), self.name) as connection:
            yield connection

    def _brought_up(self) -> None:
        """Make the tables what this recx-agent works with; of several at once one does it."""
        if self._is_current:
            return
        with postgres.writing(self._opened(), self.name) as connection:
            self.lock(connection, "schema")
            if found_version(connection) != tables.VERSION:
                postgres.make_schema(connection, self._schema)
                bring_up(connection, self.name)
                postgres.keep_no_samples(connection)
        self._is_current = True

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = postgres.make_engine(self._url, self._schema)
            return self._engine
