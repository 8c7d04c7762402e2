"""The models that take part, one file each."""

from __future__ import annotations

from recx_agent.evals.ranking.entrants.als import ImplicitAls
from recx_agent.evals.ranking.entrants.configured import Configured
from recx_agent.evals.ranking.entrants.ease import Ease
from recx_agent.evals.ranking.entrants.lightfm_history import HistoryLightfm, TwoRuns
from recx_agent.evals.ranking.entrants.lightfm_identity import IdentityLightfm
from recx_agent.evals.ranking.entrants.listed import Listed
from recx_agent.evals.ranking.entrants.popularity import Popularity

__all__ = [
    "Configured",
    "Ease",
    "HistoryLightfm",
    "IdentityLightfm",
    "ImplicitAls",
    "Listed",
    "Popularity",
    "TwoRuns",
]
