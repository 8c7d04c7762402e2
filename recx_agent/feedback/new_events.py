"""Added events: checked as an import is, listed, taken back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import UnknownFeedback
from recx_agent.people import People
from recx_agent.protocols import UserStore
from recx_agent.schemas import AddedEventRef, EventsAdded
from recx_agent.settings import DataSettings

if TYPE_CHECKING:
    from recx_agent.datasets.added_rows import Rows


@dataclass(frozen=True)
class NewEvents:
    """What users did since the data were fitted.

    Parameters
    ----------
    people : People
    store : UserStore
    settings : DataSettings
    """

    people: People
    store: UserStore
    settings: DataSettings

    def add(self, rows: Rows, user_id: str | None) -> EventsAdded:
        """See :meth:`recx_agent.Recx.add_events`."""
        from recx_agent.datasets.added_rows import read_added

        added, notes = read_added(
            rows, self.people.dataset, self.settings, now=int(time.time()), user_id=user_id
        )
        fresh = self.store.add_events(added)
        return EventsAdded(
            added=fresh,
            already_present=sum(len(own) for own in added.values()) - fresh,
            users=len(added),
            notes=notes,
        )

    def listed(self, user_id: str, *, undone: bool) -> tuple[AddedEventRef, ...]:
        """See :meth:`recx_agent.Recx.added_events`."""
        self.people.check_known(user_id)
        return tuple(
            self._ref(event, added, ended)
            for event, added, ended in self.store.events(user_id, undone=undone)
            if self._may_be_told(event)
        )

    def undo(self, user_id: str, event_id: str) -> None:
        """See :meth:`recx_agent.Recx.undo_event`."""
        self.people.check_known(user_id)
        if self.store.undo_event(user_id, event_id) is None:
            raise UnknownFeedback(event_id)

    def _ref(self, event: AddedEvent, added: datetime, ended: datetime | None) -> AddedEventRef:
        return AddedEventRef(
            id=event.id,
            event_type=event.event_type,
            item_id=event.item_id or None,
            title=self._title(event),
            value=event.value,
            time=None
            if event.time is None
            else datetime.fromtimestamp(event.time, UTC).isoformat(),
            text=event.text or None,
            added=added.isoformat(timespec="seconds"),
            undone=None if ended is None else ended.isoformat(timespec="seconds"),
        )

    def _title(self, event: AddedEvent) -> str | None:
        catalogue = self.people.dataset.catalogue
        own = catalogue.aliases.get(event.item_id, event.item_id)
        return catalogue.titles[catalogue.ids.internal(own)] if own in catalogue.ids else None

    def _may_be_told(self, event: AddedEvent) -> bool:
        sensitive, catalogue = self.people.sensitive, self.people.dataset.catalogue
        own = catalogue.aliases.get(event.item_id, event.item_id)
        return (
            sensitive.tells_kind(event.event_type)
            and (own not in catalogue.ids or not sensitive.items[catalogue.ids.internal(own)])
            and sensitive.names_text(event.text)
        )
