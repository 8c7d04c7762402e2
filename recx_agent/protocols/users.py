"""What users decided, and their erasure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True)
class HiddenItem:
    """An item that a user wants out of his recommendations' reasons, and since when (UTC)."""

    item_id: str
    since: datetime


@dataclass(frozen=True)
class Tombstone:
    """What stays of an erased user: that he was erased, under a keyed hash of his id.

    Attributes
    ----------
    state : str
        ``"pending"`` while stores are being cleaned, ``"done"`` afterwards.
    since : datetime
        When the state was reached, UTC.
    """

    state: Literal["pending", "done"]
    since: datetime


class Tombstones(Protocol):
    """Who was erased, so that he does not come back; ids are not kept, only keyed hashes."""

    def covers(self, user_id: str) -> bool:
        """Whether the user is erased, or is being erased: he is unknown then."""
        ...

    def covered(self, user_ids: Iterable[str]) -> frozenset[str]:
        """Those of the users who are erased or are being erased."""
        ...

    def find(self, user_id: str) -> Tombstone | None:
        """The tombstone of one user."""
        ...

    def hash_of(self, user_id: str) -> str:
        """The keyed hash that stands for a user."""
        ...

    def pending(self) -> frozenset[str]:
        """Hashes of the users whose erasure was begun and is not finished."""
        ...

    def put(self, user_id: str) -> None:
        """Begin an erasure: the user is unknown from now on."""
        ...

    def finish(self, hash: str) -> None:
        """Note that nothing of the user with this hash is left."""
        ...

    def lift(self, user_id: str) -> bool:
        """Let a user come back; ``False`` if he was not erased."""
        ...


class Erasable(Protocol):
    """A place that keeps something of users, and from which a user can be erased."""

    @property
    def name(self) -> str:
        """What it is, for the report."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user, freed bytes too; returns how many records went.

        May be called again after it was cut short anywhere, and for a user of whom it
        holds nothing.
        """
        ...


class UserStore(Protocol):
    """What users decided, by external ids. Any thread and any process may use it.

    Raises
    ------
    UserStoreError
        By every method: it is damaged, in use for too long, or cannot be written.
    """

    @property
    def tombstones(self) -> Tombstones:
        """Who was erased."""
        ...

    def hide(self, user_id: str, item_id: str) -> bool:
        """Hide an item; ``False`` if it was hidden already.

        Raises
        ------
        UnknownUser
            The user is erased.
        """
        ...

    def unhide(self, user_id: str, item_id: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        ...

    def hidden(self, user_id: str) -> tuple[str, ...]:
        """Ids of the items a user has hidden, in the order in which he did."""
        ...

    def hidden_items(self, user_id: str) -> tuple[HiddenItem, ...]:
        """The same, with the times."""
        ...

    def users(self) -> frozenset[str]:
        """Every user of whom anything is kept here, tombstones aside."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user but the tombstone; see :class:`Erasable`."""
        ...

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        ...
