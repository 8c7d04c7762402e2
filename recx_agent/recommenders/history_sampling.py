"""A user's history as LightFM user features, drawn anew for each epoch."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp


def draw_history(
    positives: sp.csr_matrix, size: int, random: np.random.RandomState
) -> sp.csr_matrix:
    """Draw up to ``size`` history items of each user, each with weight ``size^-½``.

    The weight is the same for every user, however long the history, because serving
    weights are fixed too: a short history gives a short vector in both.

    Parameters
    ----------
    positives : csr_matrix, shape (n_users, n_items)
        1 where the user has a positive event with the item.
    size : int
        Items drawn per user, without replacement.
    random : RandomState
        Source of the draw.

    Returns
    -------
    csr_matrix, shape (n_users, n_items), float32
    """
    lengths = np.diff(positives.indptr)
    users = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((random.random_sample(len(users)), users))
    # Entries stay grouped by user, so an entry's place in its group is its drawing rank.
    rank = np.arange(len(users)) - np.repeat(positives.indptr[:-1], lengths)
    kept = np.sort(order[rank < size])
    indptr = np.concatenate([[0], np.cumsum(np.minimum(lengths, size))])
    data = np.full(len(kept), size**-0.5, dtype=np.float32)
    return sp.csr_matrix((data, positives.indices[kept], indptr), shape=positives.shape)
