"""The store of what users decided, and erasure."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors.base import RecxError
from recx_agent.errors.stores import StoreError


class UserStoreError(StoreError):
    """The store of what users decided, and of who was erased, cannot be used."""


class UserStoreDamaged(UserStoreError):
    """The file is no readable store, or something that belongs to it is missing."""

    def __init__(self, path: str | Path, problem: str) -> None:
        super().__init__(
            path,
            f"{problem}; restore it from a backup: it knows who was erased, and without it "
            "erased users would come back with the next fit (see docs/privacy.md)",
        )


class UserStoreBusy(UserStoreError):
    """Another process holds the store for longer than is waited."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "another process is writing to it and does not end; try again")


class UserStoreFull(UserStoreError):
    """There is no room to write."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "the disk is full; nothing was changed: make room and try again")


class UserStoreUnreachable(UserStoreError):
    """The database server does not answer, or does not let us in."""


class UserStoreVersion(UserStoreError):
    """The store was written by a newer recx-agent."""

    def __init__(self, path: str | Path, found: int, wanted: int) -> None:
        self.found = found
        super().__init__(
            path, f"schema version {found}, this recx-agent knows {wanted}; update recx-agent"
        )


class ErasureUnfinished(RecxError):
    """An erasure was begun and could not be finished; the cause is the error behind it.

    Parameters
    ----------
    where : str
        The store that could not be cleaned.
    reason : Exception
        Why.
    """

    exit_code = 4

    def __init__(self, where: str, reason: Exception) -> None:
        self.where = where
        super().__init__(
            f"the user is unknown from now on, but is not yet erased from {where}: {reason}; "
            "then give the same command again: it goes on where it stood"
        )
