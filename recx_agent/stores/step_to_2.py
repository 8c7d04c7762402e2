"""Version 1 had hidden items alone; they are feedback now: muted items.

The tables are spelled out as version 2 has them, whatever :mod:`~recx_agent.stores.tables`
says by now: a later step goes on from here.
"""

from __future__ import annotations

import secrets

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)


def step_to_2(connection: Connection) -> None:
    """Make the tables of version 2, and take the hidden items over."""
    metadata = MetaData()
    feedback = _feedback(metadata)
    _events(metadata)
    metadata.create_all(connection)
    hidden = Table("hidden_items", MetaData(), autoload_with=connection)
    rows = connection.execute(select(hidden)).all()
    if rows:
        connection.execute(
            insert(feedback),
            [
                {
                    "id": secrets.token_hex(8),
                    "user_id": row.user_id,
                    "kind": "mute",
                    "target": "item",
                    "name": "",
                    "value": row.item_id,
                    "since": row.since,
                }
                for row in rows
            ],
        )
    hidden.drop(connection)


def _feedback(metadata: MetaData) -> Table:
    table = Table(
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
    Index("feedback_of_user", table.c.user_id)
    Index(
        "feedback_in_force",
        *(table.c[name] for name in ("user_id", "kind", "target", "name", "value")),
        unique=True,
        sqlite_where=table.c.undone.is_(None),
        postgresql_where=table.c.undone.is_(None),
    )
    return table


def _events(metadata: MetaData) -> Table:
    table = Table(
        "events",
        metadata,
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
    Index("events_of_user", table.c.user_id)
    return table
