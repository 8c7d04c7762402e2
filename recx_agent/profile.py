"""What the recommender knows of a user."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recx_agent.datasets import Dataset, Event
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import AttributeLeaning, HistoryEntry, Profile


def describe_profile(dataset: Dataset, model: AdditiveModel, user_id: str) -> Profile:
    """A user's history with its serving weights, and the leaning to each attribute.

    The leaning ``⟨p_u, q_f⟩`` is what the history adds to every item that has the
    attribute; the attribute's bias, equal for all users, is left out.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    user_id : str
    """
    user = dataset.user(user_id)
    history = dataset.history(user)
    catalogue = dataset.catalogue
    by_item: dict[int, list[Event]] = {}
    for event in dataset.describe_positives(user):
        by_item.setdefault(event.item, []).append(event)
    where = dataset.events.of_user(user)
    return Profile(
        user_id=user_id,
        history=tuple(
            HistoryEntry(
                item_id=catalogue.ids.external(int(item)),
                title=catalogue.titles[item],
                weight=float(weight),
                events=tuple(_worded(event, dataset.scale) for event in by_item[int(item)]),
            )
            for item, weight in zip(history.items, model.weights(history.ages), strict=True)
        ),
        leanings=tuple(_leanings(dataset, model, user)),
        events_total=where.stop - where.start,
        events_used=int(np.count_nonzero(dataset.events.positive[where])),
    )


def _leanings(dataset: Dataset, model: AdditiveModel, user: int) -> Sequence[AttributeLeaning]:
    history = dataset.history(user)
    if not len(history):
        return []
    represented = model.represent(history)
    own = set(history.items.tolist())
    found = [
        AttributeLeaning(
            name=feature.name,
            value=feature.value,
            leaning=float(model.feature_factors[position].astype(np.float64) @ represented),
            items_in_history=len(own.intersection(model.items_with(position)[0].tolist())),
        )
        for position, feature in enumerate(model.features)
        if feature.kind == "attribute"
    ]
    return sorted(found, key=lambda entry: -entry.leaning)


def _worded(event: Event, scale: tuple[float, float] | None) -> str:
    words = event.event_type
    if event.value is not None:
        words += f" {event.value:g}" + (f" of {scale[1]:g}" if scale else "")
    return words + (f" on {event.date}" if event.date else "")
