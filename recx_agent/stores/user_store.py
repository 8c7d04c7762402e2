"""What users said and did, and who was erased: one store, in a file or on a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, select

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import UnknownUser
from recx_agent.protocols import FeedbackEntry, FeedbackKind, FeedbackTarget, UserRecord
from recx_agent.stores import event_table, feedback_table
from recx_agent.stores.database import KEY_NAME, FileDatabase
from recx_agent.stores.databases import Database
from recx_agent.stores.server_database import ServerDatabase
from recx_agent.stores.tables import OF_USERS
from recx_agent.stores.tombstone_table import TombstoneTable

NOTHING = UserRecord()


class SqlUserStore:
    """See :class:`recx_agent.protocols.UserStore`.

    Parameters
    ----------
    folder : str or Path
        The workspace. A file is made there when something is first written.
    url : str, optional
        A PostgreSQL database in the place of the file.
    schema : str
        Its schema.
    """

    def __init__(self, folder: str | Path, url: str | None = None, schema: str = "recx") -> None:
        self._database: Database
        if url is None:
            self._database = FileDatabase(Path(folder))
        else:
            self._database = ServerDatabase(url, schema, Path(folder) / KEY_NAME)
        self._tombstones = TombstoneTable(self._database)

    @property
    def name(self) -> str:
        """What it is, for a report."""
        return "feedback and added events"

    @property
    def where(self) -> str:
        """The file or the server, without any secret."""
        return self._database.name

    @property
    def tombstones(self) -> TombstoneTable:
        """Who was erased."""
        return self._tombstones

    def record(self, user_id: str) -> UserRecord:
        """All that bears on an answer for the user, as one moment has it."""
        if not (_storable(user_id) and self._database.exists()):
            return NOTHING
        with self._database.reading() as connection:
            if self._tombstones.found_in(connection, user_id):
                return UserRecord(erased=True)
            events = event_table.of_user(connection, user_id)
            return UserRecord(
                feedback=feedback_table.entries(connection, user_id),
                added=tuple(event for event, _, undone in events if undone is None),
                taken_back=tuple(event for event, _, undone in events if undone is not None),
            )

    def give(
        self,
        user_id: str,
        kind: FeedbackKind,
        target: FeedbackTarget,
        value: str,
        name: str = "",
    ) -> tuple[FeedbackEntry, bool]:
        """Keep feedback, or find it kept already; also tells whether it is new."""
        with self._writing_of(user_id) as connection:
            return feedback_table.give(connection, user_id, kind, target, name, value)

    def feedback(self, user_id: str, *, undone: bool = False) -> tuple[FeedbackEntry, ...]:
        """A user's feedback, oldest first; with what was undone if asked for."""
        if not (_storable(user_id) and self._database.exists()):
            return ()
        with self._database.reading() as connection:
            return feedback_table.entries(connection, user_id, undone=undone)

    def undo(self, user_id: str, feedback_id: str) -> FeedbackEntry | None:
        """Undo feedback; ``None`` if the user has none such in force."""
        if not (_storable(user_id, feedback_id) and self._database.exists()):
            return None
        with self._writing_of(user_id) as connection:
            return feedback_table.undo(connection, user_id, feedback_id)

    def add_events(self, added: Mapping[str, Sequence[AddedEvent]]) -> int:
        """Keep events by user, all or none; returns how many were not there already."""
        if not added:
            return 0
        # In one order, so that no two of them wait for each other.
        first, *rest = sorted(added)
        with self._writing_of(first) as connection:
            for user_id in rest:
                self._database.lock_user(connection, user_id)
                self._refuse_erased(connection, user_id)
            return sum(event_table.add(connection, user, own) for user, own in added.items())

    def events(
        self, user_id: str, *, undone: bool = False
    ) -> tuple[tuple[AddedEvent, datetime, datetime | None], ...]:
        """A user's added events with when they were added and undone, in the order they came."""
        if not (_storable(user_id) and self._database.exists()):
            return ()
        with self._database.reading() as connection:
            found = event_table.of_user(connection, user_id)
        return tuple(entry for entry in found if undone or entry[2] is None)

    def undo_event(self, user_id: str, event_id: str) -> AddedEvent | None:
        """Take an event back; ``None`` if the user has none such in force."""
        if not (_storable(user_id, event_id) and self._database.exists()):
            return None
        with self._writing_of(user_id) as connection:
            return event_table.undo(connection, user_id, event_id)

    def every_event(
        self,
    ) -> tuple[Mapping[str, Sequence[AddedEvent]], Mapping[str, Sequence[AddedEvent]]]:
        """Everyone's events, but those of the erased: in force, and taken back."""
        if not self._database.exists():
            return {}, {}
        with self._database.reading() as connection:
            count, back = event_table.everyone(connection)
        erased = self._tombstones.covered({*count, *back})
        return (
            {user: own for user, own in count.items() if user not in erased},
            {user: own for user, own in back.items() if user not in erased},
        )

    def users(self) -> frozenset[str]:
        """Every user of whom anything is kept here, tombstones aside."""
        if not self._database.exists():
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(
                user
                for table in OF_USERS
                for user in connection.scalars(select(table.c.user_id).distinct())
            )

    def erase(self, user_id: str) -> int:
        """Remove everything of one user but the tombstone, from freed pages and logs too.

        On a server the tables' files are written anew; its log is its own.
        """
        if not self._database.exists():
            return 0
        gone = 0
        if _storable(user_id):
            with self._database.writing(of=user_id) as connection:
                for table in OF_USERS:
                    chosen = delete(table).where(table.c.user_id == user_id)
                    gone += connection.execute(chosen).rowcount
        # Even if there was nothing: an erasure that was cut short deleted, but did not clean.
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""
        self._database.close()

    @contextmanager
    def _writing_of(self, user_id: str) -> Iterator[Connection]:
        with self._database.writing(of=user_id) as connection:
            # Within the transaction, so that an erasure cannot come in between.
            self._refuse_erased(connection, user_id)
            yield connection

    def _refuse_erased(self, connection: Connection, user_id: str) -> None:
        if self._tombstones.found_in(connection, user_id):
            raise UnknownUser(user_id)


def _storable(*ids: str) -> bool:
    """Whether a database can hold these: nothing is kept of ids that none can."""
    try:
        return all("\0" not in id and id.encode() is not None for id in ids)
    except UnicodeEncodeError:
        return False
