"""What a user said, as it bears on a data set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.datasets.added import AddedEvent
from recx_agent.protocols import FeedbackEntry

LIKE = "like"
"""Type of the event that an item was liked by feedback."""


@dataclass(frozen=True)
class Said:
    """A user's feedback in force; items with those that the catalogue lists twice.

    Items and attributes that the data do not have any more are left out: the feedback stays,
    and counts again when they are back.

    Attributes
    ----------
    hidden : set of int
        Muted items: they weigh nothing, and nothing is said of them.
    disliked : set of int
        They may not come, and no liking of them counts.
    excluded : set of int
        They may not come, by themselves or for an attribute.
    muted : tuple of (str, str)
        Names and values of attributes that weigh nothing and are not told.
    likes : tuple of AddedEvent
        Items that were liked.
    """

    hidden: frozenset[int] = frozenset()
    disliked: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    muted: tuple[tuple[str, str], ...] = ()
    likes: tuple[AddedEvent, ...] = ()

    @classmethod
    def of(cls, feedback: Sequence[FeedbackEntry], dataset: Dataset) -> Said:
        """Find what feedback is about."""
        if not feedback:
            return cls()
        items = {
            kind: [e for e in feedback if (e.target, e.kind) == ("item", kind)]
            for kind in ("mute", "dislike", "exclude", "like")
        }
        excluded = _items(items["exclude"], dataset)
        for entry in feedback:
            if (entry.target, entry.kind) == ("attribute", "exclude"):
                excluded |= set(dataset.catalogue.having(entry.name, entry.value))
        muted = [(e.name, e.value) for e in feedback if (e.target, e.kind) == ("attribute", "mute")]
        return cls(
            hidden=_items(items["mute"], dataset),
            disliked=_items(items["dislike"], dataset),
            excluded=excluded,
            muted=tuple(pair for pair in muted if dataset.catalogue.having(*pair)),
            likes=tuple(
                AddedEvent(e.value, LIKE, time=int(e.since.timestamp()), number=number, id=e.id)
                for number, e in enumerate(items["like"], start=1)
            ),
        )


def _items(entries: Iterable[FeedbackEntry], dataset: Dataset) -> frozenset[int]:
    catalogue = dataset.catalogue
    known = {catalogue.aliases.get(entry.value, entry.value) for entry in entries}
    found = [catalogue.ids.internal(item) for item in known if item in catalogue.ids]
    if not found:
        return frozenset()
    return frozenset(dataset.with_twins(np.array(sorted(found), dtype=np.int32)).tolist())
