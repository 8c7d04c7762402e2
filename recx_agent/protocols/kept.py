"""What is kept of texts: verified ones for the next time, and how each came about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from recx_agent.schemas import AuditRecord


class TextCache(Protocol):
    """Keeps verified texts; losing one costs time, no more, so nothing is raised for a fault."""

    def get(self, key: str) -> str | None:
        """What was kept under the key."""
        ...

    def put(self, key: str, user_id: str, text: str) -> None:
        """Keep a text; the ones not used for longest go when there are too many."""
        ...

    def of_user(self, user_id: str) -> Sequence[str]:
        """Every text kept of one user.

        Raises
        ------
        KeptStoreError
        """
        ...

    def users(self) -> frozenset[str]:
        """Every user of whom a text is kept.

        Raises
        ------
        KeptStoreError
        """
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user; see :class:`recx_agent.protocols.Erasable`.

        Raises
        ------
        KeptStoreError
        """
        ...

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        ...


class AuditLog(Protocol):
    """Keeps how each text came about, for as long as the settings say.

    Raises
    ------
    KeptStoreError
        By every method: it is damaged, in use for too long, or cannot be written.
    """

    def put(self, record: AuditRecord) -> None:
        """Keep a record; in the place of an earlier one with its id."""
        ...

    def get(self, audit_id: str) -> AuditRecord | None:
        """One record."""
        ...

    def text(self, audit_id: str) -> str | None:
        """The text of one record, which is found faster than the whole of it."""
        ...

    def of_user(self, user_id: str) -> Sequence[AuditRecord]:
        """The records of one user, oldest first."""
        ...

    def newest(self, count: int) -> Sequence[AuditRecord]:
        """The records made last, of anybody, newest first."""
        ...

    def users(self) -> frozenset[str]:
        """Every user with a record."""
        ...

    def drop_before(self, moment: datetime) -> int:
        """Remove records older than this."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user; see :class:`recx_agent.protocols.Erasable`."""
        ...

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        ...
