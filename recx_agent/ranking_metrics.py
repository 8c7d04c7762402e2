"""Recall@k and NDCG@k of ranked lists, one value a user."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

NOTHING = -1
"""Stands in a ranked list where there were fewer than ``k`` candidates."""


def hits(ranked: NDArray[np.int32], relevant: sp.csr_matrix) -> NDArray[np.bool_]:
    """Which places of the lists hold a relevant item.

    Parameters
    ----------
    ranked : int32 array, shape (n_users, k)
        Items, best first; ``NOTHING`` where a list ends early.
    relevant : csr_matrix, shape (n_users, n_items)
        Non-zero where the item is one of the user's held-out items.

    Returns
    -------
    bool array, shape (n_users, k)
    """
    found = np.zeros(ranked.shape, dtype=bool)
    for row, items in enumerate(ranked):
        own = relevant.indices[relevant.indptr[row] : relevant.indptr[row + 1]]
        found[row] = np.isin(items, own) & (items != NOTHING)
    return found


def recall(ranked: NDArray[np.int32], relevant: sp.csr_matrix) -> NDArray[np.float64]:
    """Hits divided by ``min(k, number of held-out items)``, shape (n_users,).

    With no more than ``k`` held-out items that is the usual recall; with more, a
    perfect list still scores 1.
    """
    possible = np.minimum(ranked.shape[1], np.diff(relevant.indptr))
    return np.asarray(hits(ranked, relevant).sum(axis=1) / possible)


def ndcg(ranked: NDArray[np.int32], relevant: sp.csr_matrix) -> NDArray[np.float64]:
    """Normalised discounted cumulative gain with binary gains, shape (n_users,).

    ``Σ_r hit_r / log2(r + 1)`` over ranks ``r = 1 … k``, divided by what a list
    with ``min(k, number of held-out items)`` hits on top would have (Järvelin &
    Kekäläinen 2002).
    """
    k = ranked.shape[1]
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])
    possible = np.minimum(k, np.diff(relevant.indptr))
    return np.asarray((hits(ranked, relevant) @ discount) / ideal[possible])
