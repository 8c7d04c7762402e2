"""A score taken apart: exact terms, ranks without each, exact what-ifs."""

from __future__ import annotations

from recx_agent.attribution.item_attribution import ItemAttribution, attribute_items
from recx_agent.attribution.standing import Standing
from recx_agent.attribution.terms import feature_terms, history_terms, pair_terms

__all__ = [
    "ItemAttribution",
    "Standing",
    "attribute_items",
    "feature_terms",
    "history_terms",
    "pair_terms",
]
