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
        return int(self._ranks(self.scores[None, :], np.array([item], dtype=np.int32))[0])

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
        weights = self.model.weights(self.history.ages[needed])
        taken = self.model.history_factors[self.history.items[needed]] * weights[:, None]
        row = {position: i for i, position in enumerate(needed)}
        rows = np.array([row[position] for positions in causes for position in positions])
        own = np.repeat(items, [len(positions) for positions in causes])
        lost = (taken[rows] * self.model.item_factors[own]).sum(axis=1)
        rivals = self._rivals(taken, float((self.scores[own] - lost).min()), own)
        # One product gives every rival's loss for every cause; then each rank is a count.
        # Where they are most of the catalogue, taking them out costs more than it saves.
        if 2 * len(rivals) > len(self.scores):
            rivals = np.arange(len(self.scores))
            factors, scores = self.model.item_factors, self.scores
        else:
            factors, scores = self.model.item_factors[rivals], self.scores[rivals]
        lowered = scores - taken @ factors.T
        ranks = iter(self._ranks(lowered[rows], own, rivals))
        return [
            [rank if self.candidates[item] else None for rank in (int(next(ranks)) for _ in p)]
            for item, p in zip(items, causes, strict=True)
        ]

    def _rivals(
        self, taken: NDArray[np.float64], lowest: float, own: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        """Items that could reach a score of ``lowest`` when a row of ``taken`` is lost.

        Nobody gains more than the product of the vectors' lengths (Cauchy-Schwarz), so
        an item farther below than that cannot come past, and need not be looked at.
        """
        reach = float(np.linalg.norm(taken, axis=1).max()) * self.model.item_lengths
        slack = 1e-9 * (1.0 + abs(lowest))
        near = self.candidates & (self.scores + reach >= lowest - slack)
        near[own] = True
        return np.flatnonzero(near)

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
        return int(self._ranks(lowered[None, :], np.array([item], dtype=np.int32))[0])

    def _ranks(
        self,
        scores: NDArray[np.float64],
        items: NDArray[np.int32],
        among: NDArray[np.int64] | None = None,
    ) -> NDArray[np.int64]:
        """Rank of ``items[n]`` in row ``n`` of ``scores``.

        The columns are the items ``among``, ascending, or all; no candidate may be
        missing that could rank higher.
        """
        if among is None:
            among = np.arange(scores.shape[1])
        own = scores[np.arange(len(items)), np.searchsorted(among, items)][:, None]
        rivals = self.candidates[among]
        better = np.count_nonzero((scores > own) & rivals, axis=1)
        earlier = among < np.asarray(items)[:, None]
        level = np.count_nonzero((scores == own) & rivals & earlier, axis=1)
        return np.asarray(better + level + 1)
