"""What the tables ask of the database they are in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection


class Database(Protocol):
    """A file or a server; every fault is a :class:`~recx_agent.errors.UserStoreError`."""

    @property
    def name(self) -> str:
        """What it is called in a message, without any secret."""
        ...

    @property
    def key_path(self) -> Path:
        """Where the key of the hashes is; never in the database itself."""
        ...

    def exists(self) -> bool:
        """Whether anything was ever written.

        Raises
        ------
        UserStoreDamaged
            It is gone, though the key says that users were erased.
        """
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of the store; it must exist."""
        ...

    def writing(self, of: str = "") -> AbstractContextManager[Connection]:
        """A transaction that nobody else writes in; all of it is kept, or nothing.

        Parameters
        ----------
        of : str
            The user whose rows are read and written; a database may let others go on
            writing those of other users.
        """
        ...

    def lock_user(self, connection: Connection, user_id: str) -> None:
        """Be alone, until the transaction ends, with a further user's rows."""
        ...

    def lock(self, connection: Connection, name: str) -> None:
        """Be alone, until the transaction ends, with what is not of one user."""
        ...

    def scrub(self) -> None:
        """See that nothing that was deleted is left in the tables' files."""
        ...

    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""
        ...
