"""Deletion: taking away what weighed most must cost an item more than anything else.

The comprehensiveness test of DeYoung et al., "ERASER" (ACL 2020), on ranks instead of
probabilities and against random deletions of the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import Standing, history_terms
from recx_agent.datasets import Dataset
from recx_agent.evals.scorers.faithful.cuts import Cuts, Evidence
from recx_agent.protocols import AdditiveModel

REMOVED = 3
LEAST_HISTORY = 2 * REMOVED

Float64 = NDArray[np.float64]
Contributions = Callable[[Float64], Float64]
"""From the true terms, shape (n_items, n_history), to those that are put to the test."""


@dataclass(frozen=True)
class Deletion:
    """What deletions did, by user.

    Attributes
    ----------
    users : int64 array, shape (n_users,)
        Users tested.
    more, level, less : float64 arrays, shape (n_users,)
        Share of the user's items whose rank falls more, as much, or less without the
        largest contributors than without random others. They add up to 1.
    fall_largest, fall_random : float64 arrays, shape (n_users,)
        Places lost, the median over the user's items.
    left_out : int
        Users whose history is too short: under ``LEAST_HISTORY`` items.
    """

    users: NDArray[np.int64]
    more: Float64
    level: Float64
    less: Float64
    fall_largest: Float64
    fall_random: Float64
    left_out: int


def unchanged(terms: Float64) -> Float64:
    """Give back the model's own contributions."""
    return terms


def measure_deletion(
    model: AdditiveModel,
    dataset: Dataset,
    users: NDArray[np.int64],
    *,
    k: int = 10,
    seed: int = 0,
    claimed: Contributions = unchanged,
) -> Deletion:
    """Delete the three largest contributors of each top-``k`` item, or three others.

    For each item the others are drawn from the rest of the history, so the two sets
    have nothing in common. Ranks are exact, among the items the user has not seen;
    what is deleted does not become a candidate.

    Parameters
    ----------
    model : AdditiveModel
    dataset : Dataset
    users : int64 array
        Users to test; those with too short a history are counted and left out.
    k : int
        Items a user.
    seed : int
        Of the random others.
    claimed : callable
        The contributions under test. A wrong attribution must score worse: that is how
        this measurement is itself tested.
    """
    random = np.random.default_rng(seed)
    tested: list[int] = []
    outcomes: list[tuple[float, float, float, float, float]] = []
    for user in (int(u) for u in users):
        history = dataset.history(user)
        if len(history) < LEAST_HISTORY:
            continue
        excluded = dataset.seen(user)
        items, _ = model.top_k(history, k, excluded)
        if not len(items):
            continue
        standing = Standing(model, history, excluded)
        shown = claimed(history_terms(model, history, items))
        falls = np.array(
            [
                _falls(Cuts(standing, int(item)), own, random)
                for item, own in zip(items, shown, strict=True)
            ]
        )
        gap = falls[:, 0] - falls[:, 1]
        tested.append(user)
        middle = np.median(falls, axis=0)
        outcomes.append(
            (np.mean(gap > 0), np.mean(gap == 0), np.mean(gap < 0), middle[0], middle[1])
        )
    columns = np.array(outcomes, dtype=np.float64).reshape(len(tested), 5).T
    return Deletion(
        users=np.array(tested, dtype=np.int64),
        more=columns[0],
        level=columns[1],
        less=columns[2],
        fall_largest=columns[3],
        fall_random=columns[4],
        left_out=len(users) - len(tested),
    )


def _falls(cuts: Cuts, claimed: Float64, random: np.random.Generator) -> tuple[int, int]:
    """Places an item loses without the largest contributors, and without others."""
    order = np.argsort(-claimed, kind="stable")
    others = random.choice(order[REMOVED:], size=REMOVED, replace=False)
    sets = [Evidence(tuple(gone.tolist())) for gone in (order[:REMOVED], others)]
    before, largest, rest = (place.rank for place in cuts.without([Evidence(), *sets]))
    return largest - before, rest - before
