"""What users said and did since the data were fitted, and their erasure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from recx_agent.datasets.added import AddedEvent

FeedbackKind = Literal["mute", "like", "dislike", "exclude"]
"""``mute``: it weighs nothing and is no reason; ``exclude``: it may not come."""

FeedbackTarget = Literal["item", "attribute"]


@dataclass(frozen=True)
class FeedbackEntry:
    """Something a user said about an item or an attribute.

    Attributes
    ----------
    id : str
        By which it is undone.
    kind : str
    target : str
        ``"item"`` or ``"attribute"``.
    name, value : str
        Of an attribute; ``""`` and the item's id for an item.
    since : datetime
        When it was said, UTC.
    undone : datetime or None
        When it was undone, if it was.
    """

    id: str
    kind: FeedbackKind
    target: FeedbackTarget
    name: str
    value: str
    since: datetime
    undone: datetime | None = None


@dataclass(frozen=True)
class UserRecord:
    """All that is kept of a user and bears on an answer, as one moment has it.

    Attributes
    ----------
    erased : bool
        Whether he is erased, or is being erased: then there is nothing else.
    feedback : tuple of FeedbackEntry
        In force, oldest first.
    added, taken_back : tuple of AddedEvent
        Events since the data were fitted, in the order they came; and those undone.
    """

    erased: bool = False
    feedback: tuple[FeedbackEntry, ...] = ()
    added: tuple[AddedEvent, ...] = ()
    taken_back: tuple[AddedEvent, ...] = ()


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
    """What users said and did, by external ids. Any thread and any process may use it.

    Raises
    ------
    UserStoreError
        By every method: it is damaged, in use for too long, cannot be written, or its
        server does not answer.
    """

    @property
    def where(self) -> str:
        """The file or the server, without any secret."""
        ...

    @property
    def tombstones(self) -> Tombstones:
        """Who was erased."""
        ...

    def record(self, user_id: str) -> UserRecord:
        """All that bears on an answer for the user."""
        ...

    def give(
        self,
        user_id: str,
        kind: FeedbackKind,
        target: FeedbackTarget,
        value: str,
        name: str = "",
    ) -> tuple[FeedbackEntry, bool]:
        """Keep feedback, or find it kept already; also tells whether it is new.

        Liking an item undoes that it was disliked, and the other way round.

        Raises
        ------
        UnknownUser
            The user is erased.
        """
        ...

    def feedback(self, user_id: str, *, undone: bool = False) -> tuple[FeedbackEntry, ...]:
        """A user's feedback, oldest first; with what was undone if asked for."""
        ...

    def undo(self, user_id: str, feedback_id: str) -> FeedbackEntry | None:
        """Undo feedback; ``None`` if the user has none such in force."""
        ...

    def add_events(self, added: Mapping[str, Sequence[AddedEvent]]) -> int:
        """Keep events by user, all or none; returns how many were not there already.

        Raises
        ------
        UnknownUser
            One of the users is erased.
        """
        ...

    def events(
        self, user_id: str, *, undone: bool = False
    ) -> tuple[tuple[AddedEvent, datetime, datetime | None], ...]:
        """A user's added events with when they were added and undone, in the order they came."""
        ...

    def undo_event(self, user_id: str, event_id: str) -> AddedEvent | None:
        """Take an event back; ``None`` if the user has none such in force."""
        ...

    def every_event(
        self,
    ) -> tuple[Mapping[str, Sequence[AddedEvent]], Mapping[str, Sequence[AddedEvent]]]:
        """Everyone's events, but those of the erased: in force, and taken back."""
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
