"""Histories to ask a recommender with, and what its answers are compared by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset, History
from recx_agent.protocols import AdditiveModel
from recx_agent.testing.exactness import OF_ONE_S_OWN
from recx_agent.testing.planted import ONE_EVENT

NOBODY = np.empty(0, dtype=np.int32)
TINY = 1e-12
"""What is left of terms that cancel one another to nothing."""


def histories(model: AdditiveModel, dataset: Dataset) -> list[History]:
    """Histories of several sorts, with what the model has terms for."""
    context = {name: value for name, value in model.contexts}
    found = []
    for user_id in (*dataset.users.ids[:6], ONE_EVENT):
        user = dataset.user(user_id)
        own = dataset.history(user, disliked=model.uses_disliked, context=context)
        if len(own):
            found.append(own)
    found.append(History.of(np.arange(len(dataset.catalogue), dtype=np.int32)))
    return found


def some_history(model: AdditiveModel, dataset: Dataset) -> History:
    """One with several positive items and nothing else."""
    own = next(dataset.history(u) for u in range(len(dataset.users)) if len(dataset.history(u)) > 4)
    return replace(own, context=())


def taken(history: History, positions: NDArray[Any]) -> History:
    """The history at these positions, ages and all."""
    return replace(
        history,
        items=history.items[positions],
        ages=history.ages[positions],
        disliked=history.disliked[positions],
    )


def near(vector: NDArray[np.float64], terms: NDArray[np.float64], scale: float = 0.0) -> None:
    """Assert that a vector is the sum of others."""
    allowed = OF_ONE_S_OWN * max(float(np.abs(terms).sum()), scale) + TINY
    gap = float(np.abs(vector - terms.sum(axis=0)).max(initial=0.0))
    assert gap <= allowed, f"{gap:g} apart, and {allowed:g} is allowed"


def contents(model: AdditiveModel) -> list[bytes]:
    """The bytes of every array of a model."""
    arrays = (
        model.item_factors,
        model.history_factors,
        model.item_biases,
        model.feature_factors,
        model.feature_biases,
        model.item_lengths,
    )
    return [np.ascontiguousarray(array).tobytes() for array in arrays]


def everything_of(
    model: AdditiveModel, history: History, excluded: NDArray[np.int32]
) -> list[NDArray[Any]]:
    """Answers of every method, for comparison."""
    vectors = model.event_vectors(history.items, history.disliked)
    vectors = np.array(vectors)
    vectors.flags.writeable = False
    found: list[NDArray[Any]] = [
        model.represent(history),
        model.term_vectors(history),
        model.term_vectors(history, vectors),
        model.context_vectors(history),
        model.weights(history.ages),
        *model.top_k(history, 10, excluded),
    ]
    if "remove" in model.what_ifs:
        found.append(model.represent_without(history, [(0,), (), tuple(range(len(history)))]))
    if "mute" in model.what_ifs:
        muted = model.muted([0])
        found += [muted.item_factors, muted.item_biases]
    return found
