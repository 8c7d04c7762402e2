"""What the index stores of an event, and the event made of it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recx_agent.datasets import Dataset, Event


@dataclass(frozen=True)
class EventRecord:
    """One event as the index stores it.

    Attributes
    ----------
    id : str
        :attr:`Event.id <recx_agent.datasets.Event>`.
    item : int
        Internal id of the item; its ``p_h`` is the record's vector.
    metadata : mapping of str to str
        ``user_id``, to filter by, and ``event``: all other fields, typed, as JSON. Chroma
        stores and reads one row for each key, and those rows are most of the time that a
        fetch takes.
    document : str or None
        The user's own text about the item. Events without one have no document: Chroma
        puts every document into a full-text index, which halves the speed of writing.
    """

    id: str
    item: int
    metadata: Mapping[str, str]
    document: str | None


@dataclass(frozen=True)
class StoredEvent:
    """An event read from the index, with what the index knew of its item and user."""

    event: Event
    user_id: str
    item_id: str
    title: str


def records_of(dataset: Dataset, users: Iterable[int]) -> Iterator[EventRecord]:
    """Make the records of all positive events of some users."""
    item_ids, titles = dataset.catalogue.ids.ids, dataset.catalogue.titles
    value_max = None if dataset.scale is None else dataset.scale[1]
    for user in users:
        user_id = dataset.users.external(user)
        for event in dataset.describe_positives(user):
            fields = {
                "item": event.item,
                "item_id": item_ids[event.item],
                "title": titles[event.item],
                "event_type": event.event_type,
                "value": event.value,
                "value_max": None if event.value is None else value_max,
                "date": event.date,
                "context": event.context,
                "source": event.source,
            }
            told = {name: value for name, value in fields.items() if value is not None}
            metadata = {
                "user_id": user_id,
                "event": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            }
            yield EventRecord(event.id, event.item, metadata, event.text or None)


def stored_event(id: str, metadata: Mapping[str, Any], document: str | None) -> StoredEvent:
    """Make the event of what the index holds.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no such record.
    """
    fields = dict(json.loads(metadata["event"]))
    value = fields.get("value")
    event = Event(
        id=id,
        item=int(fields["item"]),
        event_type=str(fields["event_type"]),
        value=None if value is None else float(value),
        date=fields.get("date"),
        text=document,
        context=fields.get("context"),
        source=str(fields["source"]),
        positive=True,
    )
    return StoredEvent(
        event, str(metadata["user_id"]), str(fields["item_id"]), str(fields["title"])
    )
