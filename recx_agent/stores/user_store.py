"""Hidden items and tombstones in one file of the workspace."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert, select

from recx_agent.errors import UnknownUser
from recx_agent.protocols import HiddenItem
from recx_agent.stores.database import Database
from recx_agent.stores.tables import hidden, now_us, time_of
from recx_agent.stores.tombstone_table import TombstoneTable


class SqlUserStore:
    """See :class:`recx_agent.protocols.UserStore`.

    Parameters
    ----------
    folder : str or Path
        The workspace. The file is made there when something is first written.
    """

    def __init__(self, folder: str | Path) -> None:
        self._database = Database(Path(folder))
        self._tombstones = TombstoneTable(self._database)

    @property
    def name(self) -> str:
        """What it is, for a report."""
        return "hidden items"

    @property
    def tombstones(self) -> TombstoneTable:
        """Who was erased."""
        return self._tombstones

    def hide(self, user_id: str, item_id: str) -> bool:
        """Hide an item; ``False`` if it was hidden already.

        Raises
        ------
        UnknownUser
            The user is erased.
        """
        with self._database.writing() as connection:
            # Within the transaction, so that an erasure cannot come in between.
            if self._tombstones.found_in(connection, user_id):
                raise UnknownUser(user_id)
            chosen = (hidden.c.user_id == user_id) & (hidden.c.item_id == item_id)
            if connection.execute(select(hidden.c.since).where(chosen)).first():
                return False
            values = {"user_id": user_id, "item_id": item_id, "since": now_us()}
            connection.execute(insert(hidden).values(values))
            return True

    def unhide(self, user_id: str, item_id: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        if not self._database.exists():
            return False
        chosen = (hidden.c.user_id == user_id) & (hidden.c.item_id == item_id)
        with self._database.writing() as connection:
            return bool(connection.execute(delete(hidden).where(chosen)).rowcount)

    def hidden(self, user_id: str) -> tuple[str, ...]:
        """Ids of the items a user has hidden, in the order in which he did."""
        return tuple(entry.item_id for entry in self.hidden_items(user_id))

    def hidden_items(self, user_id: str) -> tuple[HiddenItem, ...]:
        """The same, with the times."""
        if not self._database.exists():
            return ()
        wanted = (
            select(hidden.c.item_id, hidden.c.since)
            .where(hidden.c.user_id == user_id)
            .order_by(hidden.c.since, hidden.c.item_id)
        )
        with self._database.reading() as connection:
            return tuple(
                HiddenItem(row.item_id, time_of(row.since)) for row in connection.execute(wanted)
            )

    def users(self) -> frozenset[str]:
        """Every user of whom anything is kept here, tombstones aside."""
        if not self._database.exists():
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(hidden.c.user_id).distinct()))

    def erase(self, user_id: str) -> int:
        """Remove everything of one user but the tombstone, from freed pages and logs too."""
        if not self._database.exists():
            return 0
        with self._database.writing() as connection:
            gone = connection.execute(delete(hidden).where(hidden.c.user_id == user_id)).rowcount
        # Even if there was nothing: an erasure that was cut short deleted, but did not clean.
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self._database.close()
