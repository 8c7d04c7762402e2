"""What everyone likes: the model for a user without a usable history."""

from __future__ import annotations

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import build_features


def popularity_model(dataset: Dataset) -> FactorModel:
    """A model whose score is the number of users with a positive event with the item.

    It has no factors, so its only term is the item's own; it is additive like any other.
    """
    features, matrix = build_features(dataset.catalogue, min_items=len(dataset.catalogue) + 1)
    n_items = len(dataset.catalogue)
    nothing = np.empty((n_items, 0), dtype=np.float32)
    return FactorModel.of(
        history_factors=nothing,
        feature_factors=nothing,
        feature_biases=dataset.popularity.astype(np.float32),
        item_features=matrix,
        features=features,
        half_life=1.0,
        kind="popularity",
    )
