"""Ranking compared: equal data, equal search budgets, equal ranking code.

::

    task        what is trained on, what must be found again
    entrants    the models
    ranker      what a model must do; how all of them are ranked
    metrics     Recall@k and NDCG@k
    user_metrics   these and others of one list; facts: what they may look into
    exposure    what all lists together show of the catalogue
    making      the recommenders that a suite names
    search      random search with equal budgets, refit, test
    contest     the whole comparison
    report      rows, paired differences, choices; JSON and Markdown
    command     the same from the command line
"""

from __future__ import annotations

from recx_agent.evals.ranking.contest import run_ranking
from recx_agent.evals.ranking.report import RankingReport, write_report

__all__ = ["RankingReport", "run_ranking", "write_report"]
