"""What is kept of texts: verified ones for the next time, and how each came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from recx_agent.schemas import AuditRecord


class TextCache(Protocol):
    """Keeps verified texts; losing one costs time, no more."""

    def get(self, key: str) -> str | None:
        """What was kept under the key; ``None`` too where the store has a fault."""
        ...

    def put(self, key: str, user_id: str, text: str) -> None:
        """Keep a text; the ones not used for longest go when there are too many.

        Raises
        ------
        KeptStoreError
        """
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


@dataclass(frozen=True)
class Keeping:
    """How it stands with the texts and records that are kept beside the answers.

    Attributes
    ----------
    state : "ok", "behind" or "failing"
        ``behind``: the disk takes them slower than they come, or not at all, and no more may
        wait for it; ``failing``: a store refused the last one.
    waiting : int
        How many wait for the disk.
    lost : int
        How many are not kept, since the stores were opened. Answers miss nothing for it.
    """

    state: Literal["ok", "behind", "failing"] = "ok"
    waiting: int = 0
    lost: int = 0


@runtime_checkable
class Keeps(Protocol):
    """Keeps what it writes, and how, in the background."""

    @property
    def keeping(self) -> Keeping:
        """How it stands with that now."""
        ...
