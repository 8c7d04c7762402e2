"""EASE: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (WWW 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import HALF_LIVES, Config, Scorer, Space, history_ages


def item_weights(positives: sp.csr_matrix, regularisation: float) -> NDArray[np.float64]:
    """Solve in closed form: ``B_ij = -P_ij / P_jj``, diagonal 0, ``P = (XᵀX + λI)^-1``.

    Parameters
    ----------
    positives : csr_matrix ``X``, shape (n_users, n_items)
    regularisation : float
        ``λ``.

    Returns
    -------
    float64 array, shape (n_items, n_items)
        Scores are ``X B`` (eq. 8 of the paper).
    """
    x = positives.astype(np.float64)
    gram = (x.T @ x).toarray()
    gram[np.diag_indices_from(gram)] += regularisation
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights)


@dataclass(frozen=True)
class _Shallow:
    train: Dataset
    weights: NDArray[np.float64]
    half_life: float | None

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        vectors = history_ages(self.train, users)
        if self.half_life is None:
            vectors.data[:] = 1.0
        else:
            # A constant factor would change no ranking: there are no biases here.
            vectors.data = 2.0 ** (-(vectors.data - 1.0) / self.half_life)
        return np.asarray(vectors @ self.weights)


class Ease:
    """Flat as in the paper, and with the user's vector weighted by recency when serving."""

    variants = ("ease_flat", "ease_recency")
    seeded = False
    follows = None
    space: Space = {
        "regularisation": (50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0, 700.0, 1000.0),
        "half_life": HALF_LIVES,
    }

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Invert the Gram matrix."""
        weights = item_weights(train.positives, config["regularisation"])
        return {
            "ease_flat": _Shallow(train, weights, None),
            "ease_recency": _Shallow(train, weights, config["half_life"]),
        }
