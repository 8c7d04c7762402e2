"""The words of a text: how near to a reference, how varied, how long.

::

    tokens      words and sentences, English and Chinese
    overlap     BLEU, ROUGE, cosine: against a reference
    bertscore   BERTScore, a family of its own: it needs a model
    variety     distinct-n, unique sentences, openers, skeletons, Jaccard: of many texts
    features    FMR, FCR, DIV
    carried     words that stand in the evidence
    shape       length, readability
    judges      all of them as scorers of samples

None of them says whether a text is true: a nearer text may be less so.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.sources import Sources
from recx_agent.evals.scorers.text import variety
from recx_agent.evals.scorers.text.catalogue import features_of
from recx_agent.evals.scorers.text.judges import (
    Carried,
    CorpusBleu,
    Rouge,
    Whole,
    feature_scorers,
    shapes,
)

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every text scorer; the features are the attribute values of the items file.

    Parameters
    ----------
    sources : Sources
        Without an items file the features are the gold ones of the samples.
    """
    return (
        CorpusBleu("bleu_1", 1),
        CorpusBleu("bleu_4", 4),
        Rouge("rouge_1", "rouge1"),
        Rouge("rouge_2", "rouge2"),
        Rouge("rouge_l", "rougeL"),
        Whole("distinct_1", lambda t, code: variety.distinct(t, 1, code), 0.0, 1.0, "higher"),
        Whole("distinct_2", lambda t, code: variety.distinct(t, 2, code), 0.0, 1.0, "higher"),
        Whole("usr", variety.unique_sentences, 0.0, 1.0, "higher"),
        Whole("opener_share", lambda t, c: variety.opener_share(t, 4, c), 0.0, 1.0, "lower"),
        Whole("skeleton_share", variety.skeleton_share, 0.0, 1.0, "lower"),
        Whole("jaccard", lambda t, c: variety.mean_jaccard(t, 0, c), 0.0, 1.0, "lower"),
        Carried(),
        *shapes(),
        *feature_scorers(features_of(sources)),
    )
