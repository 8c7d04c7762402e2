"""Does the text follow the model: what it tells as causes, asked of the model itself.

::

    told         the history items and attributes that a text tells as causes
    cuts         scores and ranks with evidence taken away, or with nothing else left
    curves       what a place is worth; areas
    case         a sample beside the model that served it
    ranks_told   "without X it would rank 14th"
    measures     case in, score out
    judges       all of them as scorers of samples
    sanity       the text must change when what it rests on changes

Nothing is taken from what the evidence says of itself: a cause is an id, and what it does to score
and rank is asked of the model. So texts of any writer can be measured that name what the user
did.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.faithful.judges import FAMILY, faithful_scorers
from recx_agent.evals.scorers.faithful.sanity import sanity_scorers
from recx_agent.evals.scorers.sources import Sources

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every measure; without the model of a workspace each sample is unscored."""
    return *faithful_scorers(sources.served), *sanity_scorers(FAMILY)
