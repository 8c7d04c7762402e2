"""Everybody gets what most users liked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import Config, Scorer, Space


@dataclass(frozen=True)
class _Counts:
    counts: NDArray[np.int64]

    def score(self, users: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.broadcast_to(self.counts, (len(users), len(self.counts)))


class Popularity:
    """Number of users with a positive event."""

    variants = ("popularity",)
    space: Space = {}
    seeded = False
    follows = None

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Count."""
        return {"popularity": _Counts(train.popularity)}
