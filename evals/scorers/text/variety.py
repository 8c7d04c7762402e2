"""How varied the texts of one writer are: figures of many texts, not of one."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.scorers.text.tokens import words_of

PAIRS = 2000
"""Pairs that are compared: enough for ±.005 of a mean, whatever the number of texts."""

_MARKED = re.compile('“[^“”]*”|《[^《》]*》|「[^「」]*」|"[^"]*"|‘[^‘’]*’')
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def distinct(texts: Sequence[str], n: int, language: str = "en") -> float:
    """Different n-grams over all n-grams; 0 to 1, higher is more varied, 0 if there are none.

    Li et al. 2016, "A diversity-promoting objective function for neural conversation models",
    section 5.3. n-grams do not run over the ends of texts. More texts have less of them, so it
    is compared between equal numbers of texts only.
    """
    grams = [
        tuple(words[at : at + n])
        for words in (words_of(text, language) for text in texts)
        for at in range(len(words) - n + 1)
    ]
    return len(set(grams)) / len(grams) if grams else 0.0


def unique_sentences(texts: Sequence[str], language: str = "en") -> float:
    """Different texts over all texts; 1/n to 1, higher is more varied.

    The unique sentence ratio USR of Li, Zhang & Chen 2020, "Generate neural template
    explanations for recommendation", section 4.2. It is saturated as soon as titles differ:
    read :func:`skeleton_share` and :func:`opener_share` beside it.
    """
    return len({" ".join(words_of(text, language)) for text in texts}) / len(texts)


def opener_share(texts: Sequence[str], words: int = 4, language: str = "en") -> float:
    """Share of the texts that open with the commonest words; 1/n to 1, lower is more varied.

    Ours: what a reader of a list notices first.
    """
    return _commonest([tuple(words_of(text, language)[:words]) for text in texts])


def skeleton(text: str, language: str = "en") -> tuple[str, ...]:
    """Words of a text with a mark for whatever is quoted or is a number."""
    bare = _NUMBER.sub(" numberslot ", _MARKED.sub(" titleslot ", text))
    return tuple(words_of(bare, language))


def skeleton_share(texts: Sequence[str], language: str = "en") -> float:
    """Share of the texts with the commonest skeleton; 1/n to 1, lower is more varied.

    Ours. A skeleton is the text less all that is quoted and all numbers, so a template that is
    filled in anew has one skeleton however many titles it names.
    """
    return _commonest([skeleton(text, language) for text in texts])


def _commonest(values: Sequence[Hashable]) -> float:
    return Counter(values).most_common(1)[0][1] / len(values)


def pairs(count: int, seed: int = 0, number: int = PAIRS) -> list[tuple[int, int]]:
    """Pairs of different texts, the same for every system."""
    dice = random.Random(seed)
    return [tuple(dice.sample(range(count), 2)) for _ in range(number)]  # type: ignore[misc]


def jaccard(
    texts: Sequence[str], of: Sequence[tuple[int, int]], language: str = "en"
) -> NDArray[Any]:
    """Shared words over all words of each pair (Jaccard 1912); 0 to 1.

    Returns
    -------
    array, shape (pairs,)
    """
    sets = [set(words_of(text, language)) for text in texts]
    return np.array([len(sets[a] & sets[b]) / max(1, len(sets[a] | sets[b])) for a, b in of])


def mean_jaccard(texts: Sequence[str], seed: int = 0, language: str = "en") -> float | None:
    """Mean of :func:`jaccard` over pairs of texts; lower is more varied.

    Every pair where there are no more than :data:`PAIRS`, else so many drawn by ``seed``.
    ``None`` for fewer than two texts.
    """
    count = len(texts)
    if count < 2:
        return None
    every = count * (count - 1) // 2
    if every <= PAIRS:
        of = [(a, b) for a in range(count) for b in range(a + 1, count)]
    else:
        of = pairs(count, seed)
    return float(jaccard(texts, of, language).mean())
