"""The records of the events that are terms of a score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from recx_agent.datasets import NO_ITEM, Dataset, Event
from recx_agent.retrievers.index_records import IndexRecord


def event_record(event: Event, dataset: Dataset, user_id: str) -> IndexRecord:
    """Make the record of one event."""
    told: dict[str, Any] = {}
    if event.item != NO_ITEM:
        told["item"] = event.item
        told["item_id"] = dataset.catalogue.ids.external(event.item)
        told["title"] = dataset.catalogue.titles[event.item]
    told["event_type"] = event.event_type
    if event.value is not None:
        told["value"] = event.value
        told["value_max"] = None if dataset.scale is None else dataset.scale[1]
    told |= {"date": event.date, "context": event.context, "source": event.source}
    told["negative"] = None if event.positive else True
    return IndexRecord(
        id=event.id,
        fields={name: value for name, value in told.items() if value is not None},
        user_id=user_id,
        document=event.text or None,
        item=event.item,
        disliked=not event.positive,
    )


def records_of(dataset: Dataset, users: Iterable[int], *, disliked: bool) -> Iterator[IndexRecord]:
    """Make the records of the events that are terms of some users' scores.

    Parameters
    ----------
    dataset : Dataset
    users : iterable of int
    disliked : bool
        Whether low ratings are terms too.
    """
    for user in users:
        user_id = dataset.users.external(user)
        for event in dataset.describe_terms(user, disliked=disliked):
            yield event_record(event, dataset, user_id)
