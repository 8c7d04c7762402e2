"""What users said: kept, found, undone."""

from __future__ import annotations

import secrets
from typing import Any, get_args

from sqlalchemy import Connection, Row, insert, select, update

from recx_agent.protocols import FeedbackEntry, FeedbackKind, FeedbackTarget
from recx_agent.stores.tables import feedback, now_us, time_of

ITEM = "item"
OPPOSITES: dict[FeedbackKind, FeedbackKind] = {"like": "dislike", "dislike": "like"}
"""Of one item only one of the two can be in force."""

_KINDS: dict[str, FeedbackKind] = {kind: kind for kind in get_args(FeedbackKind)}
_TARGETS: dict[str, FeedbackTarget] = {target: target for target in get_args(FeedbackTarget)}


def entries(
    connection: Connection, user_id: str, *, undone: bool = False
) -> tuple[FeedbackEntry, ...]:
    """A user's feedback, oldest first."""
    chosen = select(feedback).where(feedback.c.user_id == user_id)
    if not undone:
        chosen = chosen.where(feedback.c.undone.is_(None))
    ordered = chosen.order_by(feedback.c.since, feedback.c.id)
    return tuple(_entry(row) for row in connection.execute(ordered))


def give(
    connection: Connection,
    user_id: str,
    kind: FeedbackKind,
    target: FeedbackTarget,
    name: str,
    value: str,
) -> tuple[FeedbackEntry, bool]:
    """Write feedback, unless it is in force; the transaction must hold the user's lock."""
    same = (
        (feedback.c.user_id == user_id)
        & (feedback.c.target == target)
        & (feedback.c.name == name)
        & (feedback.c.value == value)
        & feedback.c.undone.is_(None)
    )
    found = connection.execute(select(feedback).where(same, feedback.c.kind == kind)).first()
    if found is not None:
        return _entry(found), False
    now = now_us()
    if kind in OPPOSITES and target == ITEM:
        other = update(feedback).where(same, feedback.c.kind == OPPOSITES[kind])
        connection.execute(other.values(undone=now))
    entry = FeedbackEntry(secrets.token_hex(8), kind, target, name, value, time_of(now))
    row = {
        "id": entry.id,
        "user_id": user_id,
        "kind": kind,
        "target": target,
        "name": name,
        "value": value,
        "since": now,
    }
    connection.execute(insert(feedback).values(row))
    return entry, True


def undo(connection: Connection, user_id: str, feedback_id: str) -> FeedbackEntry | None:
    """Note that feedback is in force no more; ``None`` if it is not."""
    chosen = (
        (feedback.c.id == feedback_id)
        & (feedback.c.user_id == user_id)
        & feedback.c.undone.is_(None)
    )
    row = connection.execute(select(feedback).where(chosen)).first()
    if row is None:
        return None
    now = now_us()
    connection.execute(update(feedback).where(chosen).values(undone=now))
    return _entry(row, now)


def _entry(row: Row[Any], undone: int | None = None) -> FeedbackEntry:
    ended = row.undone if undone is None else undone
    return FeedbackEntry(
        id=row.id,
        kind=_KINDS[row.kind],
        target=_TARGETS[row.target],
        name=row.name,
        value=row.value,
        since=time_of(row.since),
        undone=None if ended is None else time_of(ended),
    )
