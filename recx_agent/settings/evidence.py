"""What is handed over as evidence."""

from __future__ import annotations

from pydantic import Field

from recx_agent.settings.section import Section


class EvidenceSettings(Section):
    """When a term may be told as a cause, and how much evidence is handed over."""

    max_causes: int = Field(3, ge=1, le=3, description="causes told as one group")
    min_share: float = Field(0.20, ge=0, le=1, description="share of Σ|terms| a group needs")
    most_ratio: float = Field(1.25, ge=1, description="first over second to have weighed most")
    min_fraction_of_first: float = Field(
        1 / 3, ge=0, le=1, description="a cause smaller than this part of the first is left out"
    )
    against_share: float = Field(
        0.05, ge=0, le=1, description="share of Σ|terms| at which a negative term is told"
    )
    everyone_share: float = Field(
        0.15, ge=0, le=1, description="share of Σ|terms| at which the item's standing is told"
    )
    foretold_from: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how likely a history must foretell itself for a reason; 0: no matter",
    )
    history_budget: int = Field(6, ge=1, description="history items handed over as evidence")
    fact_budget: int = Field(4, ge=0, description="catalogue facts handed over as evidence")
    support_budget: int = Field(1, ge=0, description="texts of the user's own handed over")
    min_similarity: float = Field(
        0.35, ge=-1, le=1, description="cosine from which a text counts as being about an item"
    )


class FactsSettings(Section):
    """Facts that change, asked for when an answer is made."""

    hook: str | None = Field(None, description="'module:function'; see protocols.CurrentFacts")
    max_age_seconds: float = Field(3600.0, gt=0, description="older facts are left out")
    timeout_seconds: float = Field(0.5, gt=0, description="then the facts are left out")
