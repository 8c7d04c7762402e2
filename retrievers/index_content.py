"""What each collection of an index is to hold, described when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.protocols import AdditiveModel, TextEmbedder
from recx_agent.retrievers.event_records import records_of
from recx_agent.retrievers.index_plan import Part, Plan
from recx_agent.retrievers.index_records import IndexRecord
from recx_agent.retrievers.sharding import shard_of
from recx_agent.retrievers.text_records import item_records, text_records, with_text


@dataclass(frozen=True)
class Content:
    """What one collection is to hold.

    Attributes
    ----------
    part : Part
    count : int
        Number of records.
    records : callable
        Describes them, a new iterator each time: they are never in memory all at once.
    vectors : callable
        Vectors of some records, shape (n, d).
    exact : bool
        Whether the same vectors can be had again at no cost, to compare them.
    """

    part: Part
    count: int
    records: Callable[[], Iterator[IndexRecord]]
    vectors: Callable[[Sequence[IndexRecord]], NDArray[np.float32]]
    exact: bool


def is_term(dataset: Dataset, *, disliked: bool) -> NDArray[np.bool_]:
    """Tell which events are terms of a score, shape (n_events,)."""
    events = dataset.events
    kept: NDArray[np.bool_] = np.asarray(events.positive) & (np.asarray(events.item) != NO_ITEM)
    return kept | dataset.disliked if disliked else kept


def event_contents(dataset: Dataset, model: AdditiveModel, plan: Plan) -> list[Content]:
    """The collections of events that are terms, by user."""

    def vectors(records: Sequence[IndexRecord]) -> NDArray[np.float32]:
        items = np.array([record.item for record in records], dtype=np.int32)
        disliked = np.array([record.disliked for record in records], dtype=bool)
        return np.asarray(model.event_vectors(items, disliked), dtype=np.float32)

    uses_disliked = model.uses_disliked
    counts = _by_user(dataset, is_term(dataset, disliked=uses_disliked))
    return [
        Content(
            part=plan.part(shard),
            count=int(counts[users].sum()),
            records=partial(records_of, dataset, users, disliked=uses_disliked),
            vectors=vectors,
            exact=True,
        )
        for shard, users in _spread(dataset, counts, plan.shards)
    ]


def text_contents(dataset: Dataset, embedder: TextEmbedder, plan: Plan) -> list[Content]:
    """The collections of users' own texts, and the one of the items' texts."""
    if plan.texts is None:
        return []

    def vectors(records: Sequence[IndexRecord]) -> NDArray[np.float32]:
        return np.asarray(embedder.embed([r.document or "" for r in records]), dtype=np.float32)

    counts = _by_user(dataset, with_text(dataset))
    contents = [
        Content(
            part=plan.texts.part(shard),
            count=int(counts[users].sum()),
            records=partial(text_records, dataset, users),
            vectors=vectors,
            exact=False,
        )
        for shard, users in _spread(dataset, counts, plan.texts.shards)
    ]
    if len(dataset.catalogue):
        contents.append(
            Content(
                part=plan.texts.items,
                count=len(dataset.catalogue),
                records=partial(item_records, dataset),
                vectors=vectors,
                exact=False,
            )
        )
    return contents


def _by_user(dataset: Dataset, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number of kept events of each user, shape (n_users,)."""
    users = np.asarray(dataset.events.user)[kept]
    return np.bincount(users, minlength=len(dataset.users)).astype(np.int64)


def _spread(
    dataset: Dataset, counts: NDArray[np.int64], shards: int
) -> list[tuple[int, list[int]]]:
    """The users who have anything, by shard; a shard of none is left out."""
    spread: dict[int, list[int]] = {}
    for user in np.flatnonzero(counts).tolist():
        spread.setdefault(shard_of(dataset.users.external(user), shards), []).append(user)
    return sorted(spread.items())
