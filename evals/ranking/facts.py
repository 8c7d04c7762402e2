"""What the metrics of ranked lists may look into besides the lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Catalogue
from recx_agent.evals.ranking.task import Task


@dataclass(frozen=True)
class Facts:
    """A task, seen by metrics.

    Attributes
    ----------
    relevant : csr_matrix, shape (n_users, n_items)
        1 where an item is held out for a tested user.
    counts : int64 array, shape (n_items,)
        Users who liked the item in the training part.
    likers : int
        Users who liked anything in the training part.
    histories : csr_matrix, shape (n_users, n_items)
        1 where a tested user liked the item in the training part.
    attributes : csr_matrix, shape (n_items, n_values)
        1 where an item has a value of an attribute that is a feature of the model; no columns
        where the catalogue has none.
    """

    relevant: sp.csr_matrix
    counts: NDArray[np.int64]
    likers: int
    histories: sp.csr_matrix
    attributes: sp.csr_matrix

    @classmethod
    def of(cls, task: Task) -> Facts:
        """Gather what a task knows."""
        positives = task.train.positives
        return cls(
            relevant=task.relevant,
            counts=task.train.popularity,
            likers=int(np.count_nonzero(np.diff(positives.indptr))),
            histories=positives[task.users],
            attributes=values_of(task.train.catalogue, task.train.catalogue.features)[1],
        )

    @property
    def n_items(self) -> int:
        """Items of the catalogue, those that nobody liked included."""
        return len(self.counts)

    @cached_property
    def popularity(self) -> NDArray[np.float64]:
        """Share of users with a history who liked an item, shape (n_items,)."""
        return self.counts / max(1, self.likers)


def values_of(
    catalogue: Catalogue, names: tuple[str, ...]
) -> tuple[tuple[tuple[str, str], ...], sp.csr_matrix]:
    """Which item has which value of some attributes.

    Returns
    -------
    values : tuple of (name, value)
        The columns, in order.
    matrix : csr_matrix, shape (n_items, n_values), float64
    """
    pairs = [
        (item, (name, value))
        for name in names
        for item, values in enumerate(catalogue.attributes[name])
        for value in set(values)
    ]
    columns = tuple(sorted({pair for _, pair in pairs}))
    place = {pair: at for at, pair in enumerate(columns)}
    rows = [item for item, _ in pairs]
    matrix = sp.csr_matrix(
        (np.ones(len(pairs)), (rows, [place[pair] for _, pair in pairs])),
        shape=(len(catalogue), len(columns)),
    )
    return columns, matrix
