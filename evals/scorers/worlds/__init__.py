"""Is the rule told where it can be known, and nothing where it cannot: planted worlds.

::

    sample   a sample with the rule of its user
    told     which items and attributes a text gives as its reason
    terms    whether the model's own terms carry the rule
    judges   both as scorers of samples

A text that follows the model cannot tell a rule that the model has not learned. So two things
are kept apart: whether the model's exact terms carry the rule, and whether the text tells the
part of it that they carry.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.sources import Sources
from recx_agent.evals.scorers.text.catalogue import features_of
from recx_agent.evals.scorers.worlds.judges import world_scorers

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every scorer; a sample of a user without a rule is unscored.

    Raises
    ------
    DataError
        The items cannot be read.
    """
    return world_scorers(features_of(sources))
