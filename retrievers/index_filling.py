"""Makes the collections of a draft what they should be, and writes only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from recx_agent.protocols import Progress
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.chroma_store import KEPT_IN_MEMORY
from recx_agent.retrievers.index_content import Content
from recx_agent.retrievers.index_place import Draft
from recx_agent.retrievers.index_records import IndexRecord, Unsound, opened
from recx_agent.retrievers.index_state import Collected
from recx_agent.retrievers.record_digests import NotedRecords

STAGES = {"events": "evidence index", "texts": "evidence texts", "items": "evidence texts"}
"""What progress is told as, by kind of collection."""

_BYTES_AT_ONCE = 8_000_000
"""Of texts and vectors in one batch: a server takes 40 MB in one request."""

_EMBEDDED_AT_ONCE = 256
"""Texts in one batch: they take so long that progress would seem to stand still."""


@dataclass(frozen=True)
class Filled:
    """What a draft holds.

    Attributes
    ----------
    parts : mapping of str to Collected
    changed : bool
        Whether anything was written or removed.
    """

    parts: dict[str, Collected]
    changed: bool


class IndexFilling:
    """Fills drafts.

    Memory is that of a batch, of the ids that a collection lacks, and of what Chroma holds
    of one collection or of ``KEPT_IN_MEMORY`` records.

    Parameters
    ----------
    contents : sequence of Content
    batch_size : int
        Records written, or read back, at once.
    progress : callable
    """

    def __init__(self, contents: Sequence[Content], batch_size: int, progress: Progress) -> None:
        self._contents = contents
        self._batch_size = batch_size
        self._progress = progress
        self._done: dict[str, int] = {}

    def fill(self, draft: Draft) -> Filled:
        """Write what is missing, remove what is wrong.

        Raises
        ------
        StoreDamaged, IndexUnreachable
            Chroma cannot read or write.
        WriteLocked
            Somebody else took over.
        """
        self._done = dict.fromkeys(STAGES.values(), 0)
        for kind in dict.fromkeys(content.part.kind for content in self._contents):
            self._tell(STAGES[kind], 0)
        changed = draft.keep_only([content.part for content in self._contents])
        parts = {}
        since = 0
        for content in self._contents:
            part, wrote = self._fill_one(draft, content)
            parts[content.part.key] = part
            changed = changed or wrote
            since += content.count if wrote or draft.held(part.name) is None else 0
            if since >= KEPT_IN_MEMORY:
                draft.rest()
                since = 0
        return Filled(parts, changed)

    def _fill_one(self, draft: Draft, content: Content) -> tuple[Collected, bool]:
        stage, part = STAGES[content.part.kind], content.part
        records = NotedRecords(content.records)
        name = draft.existing(part)
        lacking = None if name is None else self._lacking(draft, name, content, records)
        if name is None or lacking is None:
            name, lacking = draft.renewed(part), records
        wrote = False
        for batch in self._batches(lacking, content):
            draft.check()
            draft.store.add(name, batch, content.vectors(batch), part.space)
            wrote = True
            self._tell(stage, len(batch))
        if draft.store.count(name) != content.count:
            raise StoreDamaged(f"collection {name} does not hold what was written")
        draft.note(name, records.digests)
        return Collected(name, content.count), wrote

    def _lacking(
        self, draft: Draft, name: str, content: Content, records: NotedRecords
    ) -> Iterable[IndexRecord] | None:
        """What a collection lacks; ``None`` if it holds anything wrong, or too much."""
        held = draft.held(name)
        lacking: Iterable[IndexRecord] | None
        if held is not None:
            lacking = among = records.not_among(held)
            count = 0 if among is None else len(among)
        else:
            missing = self._missing(draft, name, content)
            lacking = None if missing is None else (r for r in records if r.id in missing)
            count = 0 if missing is None else len(missing)
        if lacking is not None:
            self._tell(STAGES[content.part.kind], content.count - count)
        return lacking

    def _tell(self, stage: str, more: int) -> None:
        self._done[stage] += more
        total = sum(c.count for c in self._contents if STAGES[c.part.kind] == stage)
        self._progress(stage, self._done[stage], total)

    def _batches(
        self, records: Iterable[IndexRecord], content: Content
    ) -> Iterator[Sequence[IndexRecord]]:
        batch: list[IndexRecord] = []
        size = 0
        most = self._batch_size if content.exact else min(self._batch_size, _EMBEDDED_AT_ONCE)
        for record in records:
            more = 4 * content.part.dimensions + 4 * len(record.document or "")
            if batch and (len(batch) == most or size + more > _BYTES_AT_ONCE):
                yield batch
                batch, size = [], 0
            batch.append(record)
            size += more
        if batch:
            yield batch

    def _missing(self, draft: Draft, name: str, content: Content) -> set[str] | None:
        """Ids that a collection lacks, by reading it; ``None`` as in :meth:`_lacking`."""
        missing: set[str] = set()
        records = content.records()
        try:
            while batch := list(islice(records, self._batch_size)):
                found = self._sound_ids(draft, name, content, batch)
                if found is None:
                    return None
                missing.update(record.id for record in batch if record.id not in found)
            return missing if draft.store.count(name) == content.count - len(missing) else None
        except StoreDamaged:  # by a build that was killed while it wrote
            return None

    def _sound_ids(
        self, draft: Draft, name: str, content: Content, batch: Sequence[IndexRecord]
    ) -> set[str] | None:
        """Ids of the batch that are there, if all of them are as they should be."""
        wanted = {record.id: record for record in batch}
        stored = draft.store.read(name, content.part.dimensions, list(wanted))
        try:
            found = opened(stored.ids, stored.metadatas, stored.documents, stored.vectors)
        except Unsound:
            return None
        if not all(record.holds(wanted[record.id]) for record in found):
            return None
        if content.exact and found:
            vectors = content.vectors([wanted[id] for id in stored.ids])
            if not np.array_equal(stored.vectors, vectors):
                return None
        return set(stored.ids)
