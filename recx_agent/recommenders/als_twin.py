"""The served ALS model as ``implicit``'s own object: the other side of the test of exactness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import History
from recx_agent.errors import NotOffered
from recx_agent.recommenders.als_model import AlsModel


class AlsTwin:
    """The served model as ``implicit``'s own object, to compare scores and terms with.

    Parameters
    ----------
    model : AlsModel
        One that follows ``implicit``'s conventions.

    Raises
    ------
    NotOffered
        The model's users are solved for by Spark's conventions, which ``implicit`` has not.
    """

    def __init__(self, model: AlsModel) -> None:
        solver = model.solver
        if solver.added or solver.by_length:
            raise NotOffered("implicit's own scores: it follows other conventions", model.kind)
        n_items, width = model.item_factors.shape
        with threadpool_limits(1, "blas"):  # it warns of more
            twin = AlternatingLeastSquares(
                factors=width,
                regularization=solver.regularization,
                alpha=1.0,
                dtype=np.float64,
                num_threads=1,
            )
        twin.item_factors = np.array(model.item_factors)
        self._twin = twin
        self._model = model
        self._n_items = n_items

    def predict(self, history: History, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """``⟨x, y_i⟩`` with ``x`` from ``recalculate_user``, shape of ``items``."""
        user = self._twin.recalculate_user(0, self._confidences(history))
        return np.asarray(self._twin.item_factors[items] @ user)

    def explain(self, history: History, items: Sequence[int]) -> NDArray[np.float64]:
        """``implicit``'s own contributions, shape (n_items, n_h), in the history's order."""
        place = {int(item): position for position, item in enumerate(history.items)}
        confidences, known = self._confidences(history), None
        terms = np.zeros((len(items), len(history)))
        for row, item in enumerate(items):
            _, found, known = self._twin.explain(0, confidences, item, known, len(history))
            for other, term in found:
                terms[row, place[int(other)]] = term
        return terms

    def _confidences(self, history: History) -> sp.csr_matrix:
        liked = ~history.disliked
        values = self._model.weights(history.ages[liked])
        entries = (values, history.items[liked], [0, int(liked.sum())])
        return sp.csr_matrix(entries, shape=(1, self._n_items))
