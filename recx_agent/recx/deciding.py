"""What users decide for themselves."""

from __future__ import annotations

from recx_agent.recx.opened import Opened
from recx_agent.schemas import (
    HiddenRef,
)


class Deciding(Opened):
    """What a user decides, in force at once."""

    def hide(self, user_id: str, item: str) -> bool:
        """Hide an item for a user: it weighs nothing, and is told nowhere, from now on.

        Returns whether it was not hidden before.
        """
        return self._people.hide(user_id, item)

    def unhide(self, user_id: str, item: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        return self._people.unhide(user_id, item)

    def hidden(self, user_id: str) -> tuple[HiddenRef, ...]:
        """The items a user has hidden, in that order; those of a privacy rule left out."""
        return self._people.hidden_refs(user_id)
