"""Which events are a sign of liking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_positive(
    codes: NDArray[Any],
    kinds: Sequence[str],
    value: NDArray[Any],
    positive_from: float | None,
    ignored: Collection[str],
) -> NDArray[np.bool_]:
    """Judge events: one with a value by it, one without unless its type is ignored.

    Parameters
    ----------
    codes : int array, shape (n,)
        Position of each event's type in ``kinds``.
    kinds : sequence of str
        Event types.
    value : float array, shape (n,)
        NaN where there is none.
    positive_from : float or None
        The value from which on one is positive.
    ignored : collection of str
        Types that are never positive.
    """
    counts = np.array([kind not in ignored for kind in kinds], dtype=bool)
    result: NDArray[np.bool_] = counts[codes].copy()
    if positive_from is not None:
        valued = ~np.isnan(value)
        # Values are kept in single precision, so they are judged in it.
        high = value.astype(np.float32) >= np.float32(positive_from)
        result &= high | ~valued
    return result
