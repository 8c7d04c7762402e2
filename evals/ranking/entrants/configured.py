"""The recommender that a workspace serves, trained anew on the training part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import Config, Scorer, Space
from recx_agent.factory import retrain_model
from recx_agent.protocols import AdditiveModel
from recx_agent.recommenders.saved_model import SavedModel


@dataclass(frozen=True)
class _Served:
    train: Dataset
    model: AdditiveModel

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        low = self.model.uses_disliked
        own = np.array(
            [self.model.represent(self.train.history(int(u), disliked=low)) for u in users]
        )
        return np.asarray(own @ self.model.item_factors.T + self.model.item_biases)


class Configured:
    """What ``recx fit`` made, by the settings it was made with.

    Parameters
    ----------
    model : SavedModel
        The one in force; none of its factors are used.

    Raises
    ------
    SettingsError
        Its factors were made elsewhere: from all the data, so nothing can be held out.
    """

    variants = ("workspace",)
    seeded = True
    follows = None
    space: Space = {}

    def __init__(self, model: SavedModel) -> None:
        if "origin" in model.notes:
            raise SettingsError(
                "a recommender of kind 'workspace' is trained anew without what is held out, and "
                "the factors of this workspace were made elsewhere from all of it; leave it out, "
                "or give lists with kind 'file'"
            )
        self._model = model

    @property
    def settings(self) -> Mapping[str, object]:
        """What it was fitted with."""
        return dict(self._model.notes["settings"])

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Train on one thread; ``config`` is what :attr:`settings` are."""
        # A model of several runs takes as many seeds, one after the other.
        first = config["seed"] + seed * config.get("runs", 1)
        own = {**config, "seed": first, "threads": 1}
        pulse()
        anew = replace(self._model, notes={**self._model.notes, "settings": own})
        model = retrain_model(anew, train, progress=lambda *_: pulse())
        return {"workspace": _Served(train, model)}
