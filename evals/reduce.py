"""From the scores of single samples to one figure with its interval.

Users are the unit that is drawn: two texts of one user are no independent observations
(Miller 2024, "Adding error bars to evals", section 2.2). Writers are compared pair by pair, on
the cases that both have, which takes out how hard a case is (section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, t

from recx_agent.evals.intervals import LEVEL, RESAMPLES, Interval

Unit = TypeVar("Unit")
_GROUPS = 20
_IN_TAIL = 25
_BLOCK = 4_000_000


class Figure(NamedTuple):
    """A figure and the interval it is known to.

    Attributes
    ----------
    value : float
    low, high : float or None
        ``None`` with fewer than two users: nothing is known of how users differ.
    error : float or None
        Standard error.
    n : int
        Samples.
    users : int
    """

    value: float
    low: float | None
    high: float | None
    error: float | None
    n: int
    users: int

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval is there and 0 lies outside it."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def mean(
    values: Sequence[float] | NDArray[Any],
    users: Sequence[Hashable],
    *,
    bounds: tuple[float | None, float | None] = (None, None),
    level: float = LEVEL,
    seed: int = 0,
) -> Figure:
    """Mean over samples, with a percentile bootstrap over users.

    Whole users are drawn with replacement (Efron & Tibshirani 1993, section 8.6); the mean of a
    draw is that of its samples. Where every value is the same end of the range, no draw can
    tell anything, and "0 of 60" would be called exactly 0: the far end of the interval is then
    that of Clopper & Pearson (1934) for so many users.

    Parameters
    ----------
    values : array, shape (n,)
        One a sample.
    users : sequence, length n
        Whose sample it is.
    bounds : (float or None, float or None)
        Ends of the range of a value.
    level : float
        Share of such intervals that hold the true mean.
    seed : int

    Raises
    ------
    ValueError
        There are no values, one is not finite, or there are not as many users.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or sample.size == 0 or not np.isfinite(sample).all():
        raise ValueError("a mean needs a non-empty, finite sample of one dimension")
    if len(users) != len(sample):
        raise ValueError(f"{len(sample)} values of {len(users)} users")
    value, count = float(sample.mean()), len(sample)
    sums, sizes = by_user(sample, users)
    if len(sums) < 2:
        return Figure(value, None, None, None, count, len(sums))
    if sample.min() == sample.max() and value in bounds:
        low, high = _at_an_end(value, len(sums), bounds, level)
        return Figure(value, low, high, 0.0, count, len(sums))
    drawn = _drawn_means(sums, sizes, level, seed)
    tail = (1.0 - level) / 2.0
    low, high = (float(end) for end in np.quantile(drawn, [tail, 1.0 - tail]))
    return Figure(value, low, high, float(drawn.std(ddof=1)), count, len(sums))


def paired(
    one: Mapping[str, float],
    other: Mapping[str, float],
    user_of: Mapping[str, Hashable],
    *,
    level: float = LEVEL,
    seed: int = 0,
) -> Figure | None:
    """Mean of ``one`` less ``other`` over the cases that both have; ``None`` if there is none.

    Parameters
    ----------
    one, other : mapping of str to float
        Values by case.
    user_of : mapping of str to hashable
        Whose case it is.
    level, seed
        See :func:`mean`.
    """
    both = [key for key in one if key in other]
    if not both:
        return None
    differences = np.array([one[key] - other[key] for key in both])
    return mean(differences, [user_of[key] for key in both], level=level, seed=seed)


def jackknife(units: Sequence[Unit], statistic: Callable[[Sequence[Unit]], float]) -> Interval:
    """Interval of what is no mean, each twentieth left out in turn.

    The bootstrap would draw texts twice and so call them less varied than they are
    (Efron & Tibshirani 1993, chapter 11).
    """
    figure = jackknife_over(units, range(len(units)), statistic)
    if figure is None:
        raise ValueError("a jackknife needs something to leave out")
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    return Interval(figure.value, low, high, figure.n)


def jackknife_over(
    units: Sequence[Unit],
    users: Sequence[Hashable],
    statistic: Callable[[Sequence[Unit]], float | None],
    *,
    level: float = LEVEL,
) -> Figure | None:
    """Interval of a figure that is no mean: each twentieth of the users left out in turn.

    All units of a user are left out together; with one unit a user this is :func:`jackknife`.

    Parameters
    ----------
    units : sequence
    users : sequence, of the same length
    statistic : callable
        May give ``None`` where there is no such figure: then there is none here, or, if it
        has none for a part, no interval.
    level : float

    Returns
    -------
    Figure or None
    """
    value = statistic(units) if len(units) else None
    if value is None:
        return None
    number = {user: at for at, user in enumerate(dict.fromkeys(users))}
    groups = min(_GROUPS, len(number))
    plain = Figure(value, None, None, None, len(units), len(number))
    if groups < 2:
        return plain
    left = [
        statistic([u for u, user in zip(units, users, strict=True) if number[user] % groups != g])
        for g in range(groups)
    ]
    there = [one for one in left if one is not None]
    if len(there) < groups:
        return plain
    error, half = _half(np.array(there), level)
    return Figure(value, value - half, value + half, error, len(units), len(number))


def by_user(
    sample: NDArray[np.float64], users: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of each user's values, shape (n_users,) each, users as they first come."""
    number = {user: at for at, user in enumerate(dict.fromkeys(users))}
    at = np.array([number[user] for user in users])
    sums, sizes = np.zeros(len(number)), np.zeros(len(number))
    np.add.at(sums, at, sample)
    np.add.at(sizes, at, 1.0)
    return sums, sizes


def _drawn_means(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], level: float, seed: int
) -> NDArray[np.float64]:
    """Means of bootstrap samples: more of them the farther out the interval's ends are."""
    random, n = np.random.default_rng(seed), len(sums)
    resamples = max(RESAMPLES, int(np.ceil(2 * _IN_TAIL / (1.0 - level))))
    means = np.empty(resamples)
    block = max(1, _BLOCK // n)
    for start in range(0, resamples, block):
        stop = min(start + block, resamples)
        drawn = random.integers(0, n, size=(stop - start, n))
        means[start:stop] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means


def _at_an_end(
    value: float, users: int, bounds: tuple[float | None, float | None], level: float
) -> tuple[float, float]:
    low, high = bounds
    if low is None or high is None:
        return value, value
    reach = (high - low) * float(beta.ppf((1.0 + level) / 2.0, 1, users))
    return (value, value + reach) if value == low else (value - reach, value)


def _half(left: NDArray[np.float64], level: float) -> tuple[float, float]:
    """Standard error and half the interval's width from the figures without each group."""
    groups = len(left)
    error = float(np.sqrt((groups - 1) / groups * ((left - left.mean()) ** 2).sum()))
    return error, float(t.ppf((1.0 + level) / 2.0, groups - 1)) * error
