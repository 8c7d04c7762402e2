"""A user's events as the evidence index gave them back, by item and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import ItemAttribution
from recx_agent.datasets import Event
from recx_agent.errors import IndexStale
from recx_agent.protocols import RetrievedEvents

EventsByItem = Mapping[int, Sequence[Event]]
"""Internal item id to the events with it, oldest first."""

_TOLERANCE = 1e-5
"""Float32 vectors against the same in double precision, relative to Σ|terms|."""


def retrieved_terms(
    retrieved: RetrievedEvents,
    weights: NDArray[np.float64],
    item_vectors: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Contributions ``w_h ⟨p_h, q_i⟩`` from the vectors that the index gave back.

    Several events with one item are one term: the item is one term of the score.

    Parameters
    ----------
    retrieved : RetrievedEvents
        Of n_events events.
    weights : array, shape (n_events,)
        ``w_h`` of each event's item; equal for events with the same item.
    item_vectors : array, shape (n_candidates, d)
        ``q_i`` of the candidates.

    Returns
    -------
    items : int64 array, shape (n_items,)
        Distinct items of the events, ascending.
    terms : float64 array, shape (n_candidates, n_items)
    """
    every = np.array([event.item for event in retrieved.events], dtype=np.int64)
    items, first = np.unique(every, return_index=True)
    vectors = np.asarray(retrieved.vectors, dtype=np.float64)[first]
    own: NDArray[np.float64] = np.asarray(weights, dtype=np.float64)[first]
    return items, np.asarray(item_vectors, dtype=np.float64) @ vectors.T * own


def retrieved_by_item(
    retrieved: RetrievedEvents, attributions: Sequence[ItemAttribution]
) -> EventsByItem:
    """Order retrieved events by item, and see that their vectors are the model's.

    The contributions are computed a second time from the vectors that the index holds;
    a difference means that the index is not this model's, whatever its name says.

    Raises
    ------
    IndexStale
        A contribution by way of the index differs from the attribution's, or an event
        is of an item that is no term of the score.
    """
    by_item: dict[int, list[Event]] = {}
    for event in retrieved.events:
        by_item.setdefault(event.item, []).append(event)
    if not by_item or not attributions:
        return by_item
    history, model = attributions[0].history, attributions[0].model
    place = {int(item): position for position, item in enumerate(history.items)}
    if not place.keys() >= by_item.keys():
        raise IndexStale("evidence index", "it holds events that are no terms of the score")
    weight = model.weights(history.ages)
    own = np.array([weight[place[event.item]] for event in retrieved.events])
    targets = model.item_factors[[attribution.item for attribution in attributions]]
    items, terms = retrieved_terms(retrieved, own, targets)
    positions = [place[int(item)] for item in items]
    for attribution, found in zip(attributions, terms, strict=True):
        gap = float(np.abs(found - attribution.history_values[positions]).max())
        if gap > _TOLERANCE * (1.0 + attribution.history_total):
            raise IndexStale("evidence index", f"its vectors give other contributions ({gap:.2g})")
    return by_item


@dataclass(frozen=True)
class ToldEvent:
    """The events with one history item as evidence fields."""

    event_type: str
    rating: float | None
    date: str | None
    source: str
    events: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, events: Sequence[Event]) -> ToldEvent:
        """The newest rating speaks for several events; all of them are listed."""
        rated = [event for event in events if event.value is not None]
        main = (rated or list(events))[-1]
        return cls(
            event_type=main.event_type,
            rating=main.value,
            date=main.date,
            source=main.source,
            events=tuple(
                {"event_type": e.event_type, "rating": e.value, "date": e.date} for e in events
            ),
        )
