"""How near texts come to the reference: shared word order, and meaning by MiniLM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import SettingsError


def rouge_l(texts: Sequence[str], references: Sequence[str]) -> NDArray[Any]:
    """ROUGE-L, F measure (Lin 2004, section 3), of each text.

    Raises
    ------
    SettingsError
        The library ``rouge-score`` is missing.
    """
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError as error:
        raise SettingsError(
            f"ROUGE-L needs {error.name}, which is not installed; pip install 'recx-agent[evals]'"
        ) from error
    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    return np.array(
        [
            scorer.score(reference, text)["rougeL"].fmeasure
            for text, reference in zip(texts, references, strict=True)
        ]
    )


def cosine(vectors: NDArray[Any], references: NDArray[Any]) -> NDArray[Any]:
    """Cosine of unit vectors of shape (texts, dimensions), row by row."""
    return np.asarray((vectors * references).sum(axis=1), dtype=np.float64)
