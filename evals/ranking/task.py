"""A training part and, for each user, the items to be found again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.datasets.split import Rule, Split, global_time, leave_last, strictly_before
from recx_agent.errors import DataError

HELD_OUT = 3
QUANTILE = 0.8


RULES: dict[str, Rule] = {
    "leave_last_3": partial(strictly_before, partial(leave_last, n=HELD_OUT)),
    "global_time": partial(global_time, quantile=QUANTILE),
}
"""The splits of the comparison; each is applied to its own training part for validation."""


@dataclass(frozen=True)
class Task:
    """What is trained on and what must be found.

    Attributes
    ----------
    name : str
    description : str
        How the data were split.
    train : Dataset
    users : int64 array, shape (n_users,)
        Users with at least one positive event in ``train`` and one held-out item.
    relevant : csr_matrix, shape (n_users, n_items)
        1 where an item is held out for the user; an item already seen in ``train`` can
        be in no list and is left out.
    """

    name: str
    description: str
    train: Dataset
    users: NDArray[np.int64]
    relevant: sp.csr_matrix


def make_task(name: str, split: Split) -> Task:
    """Make a task of a split of the data.

    Raises
    ------
    DataError
        No user has both something to learn from and something to be found.
    """
    train = split.train
    learnt = np.diff(train.positives.indptr)
    users: list[int] = []
    found: list[NDArray[np.int32]] = []
    for user, items in sorted(split.test.items()):
        fresh = np.setdiff1d(items, train.seen(user))
        if len(fresh) and learnt[user]:
            users.append(user)
            found.append(fresh.astype(np.int32))
    if not users:
        raise DataError(
            f"the split {name!r} leaves no user with training and held-out positives",
            source=", ".join(train.events.sources) or "interactions",
            remedy="measure on data with more positives a user, and with timestamps",
        )
    indptr = np.concatenate([[0], np.cumsum([len(items) for items in found])])
    indices = np.concatenate(found)
    relevant = sp.csr_matrix(
        (np.ones(len(indices)), indices, indptr), shape=(len(users), len(train.catalogue))
    )
    return Task(name, split.description, train, np.array(users, dtype=np.int64), relevant)


def tasks_of(name: str, rule: Rule, dataset: Dataset) -> tuple[Task, Task]:
    """Make the validation task and the test task of one way to split.

    The validation task is the same split applied to the test task's training part, so
    that nothing held out for the test is known when a configuration is chosen.
    """
    outer = rule(dataset)
    inner = rule(outer.train)
    return make_task(f"{name}/validation", inner), make_task(f"{name}/test", outer)
