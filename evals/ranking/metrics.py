"""The metrics of the comparison; their definitions are those that training chooses by."""

from __future__ import annotations

from recx_agent.ranking_metrics import NOTHING, hits, ndcg, recall

__all__ = ["METRICS", "NOTHING", "hits", "ndcg", "recall"]

METRICS = {"recall": recall, "ndcg": ndcg}
