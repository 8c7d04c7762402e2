"""A reader without a language model: goes by words, and by what such words were worth so far."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.scorers.effect.reading import Reading
from recx_agent.evals.scorers.effect.words import FEATURES, features

FOLDS = 5
BELIEF = 1.0
"""Weight of each feature for somebody who has learnt nothing yet: words are taken at face value."""
STUBBORN = 10.0
"""How many outcomes it takes, about, to change his mind."""
LEAST = 2
"""Other users that he must have learnt from."""


class WordReader:
    """Logistic regression on what a text says, taught by other users' outcomes.

    ``P(liked) = 1 / (1 + exp(-(a + w · x)))`` with the features ``x`` of
    :func:`~recx_agent.evals.scorers.effect.words.features`. He is taught with plain evidence,
    the facts known of each held-out item in words, and what its user thought of it; never with
    the writer's own texts, so that all writers are read by the same reader and one who
    exaggerates is believed. ``w`` minimises the log loss plus ``STUBBORN / 2 · |w - BELIEF|²``
    and is never negative: praise may turn out to be worth nothing, but not to be blame. He is
    cross-fitted: what he knows when he reads a user's text comes from users of other folds.

    Parameters
    ----------
    outcomes : sequence of HeldOut
    """

    def __init__(self, outcomes: Sequence[HeldOut]) -> None:
        self._outcomes = list(outcomes)

    @property
    def settings(self) -> dict[str, str]:
        """Kind, features, folds, and what he was taught with."""
        taught = hashlib.sha256(repr(self._outcomes).encode()).hexdigest()[:12]
        return {
            "reader": "words, no person",
            "features": " ".join(FEATURES),
            "folds": str(FOLDS),
            "taught": taught,
        }

    def read(self, text: str, user_id: str, language: str) -> Reading | None:
        """What the words make him expect."""
        known = self._folds[fold_of(user_id)]
        return None if known is None else known.told(features(text, language))

    def unread(self, user_id: str, language: str) -> Reading | None:
        """As much as the items of others were liked."""
        known = self._folds[fold_of(user_id)]
        return None if known is None else known.rating_at(known.share)

    @cached_property
    def _folds(self) -> list[Taught | None]:
        return [self._without(fold) for fold in range(FOLDS)]

    def _without(self, fold: int) -> Taught | None:
        taught = [one for one in self._outcomes if fold_of(one.user_id) != fold]
        if len({one.user_id for one in taught}) < LEAST or len({one.liked for one in taught}) < 2:
            return None
        seen = np.array([features("\n".join(one.evidence), one.language) for one in taught])
        liked = np.array([one.liked for one in taught], dtype=np.float64)
        ratings = np.array([one.rating for one in taught])
        start, weights = fitted(seen, liked)
        means = float(ratings[liked == 0].mean()), float(ratings[liked == 1].mean())
        return Taught(start, weights, float(liked.mean()), means)


class Taught:
    """What the reader has learnt.

    Parameters
    ----------
    start : float
        ``a``.
    weights : float64 array, shape (5,)
    share : float
        Of the items that were liked.
    means : (float, float)
        Mean rating of what was disliked, and of what was liked.
    """

    def __init__(
        self, start: float, weights: NDArray[np.float64], share: float, means: tuple[float, float]
    ) -> None:
        self.start, self.weights, self.share, self.means = start, weights, share, means

    def told(self, seen: NDArray[np.float64]) -> Reading:
        """What he expects of a text with these features."""
        return self.rating_at(float(expit(self.start + self.weights @ seen)))

    def rating_at(self, acceptance: float) -> Reading:
        """The mean of both kinds of rating, by how likely each is."""
        low, liked = self.means
        return Reading(acceptance, low + acceptance * (liked - low))


def fitted(
    seen: NDArray[np.float64], liked: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """``a`` and ``w`` of the penalised regression.

    Parameters
    ----------
    seen : float64 array, shape (n, d)
    liked : float64 array, shape (n,)
        0 or 1, both there.
    """
    count = seen.shape[1]

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits, apart = x[0] + seen @ x[1:], x[1:] - BELIEF
        fit = -(liked * log_expit(logits) + (1 - liked) * log_expit(-logits)).sum()
        missed = expit(logits) - liked
        slope = np.concatenate([[missed.sum()], missed @ seen + STUBBORN * apart])
        return float(fit + STUBBORN / 2 * apart @ apart), slope

    share = float(liked.mean())
    start = np.concatenate([[math.log(share / (1 - share))], np.full(count, BELIEF)])
    bounds = [(None, None), *[(0.0, None)] * count]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, tol=1e-10)
    return float(found.x[0]), np.asarray(found.x[1:])


def fold_of(user_id: str) -> int:
    """The fold of a user, in every run the same."""
    return int.from_bytes(hashlib.sha256(user_id.encode()).digest()[:4]) % FOLDS
