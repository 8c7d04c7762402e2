"""What is known of a user."""

from __future__ import annotations

from recx_agent.schemas.items import Record
from recx_agent.schemas.told import Told


class HistoryEntry(Record):
    """One item of a user's history with its serving weight and its events in words.

    ``disliked``: whether it counts for its low rating.
    """

    item_id: str
    title: str
    weight: float
    events: tuple[str, ...]
    disliked: bool = False


class AttributeLeaning(Record):
    """How far a user's history leans to an attribute: ``⟨p_u, q_f⟩``, biases left out."""

    name: str
    value: str
    leaning: float
    items_in_history: int


class Profile(Record):
    """What the recommender knows of a user.

    ``other_items`` counts the items that are part of the history but not to be named;
    ``told`` is ``None`` where only the numbers were asked for.
    """

    user_id: str
    history: tuple[HistoryEntry, ...]
    leanings: tuple[AttributeLeaning, ...]
    events_total: int
    events_used: int
    other_items: int = 0
    told: Told | None = None
