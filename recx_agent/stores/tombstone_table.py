"""Who was erased, by keyed hash."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from recx_agent.errors import UserStoreDamaged
from recx_agent.protocols import Tombstone
from recx_agent.stores.databases import Database
from recx_agent.stores.schema import read_note, write_note
from recx_agent.stores.secret_key import key_check, keyed_hash, make_key, read_key
from recx_agent.stores.tables import now_us, time_of, tombstones

_KEY_CHECK = "key_check"


class TombstoneTable:
    """See :class:`recx_agent.protocols.Tombstones`.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: bytes | None = None

    def covers(self, user_id: str) -> bool:
        """Whether the user is erased, or is being erased."""
        return self.find(user_id) is not None

    def covered(self, user_ids: Iterable[str]) -> frozenset[str]:
        """Those of the users who are erased or are being erased."""
        if not self._database.exists():
            return frozenset()
        with self._database.reading() as connection:
            hashes = set(connection.scalars(select(tombstones.c.hash)))
            key = self._known_key(connection)
        if not hashes or key is None:
            return frozenset()
        return frozenset(user for user in user_ids if keyed_hash(key, user) in hashes)

    def find(self, user_id: str) -> Tombstone | None:
        """The tombstone of one user."""
        if not self._database.exists():
            return None
        with self._database.reading() as connection:
            return self.found_in(connection, user_id)

    def found_in(self, connection: Connection, user_id: str) -> Tombstone | None:
        """The tombstone of one user, as a transaction sees it."""
        key = self._known_key(connection)
        if key is None:
            return None
        chosen = tombstones.c.hash == keyed_hash(key, user_id)
        row = connection.execute(
            select(tombstones.c.state, tombstones.c.since).where(chosen)
        ).one_or_none()
        return None if row is None else Tombstone(row.state, time_of(row.since))

    def hash_of(self, user_id: str) -> str:
        """The keyed hash that stands for a user; ``""`` if nobody was ever erased."""
        if not self._database.exists():
            return ""
        with self._database.reading() as connection:
            key = self._known_key(connection)
        return "" if key is None else keyed_hash(key, user_id)

    def pending(self) -> frozenset[str]:
        """Hashes of the users whose erasure was begun and is not finished."""
        if not self._database.exists():
            return frozenset()
        chosen = select(tombstones.c.hash).where(tombstones.c.state == "pending")
        with self._database.reading() as connection:
            return frozenset(connection.scalars(chosen))

    def put(self, user_id: str) -> None:
        """Begin an erasure: the user is unknown from now on, a crash notwithstanding."""
        with self._database.writing(of=user_id) as connection:
            self._database.lock(connection, _KEY_CHECK)
            key = self._known_key(connection)
            if key is None:
                # One that a killed process made just before it wrote its first tombstone.
                key = read_key(self._database.key_path) or make_key(self._database.key_path)
                write_note(connection, _KEY_CHECK, key_check(key))
            hash = keyed_hash(key, user_id)
            connection.execute(delete(tombstones).where(tombstones.c.hash == hash))
            connection.execute(
                insert(tombstones).values(hash=hash, state="pending", since=now_us())
            )

    def finish(self, hash: str) -> None:
        """Note that nothing of the user with this hash is left."""
        with self._database.writing() as connection:
            connection.execute(
                update(tombstones)
                .where(tombstones.c.hash == hash)
                .values(state="done", since=now_us())
            )

    def lift(self, user_id: str) -> bool:
        """Let a user come back; ``False`` if he was not erased."""
        hash = self.hash_of(user_id)
        if not hash:
            return False
        with self._database.writing(of=user_id) as connection:
            gone = connection.execute(delete(tombstones).where(tombstones.c.hash == hash))
            return bool(gone.rowcount)

    def _known_key(self, connection: Connection) -> bytes | None:
        """The key that the hashes were made with; ``None`` if there is none yet.

        Raises
        ------
        UserStoreDamaged
            It is missing or another one.
        """
        check = read_note(connection, _KEY_CHECK)
        if check is None:
            return None
        key = self._key or read_key(self._database.key_path)
        if key is None:
            raise UserStoreDamaged(self._database.key_path, "it is missing")
        if key_check(key) != check:
            raise UserStoreDamaged(
                self._database.key_path, f"this is not the key of {self._database.name}"
            )
        self._key = key
        return key
