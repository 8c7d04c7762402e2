"""What users did since the data were fitted: kept, found, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from recx_agent.datasets.added import AddedEvent
from recx_agent.stores.tables import events, now_us, time_of


def of_user(
    connection: Connection, user_id: str
) -> list[tuple[AddedEvent, datetime, datetime | None]]:
    """A user's events with when they were added and undone, in the order they came."""
    chosen = select(events).where(events.c.user_id == user_id).order_by(events.c.number)
    return [
        (_event(row), time_of(row.added), None if row.undone is None else time_of(row.undone))
        for row in connection.execute(chosen)
    ]


def add(connection: Connection, user_id: str, added: Sequence[AddedEvent]) -> int:
    """Write events that are not there; the transaction must hold the user's lock."""
    there = {event.key for event, _, undone in of_user(connection, user_id) if undone is None}
    fresh: dict[object, AddedEvent] = {}
    for event in added:
        if event.key not in there:
            fresh.setdefault(event.key, event)
    now = now_us()
    rows = [
        {
            "id": secrets.token_hex(8),
            "user_id": user_id,
            "item_id": event.item_id,
            "event_type": event.event_type,
            "value": event.value,
            "time": event.time,
            "text": event.text,
            "context": event.context,
            "added": now,
        }
        for event in fresh.values()
    ]
    if rows:
        connection.execute(insert(events), rows)
    return len(rows)


def undo(connection: Connection, user_id: str, event_id: str) -> AddedEvent | None:
    """Note that an event counts no more; ``None`` if it does not."""
    chosen = (events.c.id == event_id) & (events.c.user_id == user_id) & events.c.undone.is_(None)
    row = connection.execute(select(events).where(chosen)).first()
    if row is None:
        return None
    connection.execute(update(events).where(chosen).values(undone=now_us()))
    return _event(row)


def everyone(
    connection: Connection,
) -> tuple[dict[str, list[AddedEvent]], dict[str, list[AddedEvent]]]:
    """All events by user: those that count, and those that were taken back."""
    count: dict[str, list[AddedEvent]] = {}
    back: dict[str, list[AddedEvent]] = {}
    for row in connection.execute(select(events).order_by(events.c.number)):
        into = count if row.undone is None else back
        into.setdefault(row.user_id, []).append(_event(row))
    return count, back


def _event(row: Row[Any]) -> AddedEvent:
    return AddedEvent(
        item_id=row.item_id,
        event_type=row.event_type,
        value=row.value,
        time=row.time,
        text=row.text,
        context=row.context,
        number=row.number,
        id=row.id,
    )
