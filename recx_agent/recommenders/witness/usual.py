"""What histories usually say of each item: what a like is held against.

An item that everyone likes is spoken for by most histories, and one that nobody cares for by few;
a place among the usual is free of that. Of a history that has the item, what is left without it
counts: so where likes have nothing to do with one another, all places are equally likely.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recx_agent.recommenders.witness.places import Float64, speaks, unit, weights_around

QUANTILES = 33
_AT_ONCE = 4096
Float32 = NDArray[np.float32]
Likes = tuple[NDArray[np.int32], Float64]
"""Items of a history and their ages."""


def usual_of(
    history_factors: Float32,
    item_factors: Float32,
    histories: Sequence[Likes],
    half_life: float | None,
    random: np.random.Generator,
) -> Float32:
    """Quantiles of what histories say of each item, from the least to the largest.

    As in judging, a history is seen from one of its likes, drawn by chance, which is left out.

    Parameters
    ----------
    history_factors, item_factors : float32 array, shape (n_items, d)
    histories : sequence of (items, ages)
        Of users whom these factors have not seen; each of two likes or more.
    half_life : float or None
    random : Generator

    Returns
    -------
    float32 array, shape (n_items, QUANTILES)
    """
    whole: list[Float64] = []
    owned: list[NDArray[np.int32]] = []
    without: list[Float64] = []
    for items, ages in histories:
        middle = int(random.integers(len(items)))
        weights = weights_around(ages, half_life)[middle]
        terms = weights[:, None] * history_factors[items]
        left = terms.sum(axis=0)
        whole.append(unit(left))
        others = np.delete(np.arange(len(items)), middle)
        owned.append(items[others])
        without.append(speaks(left - terms[others], item_factors[items[others]])[0])
    rows = np.repeat(np.arange(len(whole)), [len(own) for own in owned])
    columns, said = np.concatenate(owned), np.concatenate(without)
    return _quantiles(np.array(whole), item_factors, rows, columns, said)


def _quantiles(
    whole: Float64,
    item_factors: Float32,
    rows: NDArray[np.int64],
    columns: NDArray[np.int32],
    said: Float64,
) -> Float32:
    levels = np.linspace(0.0, 1.0, QUANTILES)
    found = np.empty((len(item_factors), QUANTILES), dtype=np.float32)
    for start in range(0, len(item_factors), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        says = whole @ item_factors[block].T
        here = (columns >= start) & (columns < start + _AT_ONCE)
        says[rows[here], columns[here] - start] = said[here]
        found[block] = np.quantile(says, levels, axis=0).T
    return found
