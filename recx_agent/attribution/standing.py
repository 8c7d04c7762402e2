"""Where every item stands for one user, and where it would stand without a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

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
        # Row by row, as top_k sums them, so that items of equal factors are exactly level.
        products = np.vecdot(self.model.item_factors, user)
        return np.asarray(products + self.model.item_biases + self.model.baseline)

    @cached_property
    def candidates(self) -> NDArray[np.bool_]:
        """Whether each item is a candidate, shape (n_items,)."""
        mask = np.ones(len(self.model.item_biases), dtype=bool)
        mask[self.excluded] = False
        return mask

    @cached_property
    def _candidate_scores(self) -> NDArray[np.float64]:
        """``scores``, and minus infinity for an item that is no candidate: it outranks none."""
        return np.where(self.candidates, self.scores, -np.inf)

    @cached_property
    def _without_history(self) -> NDArray[np.float64]:
        """What is left of each score without any term; minus infinity as above."""
        floor = self.model.item_biases + self.model.baseline
        return np.where(self.candidates, floor, -np.inf)

    def rank(self, item: int) -> int | None:
        """1-based rank among the candidates; ``None`` for an item that is none.

        Equal scores are ordered by item, as in ``top_k``.
        """
        if not self.candidates[item]:
            return None
        return _rank(self._candidate_scores, item)

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
        sets = [[(position,) for position in positions] for positions in causes]
        return self.ranks_without(items, sets)

    @one_blas_thread
    def ranks_without(
        self, items: NDArray[np.int32], causes: Sequence[Sequence[Sequence[int]]]
    ) -> list[list[int | None]]:
        """Exact ranks after taking one set of history items away at a time.

        Parameters
        ----------
        items : int32 array, shape (n,)
            Items ranked.
        causes : n sequences of sequences of int
            For each item, sets of positions in ``history``.

        Returns
        -------
        n lists of rank or None
            In the order of ``causes``.
        """
        needed = sorted({tuple(own) for sets in causes for own in sets})
        if not needed:
            return [[] for _ in items]
        user = self.model.represent(self.history)
        kept = self.model.represent_without(self.history, needed)
        taken = user - kept
        row = {own: i for i, own in enumerate(needed)}
        rows = np.array([row[tuple(own)] for sets in causes for own in sets])
        own = np.repeat(items, [len(positions) for positions in causes])
        lost = (taken[rows] * self.model.item_factors[own]).sum(axis=1)
        rivals = self._rivals(taken, float((self.scores[own] - lost).min()), own)
        # One product gives every rival's score without every cause; then each rank is a count.
        # It is no score less a loss: where nothing is left of a score, it is level with others.
        # Where they are most of the catalogue, taking them out costs more than it saves.
        if 2 * len(rivals) > len(self.scores):
            rivals = np.arange(len(self.scores))
            factors, floor = self.model.item_factors, self._without_history
        else:
            factors, floor = self.model.item_factors[rivals], self._without_history[rivals]
        lowered = kept @ factors.T + floor
        places = np.searchsorted(rivals, own)
        ranks = (_rank(lowered[row], place) for row, place in zip(rows, places, strict=True))
        return [
            [rank if self.candidates[item] else None for rank in islice(ranks, len(p))]
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
        lowered = self._candidate_scores.copy()
        lowered[having] -= weights * term
        return _rank(lowered, item)


def _rank(scores: NDArray[np.float64], place: int) -> int:
    """1-based rank of one place among all; equal scores are ordered by place."""
    own = scores[place]
    # Counted row by row: one row stays in the processor's cache, a block of them does not.
    return int(np.count_nonzero(scores > own) + np.count_nonzero(scores[:place] == own)) + 1
