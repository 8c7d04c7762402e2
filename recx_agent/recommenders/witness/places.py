"""Where a like stands: how much the other likes of a history speak for it, against the usual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import History

LIKES = 64
"""Likes of a history that are judged, the newest ones; older ones weigh next to nothing."""
_TINY = 1e-12
Float64 = NDArray[np.float64]


def newest_likes(history: History, n_items: int) -> tuple[NDArray[np.int32], Float64]:
    """The newest ``LIKES`` positive items among the first ``n_items``, and their ages."""
    liked = ~history.disliked & (history.items < n_items)
    newest = np.flatnonzero(liked)[np.argsort(history.ages[liked], kind="stable")[:LIKES]]
    return history.items[newest], history.ages[newest]


def weights_around(ages: Float64, half_life: float | None) -> Float64:
    """Weights of the others seen from each like: ``2^(-|difference of ages| / half_life)``.

    Shape (n, n); zero on the diagonal. ``None`` weighs all alike.
    """
    apart = np.abs(ages[:, None] - ages)
    weights = np.ones_like(apart) if half_life is None else 2.0 ** (-apart / half_life)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights)


def unit(vector: Float64) -> Float64:
    """The vector at length 1; zero stays zero."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), _TINY))


def speaks(left: Float64, items: NDArray[np.float32]) -> tuple[Float64, NDArray[np.bool_]]:
    """``⟨left, q_i⟩`` of unit ``left``, row by row, and which rows have a direction at all.

    Parameters
    ----------
    left : float64 array, shape (n, d)
    items : float32 array, shape (n, d)
    """
    lengths = np.linalg.norm(left, axis=1)
    said = np.vecdot(left, items.astype(np.float64)) / np.maximum(lengths, _TINY)
    return np.asarray(said), np.asarray(lengths > _TINY)


def places_among(said: Float64, usual: Float64) -> Float64:
    """The share of the usual that lies below each figure, between the quantiles by straight lines.

    Parameters
    ----------
    said : float64 array, shape (n,)
    usual : float64 array, shape (n, n_quantiles)
        Ascending, evenly spaced from the least to the largest.
    """
    last = usual.shape[1] - 1
    below = np.clip((usual < said[:, None]).sum(axis=1), 1, last)
    rows = np.arange(len(said))
    low, high = usual[rows, below - 1], usual[rows, below]
    part = (said - low) / np.maximum(high - low, _TINY)
    return np.asarray((below - 1 + np.clip(part, 0.0, 1.0)) / last)
