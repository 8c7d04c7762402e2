"""Where every item stands for one user, and where it would stand without a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution.threads import one_blas_thread
from recx_agent.datasets import History
from recx_agent.protocols import AdditiveModel


@dataclass(frozen=True)
class Standing:
    """All scores of one user.

    Attributes
    ----------
    model : AdditiveModel
    history : History
    excluded : int32 array
        Items that are no candidates: the seen ones and the filtered ones. They stay
        out when a cause is taken away: what the user knows is no recommendation.
    """

    model: AdditiveModel
    history: History
    excluded: NDArray[np.int32]

    @cached_property
    @one_blas_thread
    def scores(self) -> NDArray[np.float64]:
        """Score of every item, shape (n_items,)."""
        user = self.model.represent(self.history)
        return self.model.item_factors @ user + self.model.item_biases + self.model.baseline

    @cached_property
    def candidates(self) -> NDArray[np.bool_]:
        """Whether each item is a candidate, shape (n_items,)."""
        mask = np.ones(len(self.model.item_biases), dtype=bool)
        mask[self.excluded] = False
        return mask

    def rank(self, item: int) -> int | None:
        """1-based rank among the candidates; ``None`` for an item that is none.

        Equal scores are ordered by item, as in ``top_k``.
        """
        if not self.candidates[item]:
            return None
        return int(self._ranks(self.scores[None, :], np.array([item]))[0])

    @one_blas_thread
    def ranks_without_history(
        self, items: NDArray[np.int32], causes: Sequence[Sequence[int]]
    ) -> list[list[int | None]]:
        """Exact ranks after taking one history item away at a time.

        Parameters
        ----------
        items : int32 array, shape (n,)
            Items ranked.
        causes : n sequences of int
            For each item, positions in ``history``.

        Returns
        -------
        n lists of rank or None
            In the order of ``causes``.
        """
        needed = sorted({position for positions in causes for position in positions})
        if not needed:
            return [[] for _ in items]
        row = {position: i for i, position in enumerate(needed)}
        weights = self.model.weights(self.history.ages[needed])
        taken = self.model.history_factors[self.history.items[needed]] * weights[:, None]
        # One product gives every item's loss for every cause; then each rank is a count.
        lowered = self.scores - taken @ self.model.item_factors.T
        pairs = [
            (row[position], item)
            for item, positions in zip(items, causes, strict=True)
            for position in positions
        ]
        rows = np.array([r for r, _ in pairs], dtype=np.int64)
        columns = np.array([i for _, i in pairs], dtype=np.int64)
        ranks = iter(self._ranks(lowered[rows], columns))
        return [
            [rank if self.candidates[item] else None for rank in (int(next(ranks)) for _ in p)]
            for item, p in zip(items, causes, strict=True)
        ]

    def rank_without_feature(self, item: int, feature: int) -> int | None:
        """Exact rank of an item after a feature's term is left out of every score."""
        if not self.candidates[item]:
            return None
        term = (
            self.model.feature_factors[feature].astype(np.float64)
            @ self.model.represent(self.history)
            + self.model.feature_biases[feature]
        )
        having, weights = self.model.items_with(feature)
        lowered = self.scores.copy()
        lowered[having] -= weights * term
        return int(self._ranks(lowered[None, :], np.array([item]))[0])

    def _ranks(self, scores: NDArray[np.float64], items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rank of ``items[n]`` in row ``n`` of ``scores``, shape (n, n_items)."""
        own = scores[np.arange(len(items)), items][:, None]
        better = np.count_nonzero((scores > own) & self.candidates, axis=1)
        earlier = np.arange(scores.shape[1]) < items[:, None]
        level = np.count_nonzero((scores == own) & self.candidates & earlier, axis=1)
        return np.asarray(better + level + 1)
