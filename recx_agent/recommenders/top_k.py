"""Top-k over the catalogue by the kernel of ``implicit``."""

from __future__ import annotations

import numpy as np
from implicit.cpu.topk import topk
from numpy.typing import NDArray

_SPARE = 8
_SAME = 1e-5
"""Relative difference of float32 scores below which their order means nothing."""


def likely_best(
    items: NDArray[np.float32],
    user: NDArray[np.float64],
    k: int,
    exclude: NDArray[np.int32],
    threads: int = 1,
) -> NDArray[np.int32]:
    """Items among which are the ``k`` of highest score ``items @ (user, 1)``.

    Parameters
    ----------
    items : float32 array, shape (n_items, d + 1)
        Item factors, the last column the biases.
    user : float64 array, shape (d,)
        The user's representation.
    k : int
        How many are wanted; a few more come back, or all that remain.
    exclude : int32 array
        Items that are no candidates.
    threads : int
        Threads of the kernel, 0 for all cores; one query has no work for several.

    Returns
    -------
    int32 array
        In no order that may be relied on.
    """
    excluded = np.unique(exclude).astype(np.int32)
    wanted = min(k + _SPARE, len(items) - len(excluded))
    if wanted <= 0 or k <= 0:
        return np.empty(0, np.int32)
    query = np.append(user, 1.0).astype(np.float32)[None, :]
    found, scores = topk(items, query, wanted, filter_items=excluded, num_threads=threads)
    if wanted > k and scores[0, k - 1] - scores[0, -1] <= _SAME * (1 + abs(scores[0, 0])):
        # So many level scores (new items with equal attributes) that the kernel's choice
        # among them is arbitrary: give back the whole catalogue instead.
        return np.setdiff1d(np.arange(len(items), dtype=np.int32), excluded)
    chosen: NDArray[np.int32] = found[0].astype(np.int32)
    return chosen
