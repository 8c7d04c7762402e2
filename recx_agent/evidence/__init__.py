"""Typed evidence for one explanation: causes, facts, in ids that can be cited."""

from __future__ import annotations

from recx_agent.evidence.builder import EvidenceBuilder, EvidenceSet
from recx_agent.evidence.history import EventsByItem, retrieved_by_item, retrieved_terms

__all__ = [
    "EventsByItem",
    "EvidenceBuilder",
    "EvidenceSet",
    "retrieved_by_item",
    "retrieved_terms",
]
