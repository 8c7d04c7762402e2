"""The tables of the user store. Times are microseconds since 1970 UTC.

Whoever changes one raises ``VERSION`` and adds the step to
:mod:`recx_agent.stores.schema`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

VERSION = 2

metadata = MetaData()

notes = Table(
    "recx_notes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the store itself: ``schema_version`` and ``key_check``."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("undone", BigInteger),
)
"""``value`` is an item's id, or the value of the attribute ``name``; ``undone``: when, if ever."""

Index("feedback_of_user", feedback.c.user_id)
Index(
    "feedback_in_force",
    *(feedback.c[name] for name in ("user_id", "kind", "target", "name", "value")),
    unique=True,
    sqlite_where=feedback.c.undone.is_(None),
    postgresql_where=feedback.c.undone.is_(None),
)

events = Table(
    "events",
    metadata,
    # SQLite counts up in a column of this type alone.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("user_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("value", Double),
    Column("time", BigInteger),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("undone", BigInteger),
)
"""What users did since the data were fitted; ``time`` is seconds since 1970 UTC, as in data."""

Index("events_of_user", events.c.user_id)

tombstones = Table(
    "tombstones",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
)
"""``hash`` is the HMAC-SHA256 of the user's id, in hexadecimal digits."""

OF_USERS = (feedback, events)
"""The tables with rows of users; each has a column ``user_id``."""


def now_us() -> int:
    """The time now."""
    return time.time_ns() // 1000


def time_of(microseconds: int) -> datetime:
    """A stored time."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
