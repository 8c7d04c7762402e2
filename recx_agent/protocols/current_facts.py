"""The hook for facts that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class CurrentFact:
    """A fact about an item that changes, such as its price or whether it is in stock.

    Attributes
    ----------
    name : str
        As a column would be called, such as ``"price"``.
    values : tuple of str
    as_of : datetime
        When it was so, with a time zone.
    """

    name: str
    values: tuple[str, ...]
    as_of: datetime


class CurrentFacts(Protocol):
    """The hook that is asked for changing facts when an answer is made."""

    def __call__(self, item_ids: Sequence[str], /) -> Mapping[str, Sequence[CurrentFact]]:
        """Facts of now by external item id; items may be missing."""
        ...
