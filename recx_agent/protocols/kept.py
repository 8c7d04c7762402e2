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

    def erase(self, user_id: str) -> int:
        """Remove everything of one user."""
        ...


class AuditLog(Protocol):
    """Keeps how each text came about, for as long as the settings say."""

    def put(self, record: AuditRecord) -> None:
        """Keep a record; in the place of an earlier one with its id."""
        ...

    def get(self, audit_id: str) -> AuditRecord | None:
        """One record."""
        ...

    def of_user(self, user_id: str) -> Sequence[AuditRecord]:
        """The records of one user, oldest first."""
        ...

    def drop_before(self, moment: datetime) -> int:
        """Remove records older than this."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user."""
        ...
