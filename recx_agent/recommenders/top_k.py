"""Top-k over the catalogue: candidates by the kernel of ``implicit``, order in double precision."""

from __future__ import annotations

import numpy as np
from implicit.cpu.topk import topk
from numpy.typing import NDArray

_SPARE = 8
_ROUNDING = 2.0**-24
"""Largest relative error of one operation in single precision."""


class TopK:
    """Finds the items of highest score ``⟨q_i, p_u⟩ + b_i``, equal scores by item.

    Parameters
    ----------
    factors : float64 array, shape (n_items, d)
        ``q_i``.
    biases : float64 array, shape (n_items,)
        ``b_i``.
    """

    def __init__(self, factors: NDArray[np.float64], biases: NDArray[np.float64]) -> None:
        self._factors = factors
        self._biases = biases
        # One column more, for a query vector that ends in 1: the kernel knows no biases.
        with np.errstate(over="ignore"):
            self._items = np.column_stack([factors, biases]).astype(np.float32)
        lengths = np.sqrt(np.einsum("nd,nd->n", factors, factors) + biases**2)
        self._longest = float(lengths.max(initial=0.0))

    def best(
        self, user: NDArray[np.float64], k: int, exclude: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the best ``k`` items outside ``exclude`` and their scores, best first.

        Parameters
        ----------
        user : float64 array, shape (d,)
            ``p_u``.
        k : int
            How many; fewer come back where fewer remain.
        exclude : int32 array
            Items that are no candidates.
        """
        excluded = np.unique(exclude).astype(np.int32)
        chosen = self._likely(np.append(user, 1.0), k, excluded)
        # Row by row: a product of matrices rounds equal rows differently by their place.
        scores = np.vecdot(self._factors[chosen], user) + self._biases[chosen]
        order = np.lexsort((chosen, -scores))[: max(k, 0)]
        return chosen[order], scores[order]

    def _likely(
        self, query: NDArray[np.float64], k: int, excluded: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """Items among which the best ``k`` certainly are, in no particular order."""
        wanted = min(k + _SPARE, len(self._items) - len(excluded))
        if wanted <= 0 or k <= 0:
            return np.empty(0, np.int32)
        # What is too large for single precision is infinite here, and ranked below.
        with np.errstate(over="ignore", invalid="ignore"):
            single = query.astype(np.float32)[None, :]
            # One thread: a single query has no work for several.
            found, scores = topk(self._items, single, wanted, filter_items=excluded, num_threads=1)
        if wanted <= k:
            return np.asarray(found[0], dtype=np.int32)
        # The kernel's error in one score is at most this (Higham, "Accuracy and Stability of
        # Numerical Algorithms", 2002, section 3.1). Where the spare items are no farther below
        # than two errors (many level scores, or terms that cancel), another item may be better.
        error = (len(query) + 2) * _ROUNDING * self._longest * float(np.linalg.norm(query))
        if not float(scores[0, k - 1]) - float(scores[0, -1]) > 2 * error:
            return np.setdiff1d(np.arange(len(self._items), dtype=np.int32), excluded)
        return np.asarray(found[0], dtype=np.int32)
