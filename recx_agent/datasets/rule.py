"""Which events are a sign of liking or of dislike: the scale of the values and its bounds."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.positive import is_positive
from recx_agent.datasets.tables import Column
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings

DEFAULT_PART = 0.75
"""Part of the scale from which on a value is positive, unless it is set."""

LOW_PART = 0.25
"""Part of the scale up to which a value is a low one, unless it is set."""


@dataclass(frozen=True)
class Rule:
    """What is positive, and what is a low value.

    Attributes
    ----------
    scale : tuple of float or None
        Lowest and highest possible value; ``None`` where there are no values.
    inferred : bool
        Whether the scale is the range of the data.
    positive_from : float or None
        The value from which on an event with a value is positive.
    disliked_to : float or None
        The value up to which a value is a low one; ``None`` where none is.
    """

    scale: tuple[float, float] | None = None
    inferred: bool = False
    positive_from: float | None = None
    disliked_to: float | None = None

    def positive(
        self, kinds: Column, value: NDArray[Any], ignored: Collection[str]
    ) -> NDArray[np.bool_]:
        """Judge events: one with a value by it, one without unless its type is ignored.

        Parameters
        ----------
        kinds : Column
            Event types.
        value : float array, shape (n,)
            NaN where there is none.
        ignored : collection of str
            Types that are never positive.
        """
        return is_positive(kinds.codes, kinds.values, value, self.positive_from, ignored)


def rule_of(
    values: NDArray[np.float64],
    settings: DataSettings,
    scale: tuple[float, float] | None = None,
    positive_from: float | None = None,
    disliked_to: float | None = None,
) -> Rule:
    """Work out the rule: declared, else that of the data set at hand, else from the data.

    Parameters
    ----------
    values : float array
        Values of the events that can be positive.
    settings : DataSettings
        May declare ``scale``, ``positive_from`` and ``disliked_to``.
    scale, positive_from, disliked_to : optional
        The rule of the data set that is extended.

    Raises
    ------
    SettingsError
        The declared scale is none, no value could be positive, or a value could be
        both positive and low.
    """
    if settings.scale is not None:
        low, high = settings.scale
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise SettingsError(
                f"scale: {low:g} to {high:g} is no scale; give the lowest and the highest value"
            )
        if settings.scale != scale:
            # A bound made for another scale means nothing on this one.
            positive_from = disliked_to = None
        scale = settings.scale
    inferred = scale is None and len(values) > 0
    if inferred:
        scale = (float(values.min()), float(values.max()))
    if scale is None:
        return Rule()
    low, high = scale
    bound = settings.positive_from if settings.positive_from is not None else positive_from
    bound = low + DEFAULT_PART * (high - low) if bound is None else bound
    if not bound <= high:
        raise SettingsError(
            f"positive_from: no value could be positive, for {bound:g} is above the scale "
            f"({low:g} to {high:g}); lower it or declare the scale"
        )
    if not inferred and bound < low:
        raise SettingsError(
            f"positive_from: every value would be positive, for {bound:g} is below the scale "
            f"({low:g} to {high:g}); raise it, or say {low:g} if that is meant"
        )
    return Rule(scale, inferred, bound, _low_bound(settings, scale, bound, disliked_to))


def _low_bound(
    settings: DataSettings,
    scale: tuple[float, float],
    positive_from: float,
    known: float | None,
) -> float | None:
    low, high = scale
    if settings.disliked_to is not None:
        if not settings.disliked_to < positive_from:
            raise SettingsError(
                f"disliked_to: {settings.disliked_to:g} is not below positive_from "
                f"({positive_from:g}), so a value could be both; lower it"
            )
        return settings.disliked_to
    bound = low + LOW_PART * (high - low) if known is None else known
    # Where nearly everything is positive, as with counts, no value is a low one.
    return bound if bound < positive_from else None
