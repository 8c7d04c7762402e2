"""What a model must do to take part, and the one way all of them are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.metrics import NOTHING

Config = Mapping[str, Any]
"""Values of one configuration by name."""

Space = Mapping[str, tuple[Any, ...]]
"""The values each parameter may take."""


HALF_LIVES = (2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0, 80.0)
"""Searched by every model that weighs by recency: from the last few events to nearly flat."""


class Scorer(Protocol):
    """A fitted model: scores of all items for some users; ``-inf``: never to be listed."""

    def score(self, users: NDArray[np.int64]) -> NDArray[Any]:
        """Scores, shape (len(users), n_items); larger is better."""
        ...


class Entrant(Protocol):
    """A model that takes part.

    Several *variants* of one training (served in different ways) are one entrant: it
    is trained once and each variant gets its own scorer. Each variant is searched
    over the same number of configurations.
    """

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants, as they stand in the results."""
        ...

    @property
    def space(self) -> Space:
        """What is searched; empty when there is nothing to choose."""
        ...

    @property
    def seeded(self) -> bool:
        """Whether another seed gives another model."""
        ...

    @property
    def follows(self) -> str | None:
        """The variant whose chosen configuration is taken over, instead of a search."""
        ...

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train on ``train`` and return one scorer a variant."""
        ...


def rank_users(
    scorer: Scorer,
    train: Dataset,
    users: NDArray[np.int64],
    k: int,
    batch: int = 512,
    among: NDArray[np.int32] | None = None,
) -> NDArray[np.int32]:
    """Find the best ``k`` unseen items of each user, of the items ``among`` or of all.

    Seen are the items of the user's own events in ``train``, low ratings included, and
    their twins in the catalogue. Equal scores are ordered by item.

    Returns
    -------
    int32 array, shape (len(users), k)
        ``NOTHING`` where a user has fewer than ``k`` candidates.

    Raises
    ------
    ValueError
        A score is not a number.
    """
    ranked = np.full((len(users), k), NOTHING, dtype=np.int32)
    for start in range(0, len(users), batch):
        some = users[start : start + batch]
        scores = np.asarray(scorer.score(some), dtype=np.float64)
        if np.isnan(scores).any():
            raise ValueError("a model gave scores that are not numbers")
        for row, user in enumerate(some):
            candidates = np.full(scores.shape[1], among is None)
            if among is not None:
                candidates[among] = True
            candidates[train.seen(int(user))] = False
            candidates &= scores[row] > -np.inf
            items = best(scores[row], np.flatnonzero(candidates), k)
            ranked[start + row, : len(items)] = items
    return ranked


def best(scores: NDArray[np.float64], candidates: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Find the ``k`` candidates of highest score, equal scores by item."""
    own = scores[candidates]
    if len(candidates) > k:
        # Everything level with the k-th stays in, so that the item decides a tie.
        kth = np.partition(own, len(own) - k)[len(own) - k]
        candidates = candidates[own >= kth]
        own = scores[candidates]
    return candidates[np.lexsort((candidates, -own))[:k]]


def history_ages(train: Dataset, users: NDArray[np.int64]) -> sp.csr_matrix:
    """Put histories into a matrix, shape (len(users), n_items), with ``1 + age`` as values.

    One is added so that the newest item (age 0) is stored like any other.
    """
    histories = [train.history(int(user)) for user in users]
    indptr = np.concatenate([[0], np.cumsum([len(h) for h in histories])]).astype(np.int64)
    indices = np.concatenate([h.items for h in histories] or [np.empty(0, np.int32)])
    ages = np.concatenate([h.ages for h in histories] or [np.empty(0)])
    return sp.csr_matrix((1.0 + ages, indices, indptr), shape=(len(users), len(train.catalogue)))
