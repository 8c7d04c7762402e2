"""Typed evidence for one explanation: causes, facts, own texts, in ids that can be cited.

::

    history         a user's events as the index gave them back, checked
    evidence_set    what one explanation can cite
    pieces          one piece of each sort, and its fields
      → builder     chooses the pieces within a budget
"""

from __future__ import annotations

from recx_agent.evidence.builder import EvidenceBuilder
from recx_agent.evidence.evidence_set import NOTHING_BESIDE, Beside, EvidenceSet, Told
from recx_agent.evidence.history import EventsByItem, retrieved_by_item, retrieved_terms
from recx_agent.evidence.pieces import Pieces

__all__ = [
    "NOTHING_BESIDE",
    "Beside",
    "EventsByItem",
    "EvidenceBuilder",
    "EvidenceSet",
    "Pieces",
    "Told",
    "retrieved_by_item",
    "retrieved_terms",
]
