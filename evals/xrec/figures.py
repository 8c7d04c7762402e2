"""The figures of one system's texts."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.intervals import Interval, bootstrap_mean
from recx_agent.evals.xrec import diversity
from recx_agent.evals.xrec.rows import Row
from recx_agent.evals.xrec.similarity import cosine, rouge_l
from recx_agent.evals.xrec.support import support
from recx_agent.factory import make_embedder
from recx_agent.protocols import TextEmbedder
from recx_agent.settings import RetrieverSettings, Settings

MEASURES = {
    "words_carried": "content words carried by the summaries",
    "sentences_carried": "sentences carried whole",
    "unique": "unique sentence ratio",
    "distinct_1": "distinct-1",
    "distinct_2": "distinct-2",
    "jaccard": "mean pairwise Jaccard",
    "opening": "open with the same four words",
    "rouge_l": "ROUGE-L to the reference",
    "cosine": "MiniLM cosine to the reference",
    "words": "words a text",
}
"""What is measured, by name, in words."""


@dataclass(frozen=True)
class Measured:
    """Figures of all texts, and the values of each row where a figure is their mean."""

    figures: Mapping[str, Interval]
    by_row: Mapping[str, NDArray[Any]]

    @classmethod
    def of(
        cls, texts: Sequence[str], rows: Sequence[Row], seed: int, is_reference: bool
    ) -> Measured:
        """Measure the texts of one system; the reference is not held against itself."""
        carried = [
            support(text, [row.title, row.user_summary, row.item_summary])
            for text, row in zip(texts, rows, strict=True)
        ]
        by_row = {
            "words_carried": np.array([one.words for one in carried]),
            "sentences_carried": np.array([one.sentences for one in carried]),
            "words": np.array([float(len(diversity.words_of(text))) for text in texts]),
        }
        if not is_reference:
            references = [row.reference for row in rows]
            by_row["rouge_l"] = rouge_l(texts, references)
            by_row["cosine"] = cosine(texts, references, _embedder())
        whole = {
            "unique": diversity.jackknife(texts, diversity.unique_sentences),
            "distinct_1": diversity.jackknife(texts, lambda own: diversity.distinct(own, 1)),
            "distinct_2": diversity.jackknife(texts, lambda own: diversity.distinct(own, 2)),
            "opening": diversity.jackknife(texts, diversity.same_opening),
            "jaccard": _jaccard(texts, seed),
        }
        means = {name: bootstrap_mean(values) for name, values in by_row.items()}
        return cls({**whole, **means}, by_row)

    def less(self, other: Measured) -> dict[str, Interval]:
        """Differences, paired by row."""
        return {
            name: bootstrap_mean(values - other.by_row[name])
            for name, values in self.by_row.items()
        }


@functools.cache
def _embedder() -> TextEmbedder:
    found = make_embedder(Settings(retriever=RetrieverSettings(text_embedder="minilm")))
    assert found is not None
    return found


def _jaccard(texts: Sequence[str], seed: int) -> Interval:
    """Over the fixed pairs; texts are left out with their pairs, for pairs share texts."""
    of = diversity.pairs(len(texts), seed)
    values = diversity.jaccard(texts, of)

    def over(kept: Sequence[int]) -> float:
        there = set(kept)
        own = [v for v, (a, b) in zip(values, of, strict=True) if a in there and b in there]
        return float(np.mean(own)) if own else float(values.mean())

    return diversity.jackknife(range(len(texts)), over)
