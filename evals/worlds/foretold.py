"""Whether a user's history foretells itself: what would tell a rule from tossed coins.

A model that was fitted on a user's likes has learnt them, by whatever they came about. So each
user is judged by a model that has not seen him: the users are dealt into folds, and each fold is
left out of one fit. Serving a user who was not trained on is no approximation here, since a
representation is a sum over the history.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.protocols import AdditiveModel
from recx_agent.recommenders.lightfm_trainer import fit
from recx_agent.settings import ModelSettings

FOLDS = 5
CLEAR = 1.645
"""Beyond this in one of twenty users who like by chance, and in no more: the 5 % level."""
_LEAST, _TINY = 3, 1e-12
Vectors = dict[int, NDArray[np.float64]]


def foretold(
    dataset: Dataset,
    settings: ModelSettings | None = None,
    *,
    folds: int = FOLDS,
    seed: int = 0,
) -> NDArray[np.float64]:
    """How far each user's likes are foretold by his other likes, in standard errors.

    Each like is taken out in turn. By the cosine of what is left and the item it has a place among
    the same figures of all users: how much more this history speaks for the item than others do,
    whatever the item's standing with everyone. Where likes have nothing to do with one another, the
    places are uniform, and their mean less ½ times ``√(12 n)`` is a standard normal, roughly: the
    places of one user are not quite independent.

    Parameters
    ----------
    dataset : Dataset
    settings : ModelSettings, optional
        Of the fits; one run each.
    folds : int
        How many fits; 2 or more.
    seed : int
        Of how the users are dealt.

    Returns
    -------
    float64 array, shape (n_users,)
        Not a number for users with fewer than three likes.
    """
    chosen = (settings or ModelSettings()).model_copy(update={"runs": 1})
    users = len(dataset.users)
    fold = np.random.default_rng(seed).permutation(users) % folds
    found = np.full(users, np.nan)
    for number in range(folds):
        others = dataset.events.take(fold[dataset.events.user] != number)
        model = fit(replace(dataset, events=others), chosen)
        vectors = _vectors(model, dataset)
        usual = _usual(model, vectors)
        for user in np.flatnonzero(fold == number):
            if int(user) in vectors:
                items = dataset.history(int(user)).items
                found[user] = _lead(model, vectors[int(user)], items, usual)
    return found


def _vectors(model: AdditiveModel, dataset: Dataset) -> Vectors:
    """``p_h`` of the likes of everyone who has enough of them, each of equal weight."""
    histories = ((user, dataset.history(user)) for user in range(len(dataset.users)))
    return {
        user: np.asarray(model.event_vectors(own.items, own.disliked), dtype=np.float64)
        for user, own in histories
        if len(own) >= _LEAST
    }


def _usual(model: AdditiveModel, vectors: Vectors) -> NDArray[np.float64]:
    """What the histories of all users say of each item, ascending; shape (n_users, n_items)."""
    sums = np.array([own.sum(axis=0) for own in vectors.values()])
    return np.sort(_unit(sums) @ model.item_factors.T, axis=0)


def _lead(
    model: AdditiveModel,
    own: NDArray[np.float64],
    items: NDArray[np.int32],
    usual: NDArray[np.float64],
) -> float:
    left = _unit(own.sum(axis=0) - own)
    says = np.vecdot(left, model.item_factors[items])
    below = [np.searchsorted(usual[:, item], said) for item, said in zip(items, says, strict=True)]
    places = np.array(below) / len(usual)
    return float((places.mean() - 0.5) * np.sqrt(12.0 * len(items)))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _TINY))
