"""Several single runs as one served model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

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
    return FactorModel.of(
        history_factors=np.hstack([model.history_factors for model in models]) * root,
        feature_factors=np.hstack([model.feature_factors for model in models]) * root,
        feature_biases=np.mean([model.feature_biases for model in models], axis=0),
        item_features=first.item_features,
        features=first.features,
        half_life=first.half_life,
        scale=first.scale,
        notes={"joined": [model.fingerprint for model in models]} if notes is None else notes,
    )
