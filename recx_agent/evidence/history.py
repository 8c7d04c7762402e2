"""A user's events as the evidence index gave them back, by item and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import ItemAttribution
from recx_agent.datasets import Event, History
from recx_agent.errors import IndexStale
from recx_agent.protocols import AdditiveModel, RetrievedEvents

EventsByItem = Mapping[int, Sequence[Event]]
"""Internal item id to the events with it, oldest first."""

_TOLERANCE = 1e-5
"""Float32 vectors against the same in double precision, relative to Σ|terms|."""


def retrieved_terms(
    retrieved: RetrievedEvents,
    model: AdditiveModel,
    history: History,
    items: Sequence[int] | NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Contributions ``⟨t_h, q_i⟩`` from the vectors that the index gave back.

    Several events with one item are one term: the item is one term of the score.

    Parameters
    ----------
    retrieved : RetrievedEvents
        Of n_events events.
    model : AdditiveModel
    history : History
        What the score is summed over. Items without a retrieved event keep the model's
        own vectors.
    items : sequence of int, length n_items

    Returns
    -------
    positions : int64 array, shape (n_found,)
        Positions in ``history`` that events were found of, ascending.
    terms : float64 array, shape (n_items, n_found)

    Raises
    ------
    IndexStale
        An event is of an item that is no term of the score.
    """
    place = {int(item): position for position, item in enumerate(history.items)}
    if not place.keys() >= {event.item for event in retrieved.events}:
        raise IndexStale("evidence index", "it holds events that are no terms of the score")
    vectors = np.array(model.event_vectors(history.items, history.disliked), dtype=np.float32)
    rows = np.array([place[event.item] for event in retrieved.events], dtype=np.int64)
    # Of several events with one item the first speaks; they are written with one vector.
    positions, first = np.unique(rows, return_index=True)
    vectors[positions] = np.asarray(retrieved.vectors, dtype=np.float32)[first]
    own = model.term_vectors(history, vectors)[positions]
    return positions, model.item_factors[np.asarray(items, dtype=np.int64)] @ own.T


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
    wanted = [attribution.item for attribution in attributions]
    positions, terms = retrieved_terms(retrieved, model, history, wanted)
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
