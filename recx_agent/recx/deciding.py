"""What users say and do, in force with the next answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recx_agent.feedback import Decisions, NewEvents
from recx_agent.protocols import FeedbackKind
from recx_agent.recx.opened import Opened, checked
from recx_agent.schemas import (
    AddedEventRef,
    EventsAdded,
    FeedbackGiven,
    FeedbackRef,
    HiddenRef,
)

if TYPE_CHECKING:
    import pandas as pd


class Deciding(Opened):
    """Feedback and new events; no training is needed, and every program sees them at once."""

    def feedback(
        self,
        user_id: str,
        kind: FeedbackKind,
        what: str | None = None,
        *,
        about: str | None = None,
        k: int = 10,
    ) -> FeedbackGiven:
        """Keep what a user says of an item or an attribute.

        Parameters
        ----------
        user_id : str
        kind : str
            ``"mute"``: an item of the history weighs nothing and is evidence nowhere; an
            attribute's term leaves the sum, and it is told no more. ``"exclude"``: an item, or
            every item with an attribute, may not come. ``"dislike"``: an item may not come,
            and that it was liked counts no more. ``"like"``: an item enters the history.
        what : str, optional
            Item by id or title, or attribute as ``name=value`` or, where unique, ``value``.
        about : str, optional
            In the place of ``what``: a recommended item; what is told as the reason of it
            is meant ("not because of that").
        k : int
            Length of the list that is looked at for it.

        Raises
        ------
        UnclearReason
            Several things may be meant; carries them. Nothing was changed.
        NotOffered
            The model has no term of the attribute.
        UnknownUser, UnknownItem, UnknownAttribute, Withheld, UsageError
        """
        return self._decisions.give(user_id, kind, what, about, checked(k))

    def feedback_of(self, user_id: str, *, undone: bool = False) -> tuple[FeedbackRef, ...]:
        """What a user said, oldest first; with what was undone if asked for."""
        return self._decisions.listed(user_id, undone=undone)

    def undo_feedback(self, user_id: str, feedback_id: str | None = None) -> FeedbackRef:
        """Undo feedback by its id, or what was said last.

        Raises
        ------
        UnknownFeedback
            There is none such in force.
        """
        return self._decisions.undo(user_id, feedback_id)

    def add_events(
        self,
        events: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]],
        *,
        user_id: str | None = None,
    ) -> EventsAdded:
        """Keep what users did since the data were fitted: all rows, or none.

        They count at once, as evidence too; a user whom the data do not have is known from
        then on. The next ``fit`` or ``update`` trains on them. Rows that were added before
        are counted, and change nothing.

        Parameters
        ----------
        events : path, data frame, or sequence of mappings
            With the columns of an interactions file. A row without time is of now.
        user_id : str, optional
            Whose they are; without it each row names its user.

        Raises
        ------
        BadRows, DataError
            A row is refused, as an import would: an unknown item, a value off the scale.
        UsageError
            A row names another user than ``user_id``.
        UnknownUser
            One of the users is erased.
        """
        return self._new_events.add(events, user_id)

    def added_events(self, user_id: str, *, undone: bool = False) -> tuple[AddedEventRef, ...]:
        """A user's added events in the order they came; with those taken back if asked for."""
        return self._new_events.listed(user_id, undone=undone)

    def undo_event(self, user_id: str, event_id: str) -> None:
        """Take an added event back, also where a fit has taken it in since.

        Raises
        ------
        UnknownFeedback
            There is none such in force.
        """
        self._new_events.undo(user_id, event_id)

    def hide(self, user_id: str, item: str) -> bool:
        """Mute an item: ``feedback(user_id, "mute", item)``.

        Returns whether it was not muted before.
        """
        return self._decisions.hide(user_id, item)

    def unhide(self, user_id: str, item: str) -> bool:
        """Undo it; ``False`` if the item was not muted."""
        return self._decisions.unhide(user_id, item)

    def hidden(self, user_id: str) -> tuple[HiddenRef, ...]:
        """The items a user has muted, in that order; those of a privacy rule left out."""
        return self._decisions.hidden(user_id)

    @cached_property
    def _decisions(self) -> Decisions:
        return Decisions(self._people, self._explainers, self._store)

    @cached_property
    def _new_events(self) -> NewEvents:
        return NewEvents(self._people, self._store, self.settings.data)
