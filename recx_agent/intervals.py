"""Intervals of a mean over users: by the bootstrap, and over trainings as well."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

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


def gain_of_runs(with_it: NDArray[Any], without: NDArray[Any], *, level: float = LEVEL) -> Interval:
    """Interval of a difference of models that were each trained several times.

    Other users would have given another mean, and so would other seeds. Both count: an
    interval over users alone tells what these very trainings are worth, not what training
    with or without something is worth. The variances add up, users' of the difference and
    the runs' of each model (crossed random effects; Owen & Eckles 2012, section 2); degrees
    of freedom by Satterthwaite (1946).

    Parameters
    ----------
    with_it, without : arrays, shape (n_runs, n_users)
        One value for each run and user; at least two runs.
    level : float
        Share of such intervals that hold the true difference.

    Raises
    ------
    ValueError
        There are fewer than two runs or users, or something is not finite.
    """
    one, other = np.asarray(with_it, dtype=np.float64), np.asarray(without, dtype=np.float64)
    if one.ndim != 2 or one.shape != other.shape or min(one.shape) < 2:
        raise ValueError("a comparison of runs needs two runs or more, of the same users")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("a comparison of runs needs finite values")
    by_user = one.mean(axis=0) - other.mean(axis=0)
    samples = (by_user, one.mean(axis=1), other.mean(axis=1))
    parts = np.array([sample.var(ddof=1) / len(sample) for sample in samples])
    value, variance = float(by_user.mean()), float(parts.sum())
    half = 0.0
    if variance > 0.0:
        freedom = np.array([len(sample) - 1 for sample in samples])
        degrees = variance**2 / float((parts**2 / freedom).sum())
        half = float(stdtrit(degrees, (1.0 + level) / 2.0)) * variance**0.5
    return Interval(value, value - half, value + half, len(by_user))
