"""Erasure and export."""

from __future__ import annotations

from typing import Any, Literal

from recx_agent.schemas.audit import AuditRecord
from recx_agent.schemas.feedback import AddedEventRef, FeedbackRef
from recx_agent.schemas.items import ItemRef, Record
from recx_agent.schemas.people import Profile


class ErasedFrom(Record):
    """How many records of a user a place held; 0 too where an erasure was taken up again."""

    place: str
    records: int


class Remains(Record):
    """Something that an erasure does not reach, and why.

    ``kind``: ``factors`` of a model that learned from the user, a ``source`` file that still
    holds (or may hold) his rows, the freed pages of a Chroma ``server``,
    what a ``database`` server keeps of deleted rows, a ``backup``.
    """

    kind: Literal["factors", "source", "server", "database", "backup"]
    what: str


class Forgotten(Record):
    """What the erasure of a user did and did not do.

    ``since`` is when he was erased (ISO, UTC); ``refitted_as`` the version that was fitted
    without him, if that was asked for.
    """

    user_id: str
    already_erased: bool
    since: str
    erased: tuple[ErasedFrom, ...]
    refitted_as: str | None
    remains: tuple[Remains, ...]


class ExportedEvent(Record):
    """One event, told once however many versions hold it.

    ``time`` is ISO in UTC, ``None`` if there is none; ``context`` what else the source's row
    said, by column; ``source`` file and row.
    """

    id: str
    event_type: str
    item_id: str | None
    title: str | None
    value: float | None
    time: str | None
    text: str | None
    context: dict[str, Any]
    source: str
    positive: bool
    versions: tuple[str, ...]


class ExportedAttributes(Record):
    """Attributes of the user as one version holds them, by name."""

    version: str
    attributes: dict[str, str]


class HiddenRef(ItemRef):
    """An item a user has muted, since when (ISO, UTC); the title is empty if unknown."""

    since: str


class ExportedIndexRecord(Record):
    """One record of the evidence index; ``vector`` only if asked for."""

    collection: str
    id: str
    metadata: dict[str, Any]
    document: str | None
    vector: tuple[float, ...] | None = None


class UserExport(Record):
    """Everything a workspace knows of one user.

    ``searched`` lists every store that was looked into, those that held nothing too.
    ``feedback`` and ``added_events`` are what he said and did since the data were fitted, what
    he undid too; ``hidden`` is the items muted by it. ``profile`` is what the version in force
    makes of the user; ``None`` if it does not know him. ``texts`` are drafts of a language model
    that are kept to be shown again; ``audit`` is how each text came about, prompts included.
    """

    format_version: Literal[1] = 1
    user_id: str
    made: str
    searched: tuple[str, ...]
    events: tuple[ExportedEvent, ...]
    attributes: tuple[ExportedAttributes, ...]
    feedback: tuple[FeedbackRef, ...] = ()
    added_events: tuple[AddedEventRef, ...] = ()
    hidden: tuple[HiddenRef, ...]
    profile: Profile | None
    evidence_index: tuple[ExportedIndexRecord, ...]
    texts: tuple[str, ...] = ()
    audit: tuple[AuditRecord, ...] = ()
