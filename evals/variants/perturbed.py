"""Histories that are a little different: as a user might just as well have left them.

After RobustExplain (arXiv 2601.19120), for a recommender with exact terms: the model stays as
it is, the history changes, and so may the reasons, but no text may become untrue by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset, Events

REORDER, NEAR_DUPLICATES, NOISE = "reorder", "near_duplicates", "noise"
ADDED = 3
"""Events added to a history."""

Perturbation = Callable[[Dataset, Collection[int], Collection[int]], Dataset]


def reordered(dataset: Dataset, users: Collection[int], kept_out: Collection[int] = ()) -> Dataset:
    """Every two neighbours in time change places: first and second, third and fourth, and so on.

    Ratings stay with their items. Events of one moment have no order that could be changed.
    """
    events = dataset.events
    order = np.arange(len(events))
    for user in users:
        where = events.of_user(user)
        pairs = np.arange(where.start, where.stop - 1, 2)
        order[pairs], order[pairs + 1] = pairs + 1, pairs
    columns = _columns(events)
    columns["time"] = np.asarray(events.time)[order]
    return replace(dataset, events=_sorted(events, columns))


def with_near_duplicates(
    dataset: Dataset, users: Collection[int], kept_out: Collection[int]
) -> Dataset:
    """Beside the newest liked items stands, with the same rating and time, one that is like it.

    Likeness is the share of attribute values that two items have in common (Jaccard); of equal
    ones the first in the catalogue is taken. Items of ``kept_out`` and such as the user has met
    are not taken.
    """
    values = [
        frozenset(
            (name, value)
            for name in dataset.catalogue.features
            for value in dataset.catalogue.attributes[name][item]
        )
        for item in range(len(dataset.catalogue))
    ]
    copies: list[tuple[int, int]] = []
    for user in users:
        met = set(dataset.seen(user).tolist()) | set(kept_out)
        for item in dataset.history(user).items[:ADDED].tolist():
            at = int(dataset.positions(user, item)[-1])
            twin = _most_alike(values, item, met)
            if twin is not None:
                copies.append((at, twin))
                met.add(twin)
    return _with_copies(dataset, copies)


def with_noise(dataset: Dataset, users: Collection[int], kept_out: Collection[int]) -> Dataset:
    """Among a user's events stand some of items drawn at random, at times when he did others.

    Rating and time of each are those of an event of his own, drawn at random too; the same
    user always gets the same ones.
    """
    copies: list[tuple[int, int]] = []
    for user in users:
        where = dataset.events.of_user(user)
        name = dataset.users.external(user).encode()
        random = np.random.default_rng(int.from_bytes(hashlib.sha256(name).digest()[:8]))
        met = np.union1d(dataset.seen(user), np.array(sorted(kept_out), dtype=np.int32))
        free = np.setdiff1d(np.arange(len(dataset.catalogue)), met)
        own = np.arange(where.start, where.stop)[dataset.events.item[where] != NO_ITEM]
        if not len(own):
            continue
        count = min(ADDED, len(free))
        places = random.choice(own, size=count)
        items = random.choice(free, size=count, replace=False)
        copies += list(zip(places.tolist(), items.tolist(), strict=True))
    return _with_copies(dataset, copies)


PERTURBATIONS: dict[str, Perturbation] = {
    REORDER: reordered,
    NEAR_DUPLICATES: with_near_duplicates,
    NOISE: with_noise,
}
"""By variant: data set, the users whose histories change, and items that nothing is done to."""


def _most_alike(
    values: list[frozenset[tuple[str, str]]], item: int, met: Collection[int]
) -> int | None:
    best, found = 0.0, None
    for other, theirs in enumerate(values):
        if other in met or other == item:
            continue
        union = len(values[item] | theirs)
        alike = len(values[item] & theirs) / union if union else 0.0
        if alike > best:
            best, found = alike, other
    return found


def _with_copies(dataset: Dataset, copies: list[tuple[int, int]]) -> Dataset:
    """Events once more with another item: (position, item)."""
    events = dataset.events
    places = np.array([at for at, _ in copies], dtype=np.int64)
    columns = {
        name: np.concatenate([column, column[places]]) for name, column in _columns(events).items()
    }
    columns["item"][len(events) :] = [item for _, item in copies]
    texts, contexts = events.texts, events.contexts
    if texts:  # nobody wrote the same text of another item
        texts += (None,) * len(copies)
    if contexts:
        contexts += tuple(contexts[at] for at in places.tolist())
    changed = replace(events, texts=texts, contexts=contexts)
    return replace(dataset, events=_sorted(changed, columns))


def _columns(events: Events) -> dict[str, NDArray[Any]]:
    names = ("user", "item", "kind", "value", "time", "positive", "row", "source")
    return {name: np.asarray(getattr(events, name)) for name in names}


def _sorted(events: Events, columns: dict[str, NDArray[Any]]) -> Events:
    return Events.sorted(
        **columns,
        kinds=events.kinds,
        n_users=events.n_users,
        sources=events.sources,
        texts=events.texts,
        contexts=events.contexts,
    )
