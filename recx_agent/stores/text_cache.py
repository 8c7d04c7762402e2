"""Verified texts of a language model, the ones used last."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from recx_agent.errors import KeptStoreDamaged, KeptStoreError, KeptStoreVersion, UserStoreError
from recx_agent.stores.kept_database import KeptDatabase
from recx_agent.stores.tables import now_us

FILE_NAME = "texts.sqlite3"
_NOTED = 200
"""Uses that are remembered before they are written down."""

_log = logging.getLogger(__name__)

_metadata = MetaData()
_texts = Table(
    "texts",
    _metadata,
    Column("key", String(64), primary_key=True),
    Column("user_id", Text, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("used", BigInteger, nullable=False, index=True),
)
"""``used``: when last, microseconds since 1970 UTC."""


class SqlTextCache:
    """See :class:`recx_agent.protocols.TextCache`.

    Parameters
    ----------
    folder : str or Path
        The workspace.
    entries : int
        Texts kept at most.
    erased : callable
        Whether a user is erased, or is being erased.
    """

    name = "kept texts"

    def __init__(self, folder: str | Path, entries: int, erased: Callable[[str], bool]) -> None:
        self._database = KeptDatabase(Path(folder) / FILE_NAME, _metadata, erased)
        self._entries = entries
        self._lock = threading.Lock()
        self._used: dict[str, int] = {}
        self._faulty = False

    def get(self, key: str) -> str | None:
        """What was kept under the key."""
        try:
            if not self._database.exists():
                return None
            chosen = select(_texts.c.user_id, _texts.c.text).where(_texts.c.key == key)
            with self._database.reading() as connection:
                row = connection.execute(chosen).one_or_none()
            if row is None or self._database.erased(row.user_id):
                return None
            self._note(key)
        except (KeptStoreError, UserStoreError) as error:
            self._tell(error)
            return None
        return str(row.text)

    def put(self, key: str, user_id: str, text: str) -> None:
        """Keep a text; the ones not used for longest go when there are too many."""
        with self._database.writing() as connection:
            # Within the transaction, so that an erasure cannot come in between.
            if self._database.erased(user_id):
                return
            self._write_used(connection)
            values = {"user_id": user_id, "text": text, "used": now_us()}
            statement = insert(_texts).values(key=key, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
            self._keep_to_size(connection)

    def of_user(self, user_id: str) -> list[str]:
        """Every text kept of one user, the one used last at the end."""
        if not self._database.exists() or self._database.erased(user_id):
            return []
        chosen = select(_texts.c.text).where(_texts.c.user_id == user_id).order_by(_texts.c.used)
        with self._database.reading() as connection:
            return [str(text) for text in connection.scalars(chosen)]

    def users(self) -> frozenset[str]:
        """Every user of whom a text is kept."""
        if not self._database.exists():
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(_texts.c.user_id).distinct()))

    def erase(self, user_id: str) -> int:
        """Remove everything of one user, from freed pages and logs too."""
        return erase_from(self._database, _texts, user_id)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        try:
            with self._lock:
                waiting = bool(self._used)
            if waiting and self._database.exists():
                with self._database.writing() as connection:
                    self._write_used(connection)
        except (KeptStoreError, UserStoreError) as error:
            self._tell(error)
        self._database.close()

    def _note(self, key: str) -> None:
        with self._lock:
            self._used[key] = now_us()
            enough = len(self._used) >= _NOTED
        if enough:
            with self._database.writing() as connection:
                self._write_used(connection)

    def _write_used(self, connection: Connection) -> None:
        with self._lock:
            noted, self._used = self._used, {}
        if noted:
            statement = update(_texts).where(_texts.c.key == bindparam("of"))
            rows = [{"of": key, "at": at} for key, at in noted.items()]
            connection.execute(statement.values(used=bindparam("at")), rows)

    def _keep_to_size(self, connection: Connection) -> None:
        count = connection.scalar(select(func.count()).select_from(_texts)) or 0
        if count > self._entries:
            oldest = (
                select(_texts.c.key)
                .order_by(_texts.c.used, _texts.c.key)
                .limit(count - self._entries)
            )
            connection.execute(delete(_texts).where(_texts.c.key.in_(oldest.scalar_subquery())))

    def _tell(self, error: Exception) -> None:
        if not self._faulty:
            self._faulty = True
            _log.warning("kept texts are not used: %s", error)


def erase_from(database: KeptDatabase, table: Table, user_id: str) -> int:
    """Remove a user's rows, and all bytes of them; a store nobody can read goes as a whole."""
    if not database.path.exists():
        return 0
    try:
        with database.writing() as connection:
            gone = connection.execute(delete(table).where(table.c.user_id == user_id)).rowcount
        # Even if there was nothing: an erasure that was cut short deleted, but did not clean.
        database.scrub()
    except (KeptStoreDamaged, KeptStoreVersion):
        database.remove()
        return 0
    return gone
