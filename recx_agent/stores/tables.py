"""The tables of the user store. Times are microseconds since 1970 UTC.

Whoever changes one raises ``VERSION`` and adds the step to
:mod:`recx_agent.stores.schema`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

VERSION = 1

metadata = MetaData()

notes = Table(
    "recx_notes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the store itself: ``schema_version`` and ``key_check``."""

hidden = Table(
    "hidden_items",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
)
"""``hash`` is the HMAC-SHA256 of the user's id, in hexadecimal digits."""


def now_us() -> int:
    """The time now."""
    return time.time_ns() // 1000


def time_of(microseconds: int) -> datetime:
    """A stored time."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
