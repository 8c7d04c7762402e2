"""The served model as LightFM's own object: the other side of the test of exactness."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM
from numpy.typing import NDArray

from recx_agent.datasets import History
from recx_agent.recommenders.factor_model import FactorModel


class LightFMTwin:
    """The served model as LightFM's own object, to compare scores with its ``predict``.

    Parameters
    ----------
    model : FactorModel
    """

    def __init__(self, model: FactorModel) -> None:
        n_items, width = model.history_factors.shape
        twin = LightFM(no_components=width, loss="warp")
        twin._initialize(width, len(model.features), n_items)
        # Copies, since LightFM refuses arrays that are mapped read-only.
        twin.user_embeddings = np.array(model.history_factors, dtype=np.float32)
        twin.item_embeddings = np.array(model.feature_factors, dtype=np.float32)
        twin.item_biases = np.array(model.feature_biases, dtype=np.float32)
        twin.user_biases = np.zeros(n_items, dtype=np.float32)
        self._twin = twin
        self._model = model
        self._item_features = sp.csr_matrix(model.item_features, copy=True)

    def predict(self, history: History, items: NDArray[np.int32]) -> NDArray[np.float32]:
        """``LightFM.predict`` for one history, shape of ``items``."""
        weights = self._model.weights(history.ages).astype(np.float32)
        user = sp.csr_matrix(
            (weights, history.items, [0, len(history)]), shape=(1, self._item_features.shape[0])
        )
        wanted = np.ascontiguousarray(items, dtype=np.int32)
        scores: NDArray[np.float32] = self._twin.predict(
            np.zeros_like(wanted), wanted, self._item_features, user
        )
        return scores
