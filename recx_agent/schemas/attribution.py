"""A score and the terms it is the sum of."""

from __future__ import annotations

from typing import Literal

from recx_agent.schemas.items import Record

SourceKind = Literal[
    "history",
    "disliked",
    "context",
    "other_history",
    "attribute",
    "other_attributes",
    "item_itself",
    "item_bias",
    "pair",
    "baseline",
]
View = Literal["history", "attribute", "pair"]


class Source(Record):
    """What one term of the score comes from.

    ``id`` is the item id of a history item (``disliked``: one with a low rating),
    ``name=value`` of an attribute or a context, ``history_item|name=value`` of a pair;
    ``label`` is for reading. ``other_history`` is the sum of history items that are not
    to be named, ``other_attributes`` that of attributes.
    """

    kind: SourceKind
    id: str
    label: str


class Contribution(Record):
    """One term of the score, in the score's own unit."""

    source: Source
    value: float


class Views(Record):
    """The same score taken apart in three ways; each adds up to ``score - baseline``.

    A view that the model does not offer is ``None``.
    """

    history: tuple[Contribution, ...]
    attribute: tuple[Contribution, ...] | None
    pair: tuple[Contribution, ...] | None


class Attribution(Record):
    """A score and the terms it is the sum of: ``baseline + Σ contributions = score``.

    ``rank`` is the item's 1-based rank among the user's candidates, ``None`` when the
    item is no candidate (already in the history).
    """

    score: float
    baseline: float
    view: View
    rank: int | None
    contributions: tuple[Contribution, ...]
    views: Views
