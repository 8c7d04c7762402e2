"""Several single runs as one served model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.recommenders.factor_model import FactorModel


def served_as_one(
    models: Sequence[FactorModel], notes: Mapping[str, Any] | None = None
) -> FactorModel:
    """Factors side by side, so that every score and every term is the runs' mean.

    Parameters
    ----------
    models : sequence of FactorModel
        Fits of the same data and settings with other seeds.
    notes : mapping, optional
        Kept with the model; else the fingerprints of what was joined.
    """
    first = models[0]
    root = np.float32(len(models) ** -0.5)

    def side_by_side(name: str) -> NDArray[np.float32]:
        return np.asarray(np.hstack([getattr(model, name) for model in models]) * root)

    def if_there(name: str) -> NDArray[np.float32] | None:
        return None if getattr(first, name) is None else side_by_side(name)

    return FactorModel.of(
        history_factors=side_by_side("history_factors"),
        feature_factors=side_by_side("feature_factors"),
        disliked_factors=if_there("disliked_factors"),
        contexts=first.contexts,
        context_factors=if_there("context_factors"),
        feature_biases=np.mean([model.feature_biases for model in models], axis=0),
        item_features=first.item_features,
        features=first.features,
        half_life=first.half_life,
        scale=first.scale,
        notes={"joined": [model.fingerprint for model in models]} if notes is None else notes,
    )
