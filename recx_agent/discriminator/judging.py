"""How well references and generated texts are told apart, and what trivial features reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from recx_agent.discriminator.manner import Vocabulary
from recx_agent.intervals import LEVEL, Interval

RESAMPLES = 1000
_OPENING = 4
_SMOOTHING = 1.0

Floats = NDArray[np.float64]
Words = Sequence[Sequence[str]]


def auc(scores: Floats, reference: NDArray[np.bool_]) -> float:
    """Chance that a reference scores above a generated text, ties counting half.

    The Mann-Whitney statistic over its maximum (Hanley & McNeil 1982, section II).
    """
    ranks = rankdata(scores)
    first = int(reference.sum())
    second = len(reference) - first
    return float((ranks[reference].sum() - first * (first + 1) / 2) / (first * second))


def auc_interval(
    scores: Floats,
    reference: NDArray[np.bool_],
    users: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """AUC with a percentile interval; users are drawn, with all their texts."""
    _, owner = np.unique(np.asarray(users), return_inverse=True)
    count = int(owner.max()) + 1
    rows = [np.flatnonzero(owner == user) for user in range(count)]
    random = np.random.default_rng(seed)
    found = np.empty(resamples)
    for n in range(resamples):
        drawn = np.concatenate([rows[user] for user in random.integers(0, count, size=count)])
        found[n] = auc(scores[drawn], reference[drawn])
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(found, [tail, 1.0 - tail])
    return Interval(auc(scores, reference), float(low), float(high), count)


def by_length(train: Words, labels: NDArray[np.bool_]) -> Callable[[Words], Floats]:
    """Number of words alone, in the direction that training texts show."""
    longer = auc(_lengths(train), labels) >= 0.5
    return lambda texts: _lengths(texts) * (1.0 if longer else -1.0)


def _lengths(texts: Words) -> Floats:
    return np.array([len(words) for words in texts], dtype=np.float64)


def by_words(
    train: Words, labels: NDArray[np.bool_], vocabulary: Vocabulary
) -> Callable[[Words], Floats]:
    """Which words a text has, in no order: naive Bayes (Manning et al. 2008, section 13.2)."""
    counts = _counts(train, vocabulary)
    rates = []
    for of_reference in (True, False):
        total = counts[labels == of_reference].sum(axis=0) + _SMOOTHING
        rates.append(np.log(total / total.sum()))
    weights = rates[0] - rates[1]
    return lambda texts: np.asarray(_counts(texts, vocabulary) @ weights, dtype=np.float64)


def _counts(texts: Words, vocabulary: Vocabulary) -> Floats:
    found = np.zeros((len(texts), len(vocabulary)))
    for row, words in enumerate(texts):
        np.add.at(found[row], vocabulary.encode(words, len(words)), 1.0)
    return found


def by_opening(train: Words, labels: NDArray[np.bool_]) -> Callable[[Words], Floats]:
    """The first four words alone: how often each opening was a reference's in training."""
    seen: dict[tuple[str, ...], list[int]] = {}
    for words, label in zip(train, labels, strict=True):
        seen.setdefault(tuple(words[:_OPENING]), [0, 0])[int(label)] += 1

    def score(texts: Words) -> Floats:
        found = [seen.get(tuple(words[:_OPENING]), [0, 0]) for words in texts]
        return np.array([(yes + 1.0) / (no + yes + 2.0) for no, yes in found])

    return score


def same_opening(texts: Words) -> float:
    """Share of the texts that open with the commonest four words."""
    openings: dict[tuple[str, ...], int] = {}
    for words in texts:
        openings[tuple(words[:_OPENING])] = openings.get(tuple(words[:_OPENING]), 0) + 1
    return max(openings.values(), default=0) / max(1, len(texts))


def figures(interval: Interval) -> dict[str, Any]:
    """An interval for the manifest."""
    return {
        "value": interval.value,
        "low": interval.low,
        "high": interval.high,
        "users": interval.n,
    }
