"""Implicit ALS: Hu, Koren & Volinsky, "Collaborative Filtering for Implicit Feedback" (2008)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import Config, Scorer, Space


@dataclass(frozen=True)
class _Factors:
    users: NDArray[np.float32]
    items: NDArray[np.float32]

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(self.users[users] @ self.items.T)


class ImplicitAls:
    """Confidence ``1 + alpha`` for a positive, as ``implicit`` has it."""

    variants = ("implicit_als",)
    seeded = True
    follows = None
    space: Space = {
        "factors": (8, 16, 32, 64, 128),
        "regularization": (0.01, 0.1, 1.0, 5.0, 20.0),
        "alpha": (1.0, 3.0, 10.0, 30.0),
        "iterations": (10, 20, 40),
    }

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Alternate; the callback lets an interruption through after each iteration."""
        # BLAS threads fight with those of the library, which warns of it.
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(**config, random_state=seed, num_threads=1)
            model.fit(train.positives, show_progress=False, callback=lambda *_: pulse())
        return {"implicit_als": _Factors(model.user_factors, model.item_factors)}
