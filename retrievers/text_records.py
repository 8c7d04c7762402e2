"""The records of users' own texts, and of the items' catalogue texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset, Event
from recx_agent.retrievers.event_records import event_record
from recx_agent.retrievers.index_records import IndexRecord


def with_text(dataset: Dataset) -> NDArray[np.bool_]:
    """Tell which events have a text, shape (n_events,); some, such as searches, have no item."""
    texts = dataset.events.texts
    if not texts:
        return np.zeros(len(dataset.events), dtype=bool)
    return np.fromiter((bool(text) for text in texts), dtype=bool, count=len(texts))


def text_events(dataset: Dataset, user: int) -> list[Event]:
    """Put the events of one user that have a text into words, oldest first."""
    events = dataset.events
    where = events.of_user(user)
    positions = [at for at in range(where.start, where.stop) if events.texts and events.texts[at]]
    return events.describe(positions, dataset.users.external(user), dataset.catalogue.ids.ids)


def text_records(dataset: Dataset, users: Iterable[int]) -> Iterator[IndexRecord]:
    """Make the records of all texts of some users."""
    for user in users:
        user_id = dataset.users.external(user)
        for event in text_events(dataset, user):
            yield event_record(event, dataset, user_id)


def item_records(dataset: Dataset) -> Iterator[IndexRecord]:
    """Make one record for each item: its catalogue text."""
    catalogue = dataset.catalogue
    for item, item_id in enumerate(catalogue.ids):
        fields = {"item": item, "title": catalogue.titles[item]}
        yield IndexRecord(item_id, fields, document=item_text(dataset, item), item=item)


def item_text(dataset: Dataset, item: int) -> str:
    """What the catalogue says of an item: title, attributes, description.

    Attributes that are facts alone (links, numbers) say nothing about what it is like.
    """
    catalogue = dataset.catalogue
    lines = [catalogue.titles[item]]
    for name in catalogue.features:
        values = catalogue.values(item, name)
        if values:
            lines.append(f"{name}: {', '.join(values)}")
    if catalogue.descriptions and catalogue.descriptions[item]:
        lines.append(catalogue.descriptions[item])
    return "\n".join(lines)


def text_fingerprint(dataset: Dataset) -> str:
    """Digest of the texts, which a data set's own fingerprint leaves out."""
    digest = hashlib.sha256()
    for text in (*dataset.events.texts, *dataset.catalogue.descriptions):
        digest.update((text or "").encode("utf-8", "surrogatepass"))
        digest.update(b"\x1e")
    return digest.hexdigest()[:16]
