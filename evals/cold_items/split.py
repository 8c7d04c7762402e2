"""Items held out whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.errors import DataError


@dataclass(frozen=True)
class ColdSplit:
    """A data set without the events of some items.

    Attributes
    ----------
    train : Dataset
        All users and items, and the events with the items that are not held out.
    cold : int32 array, shape (n_cold,)
        The held-out items, ascending: the only candidates.
    users : int64 array, shape (n_users,)
        Users who like a held-out item and something else too.
    relevant : csr_matrix, shape (n_users, n_items)
        1 where the user likes a held-out item. One whose twin (equal title and
        attributes) the user has met is no candidate, and is left out.
    """

    train: Dataset
    cold: NDArray[np.int32]
    users: NDArray[np.int64]
    relevant: sp.csr_matrix


def hold_items_out(dataset: Dataset, number: int, of: int = 10, seed: int = 0) -> ColdSplit:
    """Hold out one of ``of`` disjoint, equally large, random parts of the items.

    Parameters
    ----------
    dataset : Dataset
    number : int
        Which part, from 0. All parts together hold every item with events once.
    of : int
        Number of parts.
    seed : int
        Of the division into parts.

    Raises
    ------
    DataError
        No user likes an item of this part and one outside it.
    """
    met = np.unique(dataset.events.item)
    shuffled = np.random.default_rng(seed).permutation(met[met != NO_ITEM])
    cold = np.sort(np.array_split(shuffled, of)[number]).astype(np.int32)
    train = replace(dataset, events=dataset.events.take(~np.isin(dataset.events.item, cold)))
    is_cold = np.zeros(len(dataset.catalogue), dtype=bool)
    is_cold[cold] = True
    learnt = np.diff(train.positives.indptr)
    users: list[int] = []
    liked: list[NDArray[np.int32]] = []
    for user in np.flatnonzero(learnt).tolist():
        own = dataset.positives.indices[slice(*dataset.positives.indptr[user : user + 2])]
        fresh = np.setdiff1d(own[is_cold[own]], train.seen(user))
        if len(fresh):
            users.append(user)
            liked.append(fresh)
    if not users:
        raise DataError(
            f"no user likes one of the {len(cold)} held-out items and another item",
            source=", ".join(dataset.events.sources) or "interactions",
            remedy="measure on data with more positives a user, or with fewer parts",
        )
    indptr = np.cumsum([0, *map(len, liked)])
    indices = np.concatenate(liked)
    relevant = sp.csr_matrix(
        (np.ones(len(indices)), indices, indptr), shape=(len(users), len(is_cold))
    )
    return ColdSplit(train, cold, np.array(users, dtype=np.int64), relevant)
