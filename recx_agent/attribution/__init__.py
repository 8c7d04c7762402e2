"""A score taken apart: exact terms, ranks without each, exact what-ifs."""

from __future__ import annotations

from recx_agent.attribution.counterfactual import Removal, find_removal
from recx_agent.attribution.item_attribution import ItemAttribution, attribute_items
from recx_agent.attribution.standing import Standing
from recx_agent.attribution.terms import feature_terms, history_terms, pair_terms
from recx_agent.attribution.views import NAMED, Unnamed

__all__ = [
    "NAMED",
    "ItemAttribution",
    "Removal",
    "Standing",
    "Unnamed",
    "attribute_items",
    "feature_terms",
    "find_removal",
    "history_terms",
    "pair_terms",
]
