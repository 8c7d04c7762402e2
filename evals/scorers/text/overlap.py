"""How near texts come to a reference: words, their order, and vectors."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import SettingsError
from recx_agent.evals.scorers.text.tokens import is_chinese, words_of

KINDS = ("rouge1", "rouge2", "rougeL")
_SACREBLEU = {True: "zh", False: "13a"}


def bleu(
    texts: Sequence[str], references: Sequence[str], order: int = 4, language: str = "en"
) -> float:
    """Corpus BLEU (Papineni et al. 2002, section 2.3); 0 to 100, higher is nearer.

    That of sacrebleu (Post 2018) with its tokenisers: ``13a`` for English, ``zh`` for Chinese,
    which takes each character for a word; exponential smoothing, one reference a text, case
    kept. Its signature is ``nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp``. BLEU-1 has
    ``order=1``. Peers print theirs on the same scale, with other tokenisers: two figures are
    comparable only if both are printed with their signature.

    Parameters
    ----------
    texts, references : sequence of str
        Of equal length, one at least.
    order : int
        Longest n-gram.
    language : str

    Raises
    ------
    SettingsError
        The library ``sacrebleu`` is missing.
    """
    try:
        from sacrebleu import BLEU
    except ImportError as error:
        raise missing("BLEU", error) from error
    metric = BLEU(max_ngram_order=order, tokenize=_SACREBLEU[is_chinese(language)])
    return float(metric.corpus_score(list(texts), [list(references)]).score)


def rouge(
    texts: Sequence[str], references: Sequence[str], kind: str = "rougeL", language: str = "en"
) -> NDArray[Any]:
    """ROUGE-1, -2 or -L, F measure (Lin 2004, sections 2 and 3), of each text; 0 to 1.

    That of ``rouge-score``, with its own tokeniser and Porter stems for English; for Chinese
    each character is a word (:func:`~recx_agent.evals.scorers.text.tokens.words_of`), for its
    own tokeniser drops all that is not ASCII.

    Parameters
    ----------
    texts, references : sequence of str
        Of equal length.
    kind : str
        ``rouge1``, ``rouge2`` or ``rougeL``.
    language : str

    Returns
    -------
    array, shape (texts,)

    Raises
    ------
    SettingsError
        The library ``rouge-score`` is missing.
    """
    scorer = _rouge_scorer(is_chinese(language))
    return np.array(
        [
            scorer.score(reference, text)[kind].fmeasure
            for text, reference in zip(texts, references, strict=True)
        ]
    )


def rouge_l(texts: Sequence[str], references: Sequence[str]) -> NDArray[Any]:
    """ROUGE-L, F measure, of each English text; see :func:`rouge`."""
    return rouge(texts, references)


def cosine(vectors: NDArray[Any], references: NDArray[Any]) -> NDArray[Any]:
    """Cosine of unit vectors of shape (texts, dimensions), row by row; -1 to 1."""
    return np.asarray((vectors * references).sum(axis=1), dtype=np.float64)


def missing(what: str, error: ImportError, extra: str = "evals") -> SettingsError:
    """What to tell where a library is not installed."""
    return SettingsError(
        f"{what} needs {error.name}, which is not installed; pip install 'recx-agent[{extra}]'"
    )


class _Characters:
    """The tokeniser that rouge-score is handed for Chinese."""

    def tokenize(self, text: str) -> list[str]:
        return words_of(text, "zh")


@functools.cache
def _rouge_scorer(chinese: bool) -> Any:
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError as error:
        raise missing("ROUGE", error) from error
    if chinese:
        return RougeScorer(list(KINDS), tokenizer=_Characters())
    return RougeScorer(list(KINDS), use_stemmer=True)
