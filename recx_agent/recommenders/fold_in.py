"""New events, users and items without retraining."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from recx_agent.datasets import Dataset
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import IDENTITY, build_features


def fold_in(model: FactorModel, dataset: Dataset) -> FactorModel:
    """The same factors over a data set that has grown.

    New users and events need nothing: a user is a sum over the history. A new item
    gets its factors from its known attributes alone; in a history it counts nothing
    until the next training, since no ``p_h`` is known for it, and neither does a new
    value of a context.

    Parameters
    ----------
    model : FactorModel
    dataset : Dataset
        Its first items must be the model's, in the model's order.
    """
    known = model.item_features.shape[0]
    fresh = len(dataset.catalogue) - known
    if not fresh:
        return model
    _, matrix = build_features(dataset.catalogue, known=model.features)
    rows = matrix[known:, : len(model.features)]
    blank = np.zeros((fresh, model.history_factors.shape[1]), dtype=np.float32)
    low = model.disliked_factors
    return model.with_items(
        sp.csr_matrix(sp.vstack([model.item_features, rows])),
        history_factors=np.vstack([model.history_factors, blank]),
        disliked_factors=None if low is None else np.vstack([low, blank]),
        notes={**model.notes, "folded_in_items": fresh},
    )


def without_unseen_identities(
    item_features: sp.csr_matrix, features: Sequence[Feature], dataset: Dataset
) -> sp.csr_matrix:
    """Leave the identity of items without any event out of their features.

    Nothing was learnt of such an item but that it was never chosen when it was drawn as
    a negative; its attributes say more. An item with events that nobody liked keeps its
    identity: that is knowledge.

    Parameters
    ----------
    item_features : csr_matrix, shape (n_items, n_features)
    features : sequence of Feature
    dataset : Dataset
    """
    seen = np.zeros(len(dataset.catalogue), dtype=bool)
    items = np.asarray(dataset.events.item)
    seen[items[items >= 0]] = True
    identity = np.array([f.kind == IDENTITY for f in features])
    coo = item_features.tocoo()
    kept = seen[coo.row] | ~identity[coo.col]
    return sp.csr_matrix(
        (coo.data[kept], (coo.row[kept], coo.col[kept])), shape=item_features.shape
    )
