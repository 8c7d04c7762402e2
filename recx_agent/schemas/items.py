"""The base of the public records, and items."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of the public records: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ItemRef(Record):
    """An item by id and title."""

    item_id: str
    title: str


class RankedItem(ItemRef):
    """An item with its score and its 1-based rank among the candidates."""

    score: float
    rank: int


class Recommendations(Record):
    """The best ``k`` items for one user.

    ``fallback`` is ``"popularity"`` when nothing of the user's own history was used.
    """

    user_id: str
    items: tuple[RankedItem, ...]
    fallback: Literal["popularity"] | None = None
