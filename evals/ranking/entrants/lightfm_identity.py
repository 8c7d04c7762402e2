"""Plain LightFM: user identity, item identity and attributes (Kula 2015), WARP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from lightfm import LightFM
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import TrainingDiverged
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import Config, Scorer, Space
from recx_agent.recommenders.item_features import build_features


@dataclass(frozen=True)
class _Factors:
    users: NDArray[np.float32]
    items: NDArray[np.float32]
    biases: NDArray[np.float32]

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        # A user's own bias is the same for all items and would change no ranking.
        return np.asarray(self.users[users] @ self.items.T + self.biases)


class IdentityLightfm:
    """What LightFM is without a history: one learnt vector a user."""

    variants = ("lightfm_identity",)
    seeded = True
    follows = None
    space: Space = {
        "components": (32, 64, 96),
        "learning_rate": (0.01, 0.02, 0.03, 0.05),
        "epochs": (15, 30, 45, 60),
        "max_sampled": (10, 30, 60),
        "item_alpha": (0.0, 1e-6, 1e-5, 1e-4),
        "user_alpha": (0.0, 1e-6, 1e-5, 1e-4),
    }

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train on one thread, so that equal seeds give equal factors."""
        rest = dict(config)
        epochs, components = rest.pop("epochs"), rest.pop("components")
        _, features = build_features(train.catalogue)
        model = LightFM(no_components=components, loss="warp", random_state=seed, **rest)
        interactions = train.positives.tocoo()
        for epoch in range(epochs):
            pulse()
            try:
                model.fit_partial(interactions, item_features=features)
            except ValueError as error:
                raise TrainingDiverged(epoch, str(error)) from error
        return {
            "lightfm_identity": _Factors(
                users=model.user_embeddings,
                items=np.asarray(features @ model.item_embeddings),
                biases=np.asarray(features @ model.item_biases),
            )
        }
