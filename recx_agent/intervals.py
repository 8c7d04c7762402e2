"""Intervals of a mean over users, by the bootstrap."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 4000
LEVEL = 0.95


class Interval(NamedTuple):
    """A mean and the interval it is known to.

    ``n`` is the number of units (users) it was averaged over.
    """

    value: float
    low: float
    high: float
    n: int

    @property
    def clear_of_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low > 0.0 or self.high < 0.0

    def __str__(self) -> str:
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}]"


def bootstrap_mean(
    values: NDArray[Any],
    *,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Interval:
    """Percentile interval of the mean (Efron & Tibshirani 1993, section 13.3).

    Users are the unit that is drawn, with replacement: what one user likes says
    nothing of another, but two items of one user are not independent. For a paired
    comparison give the differences by user.

    Parameters
    ----------
    values : array, shape (n,)
        One value a user.
    resamples : int
        Bootstrap samples.
    level : float
        Share of the bootstrap means inside the interval.
    seed : int
        Of the resampling.

    Raises
    ------
    ValueError
        ``values`` is empty or holds something that is not finite.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or sample.size == 0 or not np.isfinite(sample).all():
        raise ValueError("a bootstrap needs a non-empty, finite sample of one dimension")
    random = np.random.default_rng(seed)
    n = len(sample)
    means = np.empty(resamples)
    # In blocks, so that a million users do not ask for gigabytes.
    block = max(1, 4_000_000 // n)
    for start in range(0, resamples, block):
        stop = min(start + block, resamples)
        means[start:stop] = sample[random.integers(0, n, size=(stop - start, n))].mean(axis=1)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return Interval(float(sample.mean()), float(low), float(high), n)
