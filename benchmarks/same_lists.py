"""Whether two ranked lists are the same, with scores in single precision beside them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["same", "level", "different"]


def compare_lists(
    ours: NDArray[np.int32],
    theirs: NDArray[np.int32],
    scores: NDArray[np.float32],
    rounding: float,
) -> Verdict:
    """Compare two lists of the best items, best first.

    Parameters
    ----------
    ours, theirs : int arrays, shape (k,)
    scores : float32 array, shape (n_items,)
        Those that ``theirs`` was sorted by.
    rounding : float
        By how much such a score may be off.

    Returns
    -------
    str
        ``"same"``: item by item. ``"level"``: at each place the items are the same, or
        their scores differ by less than two such scores may by rounding alone, so that
        their order in single precision says nothing. ``"different"`` otherwise.
    """
    if len(ours) != len(theirs) or len(np.unique(ours)) != len(ours):
        return "different"
    if np.array_equal(ours, theirs):
        return "same"
    gap = np.abs(scores[ours].astype(np.float64) - scores[theirs])
    return "level" if bool(np.all(gap <= 2 * rounding)) else "different"
