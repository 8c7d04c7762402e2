"""What texts cost: time by stage, tokens, money; and how often a writer had to give up.

::

    times       percentiles of seconds by stage
    spent       tokens, requests, money; fallback, repair, abstention

Read from what samples say they took. Times are those of the run: of its machine, and of so many
texts at once; they are told, and no gate hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.service.spent import spent_scorers
from recx_agent.evals.scorers.service.times import time_scorers
from recx_agent.evals.scorers.sources import Sources

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """All of them; without prices nothing is said of money."""
    return (*time_scorers(), *spent_scorers(sources.prices))
