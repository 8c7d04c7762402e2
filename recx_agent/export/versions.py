"""What the saved versions hold of a user."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from recx_agent.datasets import NO_TIME, Dataset, Event
from recx_agent.schemas import ExportedEvent
from recx_agent.workspace import Version


@dataclass(frozen=True)
class Seen:
    """A user as one version holds him."""

    version: Version
    dataset: Dataset
    user: int

    @property
    def attributes(self) -> dict[str, str]:
        """The user's attributes."""
        return {name: own[self.user] for name, own in self.dataset.user_attributes.items()}


def seen_in(version: Version, user_id: str) -> Seen | None:
    """The user in a version, if it has him."""
    dataset = version.load_data()
    if user_id not in dataset.users:
        return None
    return Seen(version, dataset, dataset.users.internal(user_id))


def events_of(known: Sequence[Seen]) -> list[ExportedEvent]:
    """Each event once: equal ones of several versions are one."""
    events: dict[str, ExportedEvent] = {}
    versions: dict[str, list[str]] = {}
    for seen in known:
        for event in _described(seen):
            key = event.model_dump_json()
            events[key] = event
            versions.setdefault(key, []).append(seen.version.name)
    return [events[key].model_copy(update={"versions": tuple(v)}) for key, v in versions.items()]


def _described(seen: Seen) -> list[ExportedEvent]:
    dataset, where = seen.dataset, seen.dataset.events.of_user(seen.user)
    positions = range(where.start, where.stop)
    user_id = dataset.users.external(seen.user)
    described = dataset.events.describe(positions, user_id, dataset.catalogue.ids.ids)
    return [
        _exported(dataset, event, int(dataset.events.time[position]))
        for position, event in zip(positions, described, strict=True)
    ]


def _exported(dataset: Dataset, event: Event, seconds: int) -> ExportedEvent:
    known = event.item >= 0
    return ExportedEvent(
        id=event.id,
        event_type=event.event_type,
        item_id=dataset.catalogue.ids.external(event.item) if known else None,
        title=dataset.catalogue.titles[event.item] if known else None,
        value=event.value,
        time=None if seconds == NO_TIME else datetime.fromtimestamp(seconds, UTC).isoformat(),
        text=event.text,
        context=json.loads(event.context) if event.context else {},
        source=event.source,
        positive=event.positive,
        versions=(),
    )
