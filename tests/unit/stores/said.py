"""The plainest feedback: items that a user muted."""

from __future__ import annotations

from recx_agent.stores import SqlUserStore


def mute(store: SqlUserStore, user_id: str, item_id: str) -> bool:
    """Mute an item; ``False`` if it was muted already."""
    return store.give(user_id, "mute", "item", item_id)[1]


def muted(store: SqlUserStore, user_id: str) -> tuple[str, ...]:
    """The muted items, in the order they were."""
    return tuple(entry.value for entry in store.feedback(user_id))


def unmute(store: SqlUserStore, user_id: str, item_id: str) -> bool:
    """Undo it; ``False`` if the item was not muted."""
    chosen = [entry.id for entry in store.feedback(user_id) if entry.value == item_id]
    return any([store.undo(user_id, id) is not None for id in chosen])
