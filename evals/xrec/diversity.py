"""How varied the texts of one system are."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from recx_agent.evals.intervals import LEVEL, Interval

Unit = TypeVar("Unit")
PAIRS = 2000
_GROUPS = 20
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def words_of(text: str) -> list[str]:
    """Words in lower case."""
    return _WORD.findall(text.lower())


def distinct(texts: Sequence[str], n: int) -> float:
    """Different n-grams over all n-grams (Li et al. 2016); more texts have less of them."""
    grams = [
        tuple(words[at : at + n])
        for words in map(words_of, texts)
        for at in range(len(words) - n + 1)
    ]
    return len(set(grams)) / len(grams) if grams else 0.0


def unique_sentences(texts: Sequence[str]) -> float:
    """Different texts over all texts, called unique sentence ratio (Li, Zhang & Chen 2020)."""
    return len({" ".join(words_of(text)) for text in texts}) / len(texts)


def same_opening(texts: Sequence[str], words: int = 4) -> float:
    """Share of the texts that open with the commonest words."""
    openings = [tuple(words_of(text)[:words]) for text in texts]
    return max(openings.count(opening) for opening in set(openings)) / len(texts)


def pairs(count: int, seed: int = 0, number: int = PAIRS) -> list[tuple[int, int]]:
    """Pairs of different texts, the same for every system."""
    dice = random.Random(seed)
    return [tuple(dice.sample(range(count), 2)) for _ in range(number)]  # type: ignore[misc]


def jaccard(texts: Sequence[str], of: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """Shared words over all words of each pair."""
    sets = [set(words_of(text)) for text in texts]
    return np.array([len(sets[a] & sets[b]) / max(1, len(sets[a] | sets[b])) for a, b in of])


def jackknife(texts: Sequence[Unit], statistic: Callable[[Sequence[Unit]], float]) -> Interval:
    """Interval of what is no mean, each twentieth left out in turn.

    The bootstrap would draw texts twice and so call them less varied than they are
    (Efron & Tibshirani 1993, chapter 11).
    """
    groups = min(_GROUPS, len(texts))
    value = statistic(texts)
    if groups < 2:
        return Interval(value, value, value, len(texts))
    left = np.array(
        [statistic([x for n, x in enumerate(texts) if n % groups != g]) for g in range(groups)]
    )
    error = float(np.sqrt((groups - 1) / groups * ((left - left.mean()) ** 2).sum()))
    half = float(t.ppf((1 + LEVEL) / 2, groups - 1)) * error
    return Interval(value, value - half, value + half, len(texts))
