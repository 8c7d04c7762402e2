"""Agreement: do independent trainings name the same top cause for the same item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution.terms import history_terms
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.joining import served_as_one

LEAST_HISTORY = 2
IN_GROUP = 3
COMPARED_RUNS = 6

COMPARISONS: dict[int, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]] = {
    1: (((0,), (1,)), ((2,), (3,)), ((4,), (5,))),
    2: (((0, 1), (2, 3)), ((2, 3), (4, 5)), ((0, 1), (4, 5))),
    3: (((0, 1, 2), (3, 4, 5)), ((0, 2, 4), (1, 3, 5)), ((0, 3, 5), (1, 2, 4))),
}
"""Runs served as one, to the pairs of models compared; no two share a run."""


@dataclass(frozen=True)
class Agreement:
    """How far two trainings agree, by user.

    Attributes
    ----------
    users : int64 array, shape (n_users,)
    same_top : dict of int to float64 array, shape (n_users,)
        By runs served as one: share of the user's (item, comparison) pairs in which
        both models name the same history item as the largest contributor.
    in_group : dict of int to float64 array, shape (n_users,)
        The same, but the first model's top cause is among the other's first three.
    left_out : int
        Users whose history has fewer than ``LEAST_HISTORY`` items: nothing to choose.
    """

    users: NDArray[np.int64]
    same_top: dict[int, NDArray[np.float64]]
    in_group: dict[int, NDArray[np.float64]]
    left_out: int


def measure_agreement(
    reference: FactorModel,
    runs: Sequence[FactorModel],
    dataset: Dataset,
    users: NDArray[np.int64],
    *,
    k: int = 10,
) -> Agreement:
    """Compare the top causes of the items on the reference's lists.

    The pairs (user, item) are the top ``k`` of ``reference``, a training that takes
    part in no comparison, so every comparison is about the same pairs.

    Parameters
    ----------
    reference : FactorModel
    runs : sequence of FactorModel, length ``COMPARED_RUNS``
        Single runs of the same settings with other seeds.
    dataset : Dataset
    users : int64 array
    k : int
    """
    if len(runs) != COMPARED_RUNS:
        raise ValueError(f"agreement compares {COMPARED_RUNS} runs, {len(runs)} given")
    groups = sorted({g for pairs in COMPARISONS.values() for pair in pairs for g in pair})
    served = {g: served_as_one([runs[i] for i in g]) for g in groups}
    tested: list[int] = []
    same: dict[int, list[float]] = {size: [] for size in COMPARISONS}
    grouped: dict[int, list[float]] = {size: [] for size in COMPARISONS}
    for user in (int(u) for u in users):
        history = dataset.history(user)
        if len(history) < LEAST_HISTORY:
            continue
        items, _ = reference.top_k(history, k, dataset.seen(user))
        if not len(items):
            continue
        tested.append(user)
        # Stable, so that equal contributions are told in the history's order.
        orders = {
            g: np.argsort(-history_terms(model, history, items), axis=1, kind="stable")
            for g, model in served.items()
        }
        for size, pairs in COMPARISONS.items():
            first = np.concatenate([orders[a][:, :1] for a, _ in pairs])
            other = np.concatenate([orders[b][:, :IN_GROUP] for _, b in pairs])
            same[size].append(float(np.mean(first[:, 0] == other[:, 0])))
            grouped[size].append(float(np.mean((first == other).any(axis=1))))
    return Agreement(
        users=np.array(tested, dtype=np.int64),
        same_top={size: np.array(values) for size, values in same.items()},
        in_group={size: np.array(values) for size, values in grouped.items()},
        left_out=len(users) - len(tested),
    )
