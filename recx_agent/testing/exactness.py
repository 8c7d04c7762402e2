"""How near a sum of contributions must come to a score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

OF_ANOTHER_LIBRARY = 1e-5
"""Against the score of a library in single precision."""
OF_ONE_S_OWN = 1e-9
"""Against a score of one's own, in double precision."""


def tolerance(
    values: NDArray[np.float64], baseline: float = 0.0, relative: float = OF_ANOTHER_LIBRARY
) -> float:
    """How far ``baseline + Σ values`` may be from the score they are the terms of.

    ``relative · (|baseline| + Σ|values|)``: an error of one contribution by 1 % is found
    where that one is more than a thousandth of the sum.
    """
    return relative * (abs(baseline) + float(np.abs(values).sum()))
