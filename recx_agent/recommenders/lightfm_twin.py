"""The served model as LightFM's own object: the other side of the test of exactness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM
from numpy.typing import NDArray

from recx_agent.datasets import History
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.user_columns import UserColumns


class LightFMTwin:
    """The served model as LightFM's own object, to compare scores with its ``predict``.

    Parameters
    ----------
    model : FactorModel
    """

    def __init__(self, model: FactorModel) -> None:
        self._columns = UserColumns(len(model.item_factors), model.uses_disliked, model.contexts)
        own = [model.history_factors, model.disliked_factors, model.context_factors]
        # Copies, since LightFM refuses arrays that are mapped read-only.
        users = np.vstack([part for part in own if part is not None]).astype(np.float32)
        twin = LightFM(no_components=users.shape[1], loss="warp")
        twin._initialize(users.shape[1], len(model.features), len(users))
        twin.user_embeddings = users
        twin.item_embeddings = np.array(model.feature_factors, dtype=np.float32)
        twin.item_biases = np.array(model.feature_biases, dtype=np.float32)
        twin.user_biases = np.zeros(len(users), dtype=np.float32)
        self._twin = twin
        self._model = model
        self._item_features = sp.csr_matrix(model.item_features, copy=True)

    def predict(self, history: History, items: NDArray[np.int32]) -> NDArray[np.float32]:
        """``LightFM.predict`` for one history, shape of ``items``."""
        scores: NDArray[np.float32] = self.predict_many([history], items)[0]
        return scores

    def predict_many(
        self, histories: Sequence[History], items: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """``LightFM.predict`` in one call, shape (n_histories, n_items)."""
        weights, columns = zip(*map(self._features, histories), strict=True)
        users = sp.csr_matrix(
            (
                np.concatenate(weights).astype(np.float32),
                np.concatenate(columns),
                np.cumsum([0, *map(len, columns)]),
            ),
            shape=(len(histories), self._columns.total),
        )
        wanted = np.ascontiguousarray(items, dtype=np.int32)
        scores: NDArray[np.float32] = self._twin.predict(
            np.repeat(np.arange(len(histories), dtype=np.int32), len(wanted)),
            np.tile(wanted, len(histories)),
            self._item_features,
            users,
        )
        return np.asarray(scores.reshape(len(histories), len(wanted)))

    def _features(self, history: History) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Weights and columns of what the model has a term for."""
        columns = self._columns
        known = ~history.disliked | columns.disliked
        own = history.items[known] + columns.n_items * history.disliked[known].astype(np.int64)
        around = [columns.of_context(p) for p in history.context if p in self._model.contexts]
        return (
            np.concatenate([self._model.weights(history.ages[known]), np.ones(len(around))]),
            np.concatenate([own, np.array(around, dtype=np.int64)]),
        )
