"""How the recommenders are trained and served."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, field_validator

from recx_agent.settings.section import Section

Choice = Literal["off", "auto", "on"]
"""``auto``: taken up if it gains on held-out positives, by more than chance."""


class ModelSettings(Section):
    """LightFM over history. Training weight of one of ``n`` drawn items is ``n^-½``."""

    context: Choice = Field("off", description="terms of what data.context names")
    disliked: Choice = Field("off", description="terms of items with a low rating")
    components: int = Field(64, ge=2, le=1024, description="factors of one run")
    runs: int = Field(2, ge=1, le=16, description="independent runs served as one model")
    epochs: int = Field(45, ge=1, description="passes over the positives")
    drawn_history: int = Field(20, ge=1, description="history items drawn per user and epoch")
    learning_rate: float = Field(0.02, gt=0)
    max_sampled: int = Field(30, ge=1, description="WARP: negatives tried per positive")
    item_alpha: float = Field(1e-4, ge=0)
    user_alpha: float = Field(1e-4, ge=0)
    half_life: float = Field(6.0, gt=0, description="serving: events after which a weight halves")
    scale: float = Field(1.0, gt=0, description="serving: factor on all history weights")
    min_attribute_items: int = Field(2, ge=1, description="items an attribute value must have")
    seed: int = Field(0, ge=0)
    threads: int = Field(0, ge=0, description="0: as many as there are cores")
    witnesses: bool = Field(
        True, description="fit, beside the model, who tells whether a history foretells itself"
    )


class AlsSettings(Section):
    """Implicit ALS: what ``recommender = "als"`` trains.

    Confidence of a history item of age ``a``: ``alpha · 2^(-a / half_life)``; in training
    ``alpha``. For factors made elsewhere (``item_factors``), ``alpha`` and ``regularization``
    are what those were trained with, and ``half_life`` is none unless it is given.
    """

    factors: int = Field(24, ge=2, le=1024)
    iterations: int = Field(15, ge=1)
    regularization: float = Field(1.0, gt=0)
    alpha: float = Field(3.0, gt=0, description="confidence of a positive")
    half_life: float | None = Field(
        6.0,
        gt=0,
        allow_inf_nan=True,
        description="serving: events after which confidence halves; inf: never",
    )
    seed: int = Field(0, ge=0)
    threads: int = Field(0, ge=0, description="0: as many as there are cores")
    witnesses: bool = Field(
        True, description="fit, beside the model, who tells whether a history foretells itself"
    )

    @field_validator("half_life")
    @classmethod
    def _never(cls, half_life: float | None) -> float | None:
        return None if half_life == math.inf else half_life
