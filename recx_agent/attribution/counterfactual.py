"""A small set of history items without which an item leaves the top ``k``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution.standing import Standing
from recx_agent.attribution.threads import one_blas_thread

_BLOCK = 1 << 22
"""Scores held at once, 32 MiB in double precision."""


@dataclass(frozen=True)
class Removal:
    """History items taken away, and what came of it.

    Attributes
    ----------
    positions : tuple of int
        In the history, ascending; empty if nothing was found.
    rank : int
        The exact rank without them; if nothing was found, the lowest that was reached.
    """

    positions: tuple[int, ...]
    rank: int

    @property
    def found(self) -> bool:
        """Whether these take the item out of the top ``k``."""
        return bool(self.positions)


def find_removal(
    standing: Standing, item: int, k: int, budget: int, allowed: Sequence[int]
) -> Removal:
    """Look for a set whose removal takes an item out of the top ``k``.

    Each step takes away the one of the remaining items that brings the item nearest to
    leaving the list: that leaves it the least ahead of the k-th best of the others. Then
    whatever is not needed is put back, so that none of what is left can be spared. A set
    of that sort need not be the smallest there is; every rank is exact.

    Parameters
    ----------
    standing : Standing
    item : int
        A candidate with a rank of at most ``k``.
    k : int
    budget : int
        Items taken away at most, at least 1.
    allowed : sequence of int
        Positions of the history that may be taken away.
    """
    taken: tuple[int, ...] = ()
    lowest = standing.rank(item) or 1
    if np.count_nonzero(standing.candidates) <= k:  # then nothing can leave the list
        return Removal((), lowest)
    while len(taken) < budget and len(taken) < len(allowed):
        left = [position for position in allowed if position not in taken]
        leads = _leads(standing, item, k, [(*taken, position) for position in left])
        taken = (*taken, left[int(np.argmin(leads))])
        rank = _rank(standing, item, taken)
        lowest = max(lowest, rank)
        if rank > k:
            needed = _shrunk(standing, item, k, taken)
            return Removal(tuple(sorted(needed)), _rank(standing, item, needed))
    return Removal((), lowest)


def _shrunk(standing: Standing, item: int, k: int, taken: tuple[int, ...]) -> tuple[int, ...]:
    """The set without what is not needed, the one that does least looked at first."""
    while len(taken) > 1:
        fewer = [tuple(p for p in taken if p != spared) for spared in taken]
        [ranks] = standing.ranks_without(np.array([item], dtype=np.int32), [fewer])
        best = max(range(len(fewer)), key=lambda n: ranks[n] or 0)
        if (ranks[best] or 0) <= k:
            break
        taken = fewer[best]
    return taken


def _rank(standing: Standing, item: int, taken: Sequence[int]) -> int:
    [[rank]] = standing.ranks_without(np.array([item], dtype=np.int32), [[tuple(taken)]])
    assert rank is not None  # the item is a candidate
    return rank


@one_blas_thread
def _leads(
    standing: Standing, item: int, k: int, sets: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """How far the item is ahead of the k-th best other candidate without each set.

    Not above zero: the item is out of the top ``k``, ties aside.
    """
    rivals = standing.candidates.copy()
    rivals[item] = False
    users = standing.model.represent_without(standing.history, sets)
    factors, biases = standing.model.item_factors, standing.model.item_biases
    found = []
    for block in _blocks(users, len(factors)):
        scores = block @ factors.T + biases
        own = scores[:, item].copy()
        scores[:, ~rivals] = -np.inf
        found.append(own - np.partition(scores, -k, axis=1)[:, -k])
    return np.concatenate(found)


def _blocks(users: NDArray[np.float64], n_items: int) -> Iterator[NDArray[np.float64]]:
    rows = max(1, _BLOCK // n_items)
    for start in range(0, len(users), rows):
        yield users[start : start + rows]
