"""Two sorts of histories: those that foretell themselves, and those that came about by chance.

By chance every place of a like is equally likely. In a history that foretells itself higher
places are likelier, by one density for all such histories: a histogram that never falls. Both it
and the share of such histories are fitted by expectation and maximisation (Dempster, Laird & Rubin
1977), the histogram by pooling adjacent violators (Ayer et al. 1955).

Some histories foretell themselves more weakly, and a long one of them is still no chance. So in
the end there is a third sort between the two, whose density is the root of the first; with the
densities fixed, the shares are fitted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

BINS = 10
CLEAR = 1.645
"""Standard errors by which the places of all likes must lie above chance: the 5 % level."""
_TRIALS = 19
"""Worlds of chance that the data must beat in likelihood, all of them: the 5 % level."""
_STEPS, _STILL = 200, 1e-6
_LEAST_DENSITY = 1e-3
Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Mixture:
    """What is known of histories at large.

    Attributes
    ----------
    shares : tuple of float, length 2
        Of all histories, those that foretell themselves strongly, and weakly; the others came
        about by chance. Both are 0 where the model knows nobody.
    density : tuple of float, length BINS
        Of a like's place in a history that foretells itself strongly, against chance: the mean
        is 1, and none is below the one before.
    """

    shares: tuple[float, float]
    density: tuple[float, ...]

    @property
    def share(self) -> float:
        """Of all histories, those that foretell themselves."""
        return sum(self.shares)

    def likelihood(self, places: Float64) -> float:
        """How likely it is that a history with these places foretells itself; 0 to 1."""
        if not self.share:
            return 0.0
        ratios = self._logarithms[:, _bin(places)].sum(axis=1)
        shares = np.array([*self.shares, 1.0 - self.share])
        return 1.0 - float(_owned(shares, ratios[:, None])[-1, 0])

    @cached_property
    def _logarithms(self) -> Float64:
        return _logarithms(np.array(self.density))


NOBODY = Mixture((0.0, 0.0), (1.0,) * BINS)
"""The model knows nobody: every history may have come about by chance."""


def fit_mixture(histories: Sequence[Float64], seed: int = 0) -> Mixture:
    """Fit the mixture to the places of the likes of many histories.

    It is :data:`NOBODY` unless the places lie above chance, by a test that takes the likes of
    one history together, and the mixture is likelier than those of ``_TRIALS`` worlds of chance.

    Parameters
    ----------
    histories : sequence of float64 array
        Places, between 0 and 1, one array a history.
    seed : int
        Of the worlds of chance.
    """
    lead = np.array([float((places - 0.5).sum()) for places in histories])
    if lead.sum() <= CLEAR * float(np.sqrt(np.square(lead).sum())):
        return NOBODY
    counts = np.array([np.bincount(_bin(places), minlength=BINS) for places in histories])
    density, gain = _density(counts)
    random = np.random.default_rng(seed)
    sizes = counts.sum(axis=1)
    for _ in range(_TRIALS):
        if _density(random.multinomial(sizes, np.full(BINS, 1 / BINS)))[1] >= gain:
            return NOBODY
    strong, weak, _ = _shares(counts @ _logarithms(density).T)
    return Mixture((strong, weak), tuple(density.tolist()))


def _density(counts: NDArray[np.int64]) -> tuple[Float64, float]:
    """The density, and how much likelier the two sorts are than chance alone, as a logarithm."""
    share, density, gain = 0.5, _rising(counts.sum(axis=0)), -np.inf
    for _ in range(_STEPS):
        ratios = np.stack([counts @ np.log(density), np.zeros(len(counts))])
        shares = np.array([share, 1.0 - share])
        before = gain
        gain = float(np.logaddexp.reduce(np.log(shares)[:, None] + ratios).sum())
        if gain - before < _STILL * max(1.0, abs(gain)):
            break
        owned = _owned(shares, ratios)[0]
        # One history of each sort is taken for seen, so that no share is ever 0.
        share = float((owned.sum() + 1.0) / (len(counts) + 2.0))
        density = _rising(owned @ counts)
    return density, gain


def _shares(ratios: Float64) -> tuple[float, ...]:
    """The shares of sorts of known densities; ``ratios`` of shape (n_histories, n_sorts)."""
    sorts = ratios.shape[1]
    shares = np.full(sorts, 1.0 / sorts)
    for _ in range(_STEPS):
        before = shares
        shares = (_owned(shares, ratios.T).sum(axis=1) + 1.0) / (len(ratios) + sorts)
        if np.abs(shares - before).max() < _STILL:
            break
    return tuple(shares.tolist())


def _logarithms(density: Float64) -> Float64:
    """Of the densities of all three sorts, shape (3, BINS)."""
    weak = np.sqrt(density)
    return np.asarray(np.log(np.stack([density, weak / weak.mean(), np.ones(BINS)])))


def _owned(shares: Float64, ratios: Float64) -> Float64:
    """How likely each history is of each sort; shape (n_sorts, n_histories)."""
    logs = np.log(shares)[:, None] + ratios
    return np.asarray(np.exp(logs - np.logaddexp.reduce(logs)))


def _rising(weights: NDArray[np.number]) -> Float64:
    """The never falling density that is nearest to these counts; its mean is 1."""
    level = (weights + 1.0) / (weights.sum() + BINS) * BINS
    found = np.maximum(isotonic_regression(level).x, _LEAST_DENSITY)
    return np.asarray(found / found.mean())


def _bin(places: Float64) -> NDArray[np.int64]:
    return np.minimum((places * BINS).astype(np.int64), BINS - 1)
