"""What puts held-out items in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import IDENTITY, build_features


@dataclass(frozen=True)
class ByModel:
    """The served model.

    Attributes
    ----------
    train : Dataset
    model : FactorModel
    """

    train: Dataset
    model: FactorModel

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        """Scores, shape (len(users), n_items)."""
        low = self.model.uses_disliked
        histories = [self.train.history(int(user), disliked=low) for user in users]
        own = np.array([self.model.represent(history) for history in histories])
        return np.asarray(own @ self.model.item_factors.T + self.model.item_biases)


def with_identities(model: FactorModel, train: Dataset) -> FactorModel:
    """The same factors, but an item without events keeps the identity feature it was given.

    It was trained all the same: as a negative, whenever the item was drawn as one.
    """
    _, matrix = build_features(train.catalogue, known=model.features)
    whole = sp.csr_matrix(matrix[:, : len(model.features)])
    return replace(
        model,
        item_features=whole,
        item_factors=np.asarray(whole @ model.feature_factors.astype(np.float64)),
        item_biases=np.asarray(whole @ model.feature_biases.astype(np.float64)),
    )


@dataclass(frozen=True)
class ByNumber:
    """One number an item, the same for everyone.

    Attributes
    ----------
    numbers : float64 array, shape (n_items,)
    """

    numbers: NDArray[np.float64]

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        """Scores, shape (len(users), n_items)."""
        return np.broadcast_to(self.numbers, (len(users), len(self.numbers)))


def attribute_matrix(train: Dataset) -> sp.csr_matrix:
    """Which item has which attribute value, shape (n_items, n_values), 1 or 0."""
    features, matrix = build_features(train.catalogue)
    columns = np.flatnonzero([feature.kind != IDENTITY for feature in features])
    return sp.csr_matrix(matrix[:, columns])


def attribute_popularity(train: Dataset, cold: NDArray[np.int32]) -> NDArray[np.float64]:
    """How much the items that share an item's attributes are liked, shape (n_items,).

    For each attribute value the mean number of users who like one of its items, those
    of ``cold`` not counted; of an item the mean over its values.
    """
    has = attribute_matrix(train).astype(np.float64)
    known = np.ones(has.shape[0])
    known[cold] = 0.0
    likes = has.T @ (train.popularity * known)
    items = has.T @ known
    mean = np.divide(likes, items, out=np.zeros_like(likes), where=items > 0)
    values = np.asarray(has.sum(axis=1)).ravel()
    return np.asarray((has @ mean) / np.maximum(values, 1.0))


@dataclass(frozen=True)
class ByProfile:
    """Likeness of an item's attributes and those of what the user likes.

    Cosine of TF-IDF vectors, the user's the sum over the liked items (Lops, de Gemmis &
    Semeraro, "Content-based Recommender Systems", 2011, section 3.3.1.1).

    Attributes
    ----------
    train : Dataset
    vectors : csr_matrix, shape (n_items, n_values)
        Of length 1.
    """

    train: Dataset
    vectors: sp.csr_matrix

    @classmethod
    def of(cls, train: Dataset) -> ByProfile:
        """Weigh each attribute value by how few items have it."""
        has = attribute_matrix(train).astype(np.float64)
        rarity = np.log(has.shape[0] / np.asarray(has.sum(axis=0)).ravel())
        weighed = has @ sp.diags_array(rarity)
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        scale = 1.0 / np.where(lengths > 0, lengths, 1.0)
        return cls(train, sp.csr_matrix(sp.diags_array(scale) @ weighed))

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        """Scores, shape (len(users), n_items); a profile's own length changes no order."""
        profiles = self.train.positives[users].astype(np.float64) @ self.vectors
        return np.asarray((profiles @ self.vectors.T).toarray())
