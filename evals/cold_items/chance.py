"""What a random order of the candidates finds on average, without drawing any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.cold_items.split import ColdSplit


def by_chance(split: ColdSplit, k: int) -> dict[str, NDArray[np.float64]]:
    """Expected Recall@k and NDCG@k of each user, shape (n_users,).

    Each of the ``k`` places (fewer, if there are fewer candidates) holds a liked item
    with probability ``liked / candidates``; see :mod:`recx_agent.evals.ranking.metrics`.
    """
    liked = np.diff(split.relevant.indptr)
    seen = [np.isin(split.cold, split.train.seen(int(user))).sum() for user in split.users]
    candidates = len(split.cold) - np.array(seen)
    places = np.minimum(k, candidates)
    gains = np.concatenate([[0.0], np.cumsum(1.0 / np.log2(np.arange(2, k + 2)))])
    best = np.minimum(k, liked)
    hit = liked / candidates
    return {
        "recall": np.asarray(hit * places / best),
        "ndcg": np.asarray(hit * gains[places] / gains[best]),
    }
