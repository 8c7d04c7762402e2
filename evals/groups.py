"""One figure by groups of users: the worst group, the largest gap, and what chance would give.

The largest of many differences is large by chance alone, and the more so the more and the
smaller the groups are: the gap is biased upward, and the worst group looks worse than it is.
So neither is given bare. Intervals hold for all groups, or all pairs, together (max-t: Hothorn,
Bretz & Westfall 2008; Romano & Wolf 2005), and beside the gap stands the one that is found when
the users are dealt to groups of the same sizes at random.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from recx_agent.evals.intervals import LEVEL
from recx_agent.evals.reduce import Figure, by_user, mean
from recx_agent.evals.scorers.base import Better

RESAMPLES = 2000
PERMUTATIONS = 2000
LEAST = 10
"""Users that a group must have: of fewer a bootstrap knows too little."""

User = TypeVar("User", bound=Hashable)
Bounds = tuple[float | None, float | None]


class Chance(NamedTuple):
    """The gap where group means nothing: users dealt to the groups at random.

    Attributes
    ----------
    value : float
        Mean gap.
    low, high : float
        Between which such gaps lie, as often as the level says.
    p : float
        Share of them that are at least as large as the one found (Phipson & Smyth 2010).
    """

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Grouped:
    """A figure by groups.

    Attributes
    ----------
    groups : mapping of str to Figure
        The mean of each group, with an interval of its own.
    left_out : mapping of str to int
        Users of groups that are too small.
    ungrouped : int
        Users of whom no group is known.
    worst : str or None
        The worst group; ``None`` where no direction is good, or there is only one group.
    worst_figure, gap : Figure or None
        With intervals that hold for all groups together.
    chance : Chance or None
    """

    groups: Mapping[str, Figure]
    left_out: Mapping[str, int]
    ungrouped: int
    worst: str | None = None
    worst_figure: Figure | None = None
    gap: Figure | None = None
    chance: Chance | None = None


def by_group(
    values: Sequence[float] | NDArray[np.float64],
    users: Sequence[User],
    group_of: Mapping[User, str],
    *,
    better: Better = "neither",
    bounds: Bounds = (None, None),
    least: int = LEAST,
    level: float = LEVEL,
    seed: int = 0,
) -> Grouped:
    """Compare groups of users by a mean over samples.

    Parameters
    ----------
    values : array, shape (n,)
        One a sample.
    users : sequence, length n
        Whose sample it is.
    group_of : mapping
        Group of a user; users that are not in it belong to none. The groups keep the order in
        which they first come here.
    better : str
        Which direction is good.
    bounds : (float or None, float or None)
        Ends of the range of a value.
    least : int
        Users that a group must have.
    level : float
    seed : int

    Raises
    ------
    ValueError
        A value is not finite, or there are not as many users.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or len(sample) != len(users) or not np.isfinite(sample).all():
        raise ValueError("groups need finite values, one a sample, and a user of each")
    people = list(dict.fromkeys(users))
    members: dict[str, list[User]] = {}
    for user in people:
        if user in group_of:
            members.setdefault(group_of[user], []).append(user)
    order = [name for name in dict.fromkeys(group_of.values()) if name in members]
    kept = {name: members[name] for name in order if len(members[name]) >= least}
    figures = {}
    for name, own in kept.items():
        chosen = set(own)
        at = [place for place, user in enumerate(users) if user in chosen]
        figures[name] = mean(sample[at], [users[place] for place in at], bounds=bounds, level=level)
    found = Grouped(
        groups=figures,
        left_out={name: len(members[name]) for name in order if name not in kept},
        ungrouped=len(people) - sum(len(own) for own in members.values()),
    )
    if len(kept) < 2:
        return found
    place = {user: at for at, user in enumerate(people)}
    sums, sizes = by_user(sample, users)
    split = [np.array([place[user] for user in own]) for own in kept.values()]
    random = np.random.default_rng(seed)
    drawn = _Drawn.of(figures, split, sums, sizes, bounds, level, random)
    worst = None if better == "neither" else drawn.worst(better)
    return Grouped(
        groups=found.groups,
        left_out=found.left_out,
        ungrouped=found.ungrouped,
        worst=None if worst is None else list(figures)[worst[0]],
        worst_figure=None if worst is None else worst[1],
        gap=drawn.gap(),
        chance=_chance(split, sums, sizes, level, random),
    )


