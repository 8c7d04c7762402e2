"""The project's own recommender: LightFM over the history, through its served model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import HALF_LIVES, Config, Scorer, Space
from recx_agent.recommenders import lightfm_trainer
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.settings import ModelSettings

FLAT_WEIGHT = 20**-0.5
"""Weight of every history item when served flat: that of training with 20 drawn items."""

SPACE: Space = {
    "components": (32, 64, 96),
    "learning_rate": (0.01, 0.02, 0.03, 0.05),
    "epochs": (15, 30, 45, 60),
    "max_sampled": (10, 30, 60),
    "item_alpha": (1e-6, 1e-5, 1e-4),
    "user_alpha": (1e-6, 1e-5, 1e-4),
    "drawn_history": (10, 20, 40),
    "half_life": HALF_LIVES,
}


@dataclass(frozen=True)
class _Served:
    train: Dataset
    model: FactorModel
    flat: bool

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        own = np.array([self._represent(int(user)) for user in users])
        return np.asarray(
            own @ self.model.item_factors.T.astype(np.float64) + self.model.item_biases
        )

    def _represent(self, user: int) -> NDArray[np.float64]:
        history = self.train.history(user)
        if not self.flat:
            return self.model.represent(history)
        factors = self.model.history_factors[history.items].astype(np.float64)
        return np.asarray(FLAT_WEIGHT * factors.sum(axis=0))


def train_served(train: Dataset, config: Config, seed: int, runs: int, pulse: Pulse) -> FactorModel:
    """Fit through :func:`recx_agent.recommenders.lightfm_trainer.fit`, one thread."""
    settings = ModelSettings(**config, runs=runs, seed=seed, threads=1)
    return lightfm_trainer.fit(train, settings, progress=lambda *_: pulse())


class HistoryLightfm:
    """One run, served flat (a fixed constant) and with recency (fixed weights by age)."""

    variants = ("ours_flat", "ours_recency")
    seeded = True
    space = SPACE
    follows = None

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train one run."""
        model = train_served(train, config, seed, 1, pulse)
        return {
            "ours_flat": _Served(train, model, flat=True),
            "ours_recency": _Served(train, model, flat=False),
        }


class TwoRuns:
    """Two runs served as one, with what was chosen for ``ours_recency``: not searched."""

    variants = ("ours_two_runs",)
    seeded = True
    space: Space = {}
    follows = "ours_recency"

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train two runs whose seeds no other fit of this entrant shares."""
        model = train_served(train, config, 2 * seed, 2, pulse)
        return {"ours_two_runs": _Served(train, model, flat=False)}
