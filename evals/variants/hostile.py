"""Catalogues and reviews that give orders to whoever reads them.

They are planted where anybody may write: in titles, attributes and reviews; see
:mod:`recx_agent.evals.orders`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import is_dataclass, replace
from typing import Any

import numpy as np

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.evals.orders import planted_in
from recx_agent.protocols import AdditiveModel, Feature


def with_hostile_titles(dataset: Dataset, items: Collection[int]) -> Dataset:
    """The titles of these items give orders."""
    titles = tuple(
        planted_in(title) if item in items else title
        for item, title in enumerate(dataset.catalogue.titles)
    )
    return replace(dataset, catalogue=replace(dataset.catalogue, titles=titles))


def with_hostile_values(
    dataset: Dataset, model: AdditiveModel
) -> tuple[Dataset, AdditiveModel] | None:
    """Every attribute value that is a word gives an order, in the catalogue and in the model.

    Numbers such as years stay. ``None`` where the model has no terms of attributes.
    """
    features: Sequence[Feature] | None = getattr(model, "features", None)
    names = dataset.catalogue.features
    if not names or not features or not is_dataclass(model):
        return None

    def value_of(value: str) -> str:
        return value if value.strip().isdigit() else planted_in(value)

    attributes: Mapping[str, Any] = {
        name: tuple(tuple(map(value_of, own)) for own in values) if name in names else values
        for name, values in dataset.catalogue.attributes.items()
    }
    renamed = tuple(
        one._replace(value=value_of(one.value)) if one.name in names else one for one in features
    )
    catalogue = replace(dataset.catalogue, attributes=attributes)
    hostile: AdditiveModel = replace(model, features=renamed)
    return replace(dataset, catalogue=catalogue), hostile


def with_hostile_reviews(dataset: Dataset, users: Collection[int]) -> Dataset:
    """Each liked item of these users has a review that gives an order."""
    events, titles = dataset.events, dataset.catalogue.titles
    texts = list(events.texts or (None,) * len(events))
    for user in users:
        where = events.of_user(user)
        for at in range(where.start, where.stop):
            if events.positive[at] and events.item[at] != NO_ITEM:
                texts[at] = planted_in(f"I liked {titles[events.item[at]]}")
    return replace(dataset, events=replace(events, texts=tuple(texts)))


def history_of(dataset: Dataset, users: Collection[int]) -> set[int]:
    """Items that any of these users has met."""
    return {int(item) for user in users for item in np.unique(dataset.seen(user))}