@dataclass(frozen=True)
class _Drawn:
    """Means of the groups, and how far bootstrap samples stray from them.

    Attributes
    ----------
    figures : list of Figure
    means, errors : array, shape (n_groups,)
        Of small groups wider than the bootstrap's, as Student's t asks. Where all values of a
        group are one end of the range, the error is that which the far end of Clopper &
        Pearson's interval stands for: a bootstrap knows of none.
    strayed : array, shape (RESAMPLES, n_groups)
    """

    figures: list[Figure]
    means: NDArray[np.float64]
    errors: NDArray[np.float64]
    strayed: NDArray[np.float64]
    bounds: Bounds
    level: float

    @classmethod
    def of(
        cls,
        figures: Mapping[str, Figure],
        split: Sequence[NDArray[np.int64]],
        sums: NDArray[np.float64],
        sizes: NDArray[np.float64],
        bounds: Bounds,
        level: float,
        random: np.random.Generator,
    ) -> _Drawn:
        means = np.array([figure.value for figure in figures.values()])
        strayed = np.empty((RESAMPLES, len(split)))
        for at, own in enumerate(split):
            drawn = own[random.integers(0, len(own), size=(RESAMPLES, len(own)))]
            strayed[:, at] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1) - means[at]
        size = np.array([len(own) for own in split])
        wider = np.sqrt(size / (size - 1)) * t.ppf((1.0 + level) / 2.0, size - 1) / _normal(level)
        errors = strayed.std(axis=0, ddof=1) * wider
        for at, figure in enumerate(figures.values()):
            if not figure.error and figure.low is not None and figure.high is not None:
                errors[at] = (figure.high - figure.low) / _normal(level)
        return cls(list(figures.values()), means, errors, strayed, bounds, level)

    def worst(self, better: Better) -> tuple[int, Figure]:
        """The worst group, and between what the worst mean of all lies."""
        reach = self._critical(np.abs(self.strayed), self.errors) * self.errors
        end, at = (np.min, np.argmin) if better == "higher" else (np.max, np.argmax)
        place = int(at(self.means))
        low, high = float(end(self.means - reach)), float(end(self.means + reach))
        own, (least, most) = self.figures[place], self.bounds
        low = low if least is None else max(low, least)
        high = high if most is None else min(high, most)
        return place, own._replace(low=low, high=high, error=None)

    def gap(self) -> Figure:
        """The largest mean less the smallest, and between what the largest difference lies."""
        one, other = np.triu_indices(len(self.means), 1)
        differences = np.abs(self.means[one] - self.means[other])
        errors = np.hypot(self.errors[one], self.errors[other])
        reach = self._critical(np.abs(self.strayed[:, one] - self.strayed[:, other]), errors)
        low = max(0.0, float((differences - reach * errors).max()))
        high = float((differences + reach * errors).max())
        least, most = self.bounds
        if least is not None and most is not None:
            high = min(high, most - least)
        n, users = (sum(getattr(one, name) for one in self.figures) for name in ("n", "users"))
        return Figure(float(differences.max()), low, high, None, n, users)

    def _critical(self, strayed: NDArray[np.float64], errors: NDArray[np.float64]) -> float:
        """How many standard errors hold all of them together, the level's share of times."""
        there = errors > 0
        if not there.any():
            return 0.0
        largest = (strayed[:, there] / errors[there]).max(axis=1)
        return max(float(np.quantile(largest, self.level)), _normal(self.level))


def _chance(
    split: Sequence[NDArray[np.int64]],
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
    level: float,
    random: np.random.Generator,
) -> Chance:
    people = np.concatenate(split)
    starts = np.concatenate([[0], np.cumsum([len(own) for own in split])[:-1]])
    dealt = np.concatenate(
        [people[None], random.permuted(np.tile(people, (PERMUTATIONS, 1)), axis=1)]
    )
    means = np.add.reduceat(sums[dealt], starts, axis=1)
    means /= np.add.reduceat(sizes[dealt], starts, axis=1)
    gaps = means.max(axis=1) - means.min(axis=1)
    found, by_chance = gaps[0], gaps[1:]
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(by_chance, [tail, 1.0 - tail])
    reached = int((by_chance >= found - 1e-12).sum())
    p = (1 + reached) / (1 + PERMUTATIONS)
    return Chance(float(by_chance.mean()), float(low), float(high), p)


def _normal(level: float) -> float:
    return float(norm.ppf((1.0 + level) / 2.0))
