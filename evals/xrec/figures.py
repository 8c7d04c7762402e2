"""The figures of one system's texts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.intervals import Interval, bootstrap_mean
from recx_agent.evals.reduce import jackknife
from recx_agent.evals.scorers.text import variety
from recx_agent.evals.scorers.text.carried import support
from recx_agent.evals.scorers.text.overlap import cosine, rouge_l
from recx_agent.evals.scorers.text.tokens import words_of
from recx_agent.evals.xrec.rows import Row
from recx_agent.factory import make_embedder
from recx_agent.protocols import Chooser, TextEmbedder
from recx_agent.schemas import GivenExplanation
from recx_agent.settings import RetrieverSettings, Settings

MEASURES = {
    "own": "share with sentences of the model's own",
    "supported": "share whose draft passed whole, at the first try",
    "words_carried": "content words carried by the summaries",
    "sentences_carried": "sentences carried whole",
    "unique": "unique sentence ratio",
    "distinct_1": "distinct-1",
    "distinct_2": "distinct-2",
    "jaccard": "mean pairwise Jaccard",
    "opening": "open with the same four words",
    "rouge_l": "ROUGE-L to the reference",
    "cosine": "MiniLM cosine to the reference",
    "score": "the discriminator's score",
    "words": "words a text",
}
"""What is measured, by name, in words."""

_WHOLE: dict[str, Callable[[Sequence[str]], float]] = {
    "unique": variety.unique_sentences,
    "distinct_1": lambda texts: variety.distinct(texts, 1),
    "distinct_2": lambda texts: variety.distinct(texts, 2),
    "opening": variety.opener_share,
}
"""What is no mean of rows, with how it is computed."""


@dataclass(frozen=True)
class Measured:
    """The figures of one system's texts.

    Attributes
    ----------
    figures : mapping of str to Interval
        By measure.
    by_row : mapping of str to array, shape (rows,)
        The values of each row where a figure is their mean.
    texts : sequence of str
    """

    figures: Mapping[str, Interval]
    by_row: Mapping[str, NDArray[Any]]
    texts: Sequence[str]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        rows: Sequence[Row],
        *,
        seed: int,
        is_reference: bool = False,
        told: Sequence[GivenExplanation] = (),
        chooser: Chooser | None = None,
    ) -> Measured:
        """Measure the texts of one system.

        Parameters
        ----------
        texts : sequence of str
        rows : sequence of Row
        seed : int
            Of the pairs that are compared.
        is_reference : bool
            The reference is not held against itself.
        told : sequence of GivenExplanation
            Ours: whose sentences they are.
        chooser : Chooser, optional
            Scores the texts.
        """
        carried = [
            support(text, [row.title, row.user_summary, row.item_summary])
            for text, row in zip(texts, rows, strict=True)
        ]
        by_row = {
            "words_carried": np.array([one.words for one in carried]),
            "sentences_carried": np.array([one.sentences for one in carried]),
            "words": np.array([float(len(words_of(text))) for text in texts]),
        }
        if told:
            by_row["own"] = np.array([float(one.writer.kind == "llm") for one in told])
            by_row["supported"] = np.array([float(one.verdict == "supported") for one in told])
        if chooser is not None:
            by_row["score"] = np.array(chooser.scores(texts))
        if not is_reference:
            references = tuple(row.reference for row in rows)
            by_row["rouge_l"] = rouge_l(texts, references)
            by_row["cosine"] = cosine(_vectors(tuple(texts)), _vectors(references))
        whole = {name: jackknife(texts, of) for name, of in _WHOLE.items()}
        whole["jaccard"] = _jaccard(texts, seed)
        means = {name: bootstrap_mean(values) for name, values in by_row.items()}
        return cls({**whole, **means}, by_row, texts)

    def less(self, other: Measured) -> dict[str, Interval]:
        """Differences, paired by row; of what is no mean, both systems lose the same rows."""
        both = list(zip(self.texts, other.texts, strict=True))
        whole = {name: jackknife(both, _difference(of)) for name, of in _WHOLE.items()}
        means = {
            name: bootstrap_mean(values - other.by_row[name])
            for name, values in self.by_row.items()
        }
        return {**whole, **means}


def _difference(
    of: Callable[[Sequence[str]], float],
) -> Callable[[Sequence[tuple[str, str]]], float]:
    def less(both: Sequence[tuple[str, str]]) -> float:
        return of([ours for ours, _ in both]) - of([others for _, others in both])

    return less


@functools.lru_cache(maxsize=2)
def _vectors(texts: tuple[str, ...]) -> NDArray[np.float32]:
    """Sentence vectors; those of the references serve every system."""
    return _embedder().embed(texts)


@functools.cache
def _embedder() -> TextEmbedder:
    found = make_embedder(Settings(retriever=RetrieverSettings(text_embedder="minilm")))
    assert found is not None
    return found


def _jaccard(texts: Sequence[str], seed: int) -> Interval:
    """Over the fixed pairs; texts are left out with their pairs, for pairs share texts."""
    of = variety.pairs(len(texts), seed)
    values = variety.jaccard(texts, of)

    def over(kept: Sequence[int]) -> float:
        there = set(kept)
        own = [v for v, (a, b) in zip(values, of, strict=True) if a in there and b in there]
        return float(np.mean(own)) if own else float(values.mean())

    return jackknife(range(len(texts)), over)
