"""What users say and do, as it is handed out."""

from __future__ import annotations

from typing import Literal

from recx_agent.schemas.items import Record

FeedbackKind = Literal["mute", "like", "dislike", "exclude"]


class FeedbackRef(Record):
    """Something a user said about an item or an attribute; ``id`` undoes it.

    ``what`` is an item's id, or an attribute as ``name=value``; ``label`` its title, or the
    attribute again, empty for an item that is gone. ``since`` and ``undone`` are ISO, UTC.
    """

    id: str
    kind: FeedbackKind
    target: Literal["item", "attribute"]
    what: str
    label: str
    since: str
    undone: str | None = None


class FeedbackGiven(Record):
    """What became of feedback.

    ``is_new``: whether it was not in force before. ``remaining`` is set where an attribute was
    muted: how many items of the top ``k`` have it still, for muting is no filter.
    """

    user_id: str
    feedback: FeedbackRef
    is_new: bool
    k: int
    remaining: int | None = None


class AddedEventRef(Record):
    """An event that was added since the data were fitted; ``id`` takes it back.

    ``time``, ``added`` and ``undone`` are ISO, UTC.
    """

    id: str
    event_type: str
    item_id: str | None
    title: str | None
    value: float | None
    time: str | None
    text: str | None
    added: str
    undone: str | None = None


class EventsAdded(Record):
    """What became of added events; ``already_present`` counts those that were kept before."""

    added: int
    already_present: int
    users: int
    notes: tuple[str, ...] = ()
