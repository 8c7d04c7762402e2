"""Makes the collections of a generation what they should be, and writes only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.protocols import Progress
from recx_agent.retrievers.chroma_store import ChromaStore, StoreDamaged
from recx_agent.retrievers.event_records import EventRecord, records_of
from recx_agent.retrievers.generations import Plan
from recx_agent.retrievers.sharding import collection_name, shard_of

STAGE = "evidence index"


def indexed(dataset: Dataset) -> NDArray[np.bool_]:
    """Tell which events are indexed: the positive ones that have an item."""
    events = dataset.events
    kept: NDArray[np.bool_] = np.asarray(events.positive) & (np.asarray(events.item) != NO_ITEM)
    return kept


@dataclass(frozen=True)
class IndexFilling:
    """What an index is to hold.

    Attributes
    ----------
    dataset : Dataset
    vectors : float32 array, shape (n_items, d)
        ``p_h``.
    plan : Plan
    batch_size : int
        Events written at once.
    progress : callable
    """

    dataset: Dataset
    vectors: NDArray[np.float32]
    plan: Plan
    batch_size: int
    progress: Progress

    @cached_property
    def collections(self) -> dict[str, list[int]]:
        """Name of each collection that is to hold anything, and its users."""
        users = np.unique(np.asarray(self.dataset.events.user)[indexed(self.dataset)])
        collections: dict[str, list[int]] = {}
        for user in users.tolist():
            shard = shard_of(self.dataset.users.external(user), self.plan.shards)
            collections.setdefault(collection_name(self.plan.model, shard), []).append(user)
        return collections

    def fill(self, generation: Path) -> bool:
        """Write what is missing, remove what is wrong; tell whether there was any such.

        Raises
        ------
        StoreDamaged
            Chroma cannot read or write.
        """
        total = int(np.count_nonzero(indexed(self.dataset)))
        done, changed = 0, False
        self.progress(STAGE, done, total)
        with ChromaStore(generation, self.plan.dimensions) as store:
            present = store.names()
            for name in sorted(present - set(self.collections)):
                store.drop(name)
                changed = True
            # Described shard by shard, so that the events are never in memory all at once.
            for name, users in sorted(self.collections.items()):
                records = list(records_of(self.dataset, users))
                missing = self._missing(store, name, records) if name in present else records
                changed = changed or bool(missing)
                done += len(records) - len(missing)
                for batch in self._batches(missing):
                    self.progress(STAGE, done, total)
                    store.add(name, batch, self.vectors[[record.item for record in batch]])
                    done += len(batch)
                self.progress(STAGE, done, total)
                if store.count(name) != len(records):
                    raise StoreDamaged(f"collection {name} does not hold what was written")
        return changed

    def _batches(self, records: Sequence[EventRecord]) -> Iterator[Sequence[EventRecord]]:
        for at in range(0, len(records), self.batch_size):
            yield records[at : at + self.batch_size]

    def _missing(
        self, store: ChromaStore, name: str, records: Sequence[EventRecord]
    ) -> Sequence[EventRecord]:
        """Tell what a collection lacks. One that holds anything else is removed first.

        Chroma's files keep what is deleted from a collection; those of a collection that
        is removed as a whole can be cleaned.
        """
        present = self._sound_ids(store, name, records)
        if present is None:
            store.drop(name)
            return records
        return [record for record in records if record.id not in present]

    def _sound_ids(
        self, store: ChromaStore, name: str, records: Sequence[EventRecord]
    ) -> set[str] | None:
        """Ids in a collection if all it holds is as it should be."""
        try:
            stored = store.read(name)
        except StoreDamaged:  # by a build that was killed while it wrote
            return None
        wanted = {record.id: record for record in records}
        items = []
        for id, metadata, document in zip(
            stored.ids, stored.metadatas, stored.documents, strict=True
        ):
            record = wanted.get(id)
            if record is None or (record.metadata, record.document) != (metadata, document):
                return None
            items.append(record.item)
        same = np.array_equal(stored.vectors, self.vectors[np.array(items, dtype=np.int64)])
        return set(stored.ids) if same else None
