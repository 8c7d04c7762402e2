"""Which users belong together: by how active they are, and by what their file says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals.groups import LEAST
from recx_agent.settings.section import Section

ACTIVITY, DECLARED = "activity", "*"
_FEW = 8
"""Different numbers of an attribute from which on users are grouped by ranges of it."""

Grouping = Mapping[str, str]
"""Group of each user of whom it is known, by external id; groups in their own order."""


class FairSpec(Section):
    """By which groups of users a suite's figures are told apart."""

    by: tuple[str, ...] = Field(
        (), description="'activity', attributes of the users file, or '*' for all of these"
    )
    metrics: tuple[str, ...] = Field(
        (), description="what is compared; every mean that has a good direction if unset"
    )
    quantiles: int = Field(4, ge=2, le=20, description="groups of activity and of numbers")
    least: int = Field(LEAST, ge=2, description="users that a group must have")
    exposure: tuple[str, ...] = Field(
        (), description="item attributes whose values' share of the lists is told"
    )

    @field_validator("by", "metrics", "exposure")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a name stands here twice")
        return names


def groupings_of(dataset: Dataset, spec: FairSpec) -> dict[str, Grouping]:
    """The groups of all users.

    Activity is the number of a user's events. Numbers (an age) are cut into ranges with about
    as many users each; a user of whom the file says nothing belongs to no group.

    Parameters
    ----------
    dataset : Dataset
    spec : FairSpec

    Returns
    -------
    dict of str to mapping of str to str
        In the order of ``spec.by``; ``*`` stands for the attributes that are not named.

    Raises
    ------
    SettingsError
        The users have no such attribute, or the items none that ``exposure`` names.
    """
    items = dataset.catalogue.attributes
    if alien := [name for name in spec.exposure if name not in items]:
        raise SettingsError(
            f"[fair] exposure: items have no {alien[0]!r}; there is {', '.join(items) or 'nothing'}"
        )
    found: dict[str, Grouping] = {}
    for name in _named(dataset, spec):
        if name == ACTIVITY and name not in dataset.user_attributes:
            counts = np.bincount(dataset.events.user, minlength=len(dataset.users))
            ids = [user for user, count in zip(dataset.users, counts, strict=True) if count]
            found[name] = _ranges(ids, counts[counts > 0].astype(np.float64), spec.quantiles)
        else:
            found[name] = _by_attribute(dataset, name, spec.quantiles)
    return found


def _named(dataset: Dataset, spec: FairSpec) -> list[str]:
    known = list(dataset.user_attributes)
    names: list[str] = []
    for name in spec.by:
        if name == DECLARED:
            names += [one for one in known if one not in spec.by]
        elif name == ACTIVITY or name in known:
            names.append(name)
        else:
            raise SettingsError(
                f"[fair] by: users have no {name!r}; there is {', '.join([ACTIVITY, *known])}. "
                "Fit the workspace with a users file that has it"
            )
    return names


def _by_attribute(dataset: Dataset, name: str, quantiles: int) -> Grouping:
    told = {
        user: value.strip()
        for user, value in zip(dataset.users, dataset.user_attributes[name], strict=True)
        if value.strip()
    }
    numbers = [_number(value) for value in told.values()]
    if None not in numbers and len(set(numbers)) > _FEW:
        return _ranges(list(told), np.array(numbers, dtype=np.float64), quantiles)
    return dict(sorted(told.items(), key=lambda pair: pair[1]))


def _ranges(ids: Sequence[str], numbers: NDArray[np.float64], quantiles: int) -> Grouping:
    """Ranges with about as many users each; equal numbers stay together."""
    if not len(ids):
        return {}
    shares = np.arange(1, quantiles) / quantiles
    edges = np.unique(np.quantile(numbers, shares, method="inverted_cdf"))
    places = np.searchsorted(edges, numbers, side="left")
    groups: dict[str, str] = {}
    for place in np.unique(places):
        own = np.flatnonzero(places == place)
        low, high = numbers[own].min(), numbers[own].max()
        label = f"{low:g}" if low == high else f"{low:g}–{high:g}"
        groups |= {ids[int(at)]: label for at in own}
    return groups


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
