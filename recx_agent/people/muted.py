"""A model without the terms of what a person has muted."""

from __future__ import annotations

from collections.abc import Collection

from recx_agent.protocols import AdditiveModel


def without_terms(model: AdditiveModel, muted: Collection[tuple[str, str]]) -> AdditiveModel:
    """The model with these attributes' terms left out; those it has no term of change nothing.

    Parameters
    ----------
    model : AdditiveModel
    muted : collection of (str, str)
        Names and values.
    """
    features = [
        position
        for position, feature in enumerate(model.features)
        if feature.kind == "attribute" and (feature.name, feature.value) in muted
    ]
    return model.muted(features) if features else model
