"""Which column of LightFM's user features stands for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class UserColumns:
    """Liked items first, then, if they are terms, disliked ones, then contexts.

    Attributes
    ----------
    n_items : int
    disliked : bool
        Whether disliked items have columns.
    contexts : sequence of (str, str)
        Name and value of each context that has a column.
    """

    n_items: int
    disliked: bool = False
    contexts: Sequence[tuple[str, str]] = ()

    @property
    def total(self) -> int:
        """Number of columns."""
        return self._behind_items + len(self.contexts)

    @property
    def of_liked(self) -> slice:
        """Columns of liked items, by item."""
        return slice(0, self.n_items)

    @property
    def of_disliked(self) -> slice:
        """Columns of disliked items, by item; empty if they are no terms."""
        return slice(self.n_items, self._behind_items)

    @property
    def of_contexts(self) -> slice:
        """Columns of contexts, in their order."""
        return slice(self._behind_items, self.total)

    def of_context(self, context: tuple[str, str]) -> int:
        """Column of one context."""
        return self._behind_items + list(self.contexts).index(context)

    @property
    def _behind_items(self) -> int:
        return self.n_items * (2 if self.disliked else 1)
