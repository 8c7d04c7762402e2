"""What a user said and did since the data were fitted, for him to see: what was undone too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from recx_agent.export.versions import Seen
from recx_agent.protocols import UserStore
from recx_agent.schemas import AddedEventRef, FeedbackRef, HiddenRef
from recx_agent.workspace import Version


class Said:
    """Reads it from the store, with titles from the versions.

    Parameters
    ----------
    store : UserStore
    user_id : str
    titles : Titles
    """

    def __init__(self, store: UserStore, user_id: str, titles: Titles) -> None:
        self._store = store
        self._user_id = user_id
        self._titles = titles

    def feedback(self) -> tuple[FeedbackRef, ...]:
        """Everything he said."""
        return tuple(
            FeedbackRef(
                id=entry.id,
                kind=entry.kind,
                target=entry.target,
                what=entry.value if entry.target == "item" else f"{entry.name}={entry.value}",
                label=self._titles.of(entry.value)
                if entry.target == "item"
                else f"{entry.name}={entry.value}",
                since=_day(entry.since),
                undone=None if entry.undone is None else _day(entry.undone),
            )
            for entry in self._store.feedback(self._user_id, undone=True)
        )

    def hidden(self) -> tuple[HiddenRef, ...]:
        """The items that are muted now."""
        return tuple(
            HiddenRef(item_id=one.what, title=one.label, since=one.since)
            for one in self.feedback()
            if (one.kind, one.target) == ("mute", "item") and one.undone is None
        )

    def added(self) -> tuple[AddedEventRef, ...]:
        """Everything he did since."""
        return tuple(
            AddedEventRef(
                id=event.id,
                event_type=event.event_type,
                item_id=event.item_id or None,
                title=self._titles.of(event.item_id) or None,
                value=event.value,
                time=None
                if event.time is None
                else datetime.fromtimestamp(event.time, UTC).isoformat(),
                text=event.text or None,
                added=_day(added),
                undone=None if undone is None else _day(undone),
            )
            for event, added, undone in self._store.events(self._user_id, undone=True)
        )


class Titles:
    """Titles of items, by the newest version that has them.

    Parameters
    ----------
    versions : sequence of Version
        Oldest first.
    known : sequence of Seen
        Those that are loaded already.
    """

    def __init__(self, versions: Sequence[Version], known: Sequence[Seen]) -> None:
        self._versions = versions
        self._loaded = {seen.version.name: seen.dataset for seen in known}

    def of(self, item_id: str) -> str:
        """The title of one item; empty if no version has it."""
        for version in reversed(self._versions):
            if version.name not in self._loaded:
                self._loaded[version.name] = version.load_data()
            catalogue = self._loaded[version.name].catalogue
            own = catalogue.aliases.get(item_id, item_id)
            if own in catalogue.ids:
                return catalogue.titles[catalogue.ids.internal(own)]
        return ""


def _day(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
