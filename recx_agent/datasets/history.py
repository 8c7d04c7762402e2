"""What one score is summed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Items = NDArray[np.int32] | Sequence[int]


@dataclass(frozen=True)
class History:
    """What a score is summed over: the user's distinct items, newest first, and the context.

    Attributes
    ----------
    items : int32 array, shape (n,)
        Internal item ids: the positive ones first, then those with a low rating.
    ages : float64 array, shape (n,)
        Age of each in events of its own sort: 0 for the newest, then 1, 2, …. An item
        keeps its age when another one is removed or added.
    disliked : bool array, shape (n,)
        Whether an item is there for its low rating.
    context : tuple of (str, str)
        Name and value of what is known of the moment that is asked for.
    """

    items: NDArray[np.int32]
    ages: NDArray[np.float64]
    disliked: NDArray[np.bool_]
    context: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.items)

    def without(self, items: Items) -> History:
        """Return the history less ``items``; the others keep their ages."""
        kept = ~np.isin(self.items, items)
        return replace(
            self, items=self.items[kept], ages=self.ages[kept], disliked=self.disliked[kept]
        )

    def with_newest(self, items: Items) -> History:
        """Return the history with ``items`` as newest (age 0); the others keep their ages."""
        fresh = np.asarray(items, dtype=np.int32)
        rest = self.without(fresh)
        return replace(
            rest,
            items=np.concatenate([fresh, rest.items]),
            ages=np.concatenate([np.zeros(len(fresh)), rest.ages]),
            disliked=np.concatenate([np.zeros(len(fresh), dtype=bool), rest.disliked]),
        )

    @classmethod
    def of(
        cls,
        liked: Items,
        disliked: Items = (),
        context: Mapping[str, str] | None = None,
    ) -> History:
        """Make a history of items, each sort newest first, and of a context."""
        own, low = np.asarray(liked, dtype=np.int32), np.asarray(disliked, dtype=np.int32)
        return cls(
            items=np.concatenate([own, low]),
            ages=np.concatenate([np.arange(len(own)), np.arange(len(low))]).astype(np.float64),
            disliked=np.arange(len(own) + len(low)) >= len(own),
            context=tuple(sorted((context or {}).items())),
        )
