"""Deletion and insertion curves, and the areas under them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]


def worth(rank: int) -> float:
    """What a place on a list is worth: ``1 / log2(1 + rank)``, 1 for the first.

    The discount of NDCG (Järvelin & Kekäläinen 2002): between the first places a rank means
    much, far down it means little.
    """
    return 1.0 / math.log2(1.0 + rank)


def area(curve: Sequence[float] | Float64) -> float:
    """Area under a curve of equal steps, by trapezoids, over the width: 0 to 1 for such values.

    As of Petsiuk, Das & Saenko, "RISE" (BMVC 2018), section 4.

    Raises
    ------
    ValueError
        There are fewer than two points.
    """
    points = np.asarray(curve, dtype=np.float64)
    if len(points) < 2:
        raise ValueError(f"a curve of {len(points)} points has no area under it")
    return float((points[:-1] + points[1:]).mean() / 2.0)


def prefixes(order: Sequence[int]) -> list[tuple[int, ...]]:
    """Nothing, the first, the first two, … and all of them."""
    return [tuple(order[:size]) for size in range(len(order) + 1)]
