"""Is it true: a checker of its own, which reads the raw data files.

::

    data        the interactions and items files, read without the rest of the project
    marking     puts titles in marks, where a writer left them out
    known/      sentences of the templates: tables of all there are, read back whole
    free/       sentences in free words: each mark and word is accounted for, or held unread
    written     one explanation, whoever wrote its sentences
    case        a sample, as the checks look at it
    citations   citation precision and recall (ALCE)
    claims      claim precision, recall, F1; exact titles, numbers, dates, names, quotes
    preference  appeals to what the user does not hold (P-EHR)
    judges      all of them as scorers of samples

Nothing here imports the verifier, nor the words it knows. What a piece of evidence says is looked
up in the files; what is taken from the explanation are the terms of its score.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.grounded.judges import grounded_scorers
from recx_agent.evals.scorers.grounded.source import raw_of
from recx_agent.evals.scorers.sources import Sources

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every check; without raw files each sample is unscored.

    Raises
    ------
    DataError
        The files cannot be read.
    """
    return grounded_scorers(raw_of(sources))
