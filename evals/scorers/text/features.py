"""Features that texts speak of: FMR, FCR and DIV, as peers report them.

Li, Zhang & Chen 2020, "Generate neural template explanations for recommendation" (NETE),
section 4.2; Li, Zhang & Chen 2021 (PETER), section 4.3. A feature is a word or phrase of a fixed
set; a text speaks of it if its words stand in it one after the other. FMR asks for the feature
of the held-out text: it says something only of writers that were not given it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from recx_agent.evals.scorers.text.tokens import words_of
from recx_agent.evals.scorers.text.variety import PAIRS, pairs


def spoken_of(text: str, features: Collection[str], language: str = "en") -> frozenset[str]:
    """The features that a text speaks of."""
    words = words_of(text, language)
    grams: dict[int, set[tuple[str, ...]]] = {}
    found = set()
    for feature in features:
        wanted = tuple(words_of(feature, language))
        n = len(wanted)
        if n and n not in grams:
            grams[n] = {tuple(words[at : at + n]) for at in range(len(words) - n + 1)}
        if n and wanted in grams[n]:
            found.add(feature)
    return frozenset(found)


def matching_ratio(texts: Sequence[str], gold: Sequence[str], language: str = "en") -> float:
    """FMR: share of the texts that speak of their own gold feature; 0 to 1, higher is better."""
    hits = [
        bool(spoken_of(text, [feature], language))
        for text, feature in zip(texts, gold, strict=True)
    ]
    return sum(hits) / len(hits)


def coverage_ratio(texts: Sequence[str], features: Collection[str], language: str = "en") -> float:
    """FCR: features that any text speaks of, over all features; 0 to 1, higher is better."""
    told: set[str] = set()
    for text in texts:
        told |= spoken_of(text, features, language)
    return len(told) / len(set(features))


def diversity(
    texts: Sequence[str], features: Collection[str], language: str = "en", seed: int = 0
) -> float | None:
    """DIV: mean number of features that two texts share; from 0, lower is more varied.

    Over all pairs, or :data:`~recx_agent.evals.scorers.text.variety.PAIRS` drawn by ``seed``
    where there are more; ``None`` for fewer than two texts.
    """
    count = len(texts)
    if count < 2:
        return None
    told = [spoken_of(text, features, language) for text in texts]
    if count * (count - 1) // 2 <= PAIRS:
        of = [(a, b) for a in range(count) for b in range(a + 1, count)]
    else:
        of = pairs(count, seed)
    return sum(len(told[a] & told[b]) for a, b in of) / len(of)
