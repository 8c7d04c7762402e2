"""Judges of texts: a scorer looks at one sample, a group scorer at all of one writer's.

::

    base        what a scorer is: one sample in; a value, an answer and the reason out
    sources     what a scorer may look into besides the sample: the raw data
    registry    which scorers there are, by family; packages can add their own
"""

from __future__ import annotations

from recx_agent.evals.scorers.base import (
    AnyScorer,
    Better,
    GroupScorer,
    Score,
    Scorer,
    is_group,
    judges,
    unscored,
    variants_of,
)
from recx_agent.evals.scorers.registry import families, scorers_of
from recx_agent.evals.scorers.sources import Sources

__all__ = [
    "AnyScorer",
    "Better",
    "GroupScorer",
    "Score",
    "Scorer",
    "Sources",
    "families",
    "is_group",
    "judges",
    "scorers_of",
    "unscored",
    "variants_of",
]
