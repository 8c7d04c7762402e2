"""The terms of a score, in three views, in double precision.

With the user's representation ``p_u = Σ_h w_h p_h`` and the item's ``q_i = Σ_f x_if q_f``
the score is bilinear, so it can be summed by history item, by feature or by pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import History
from recx_agent.protocols import AdditiveModel

Float64 = NDArray[np.float64]


def history_terms(
    model: AdditiveModel, history: History, items: Sequence[int] | NDArray[np.int32]
) -> Float64:
    """``w_h ⟨p_h, q_i⟩`` for each item and each history item.

    Parameters
    ----------
    model : AdditiveModel
    history : History of n_h items
    items : sequence of int, length n

    Returns
    -------
    float64 array, shape (n, n_h)
        With the item's bias each row adds up to the score less the baseline.
    """
    factors = model.item_factors[np.asarray(items, dtype=np.int64)]
    events = model.history_factors[history.items].astype(np.float64)
    # Row by row, so that an item's terms have the same last bit alone and in a list.
    products = np.array([events @ factor for factor in factors]).reshape(len(factors), -1)
    return products * model.weights(history.ages)


def feature_terms(
    model: AdditiveModel, history: History, item: int
) -> tuple[NDArray[np.int32], Float64]:
    """``x_if (⟨p_u, q_f⟩ + b_f)`` for each feature of one item.

    Returns
    -------
    features : int32 array, shape (n_f,)
    terms : float64 array, shape (n_f,)
        They add up to the score less the baseline.
    """
    features, weights = model.features_of(item)
    factors = model.feature_factors[features].astype(np.float64)
    biases = model.feature_biases[features].astype(np.float64)
    return features, weights * (factors @ model.represent(history) + biases)


def pair_terms(
    model: AdditiveModel, history: History, item: int
) -> tuple[NDArray[np.int32], Float64, Float64]:
    """``w_h x_if ⟨p_h, q_f⟩`` for each history item and feature, and the biases.

    Returns
    -------
    features : int32 array, shape (n_f,)
    terms : float64 array, shape (n_h, n_f)
    biases : float64 array, shape (n_f,)
        ``x_if b_f``; terms and biases add up to the score less the baseline.
    """
    features, weights = model.features_of(item)
    factors = model.feature_factors[features].astype(np.float64)
    events = model.history_factors[history.items].astype(np.float64)
    terms = (events @ factors.T) * model.weights(history.ages)[:, None] * weights
    biases = model.feature_biases[features].astype(np.float64)
    return features, terms, weights * biases
