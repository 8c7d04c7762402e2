"""The terms of a score, in three views, in double precision.

With the user's representation ``p_u = Σ_h t_h + Σ_c t_c`` and the item's ``q_i = Σ_f x_if q_f``
the score is bilinear, so it can be summed by history item and context, by feature or by pair.
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
    """``⟨t_h, q_i⟩`` for each item and each history item.

    Parameters
    ----------
    model : AdditiveModel
    history : History of n_h items
    items : sequence of int, length n

    Returns
    -------
    float64 array, shape (n, n_h)
        With the context's terms and the item's bias each row adds up to the score less
        the baseline.
    """
    return _products(model.term_vectors(history), model, items)


def context_terms(
    model: AdditiveModel, history: History, items: Sequence[int] | NDArray[np.int32]
) -> Float64:
    """``⟨t_c, q_i⟩`` for each item and each value of the context, shape (n, n_c)."""
    return _products(model.context_vectors(history), model, items)


def _products(
    terms: Float64, model: AdditiveModel, items: Sequence[int] | NDArray[np.int32]
) -> Float64:
    factors = model.item_factors[np.asarray(items, dtype=np.int64)]
    # Row by row, so that an item's terms have the same last bit alone and in a list.
    return np.array([terms @ factor for factor in factors]).reshape(len(factors), len(terms))


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
    """``x_if ⟨t_h, q_f⟩`` for each history item and feature, and the biases.

    The values of the context follow the history items.

    Returns
    -------
    features : int32 array, shape (n_f,)
    terms : float64 array, shape (n_h + n_c, n_f)
    biases : float64 array, shape (n_f,)
        ``x_if b_f``; terms and biases add up to the score less the baseline.
    """
    features, weights = model.features_of(item)
    factors = model.feature_factors[features].astype(np.float64)
    own = np.concatenate([model.term_vectors(history), model.context_vectors(history)])
    terms = (own @ factors.T) * weights
    biases = model.feature_biases[features].astype(np.float64)
    return features, terms, weights * biases
