"""A data set without some of its users."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import Events
from recx_agent.datasets.idmap import IdMap


def without_users(dataset: Dataset, user_ids: Collection[str]) -> Dataset:
    """Leave users out with everything that is theirs: events, texts, contexts, attributes.

    The others are numbered anew, in the same order. Event types and source names that
    nobody else has go too. Items stay, so that the model still fits; equal data sets give
    equal results.

    Parameters
    ----------
    dataset : Dataset
        It is not changed.
    user_ids : collection of str
        External ids; those that are not in the data set change nothing.

    Returns
    -------
    Dataset
        ``dataset`` itself if it has none of the users.
    """
    leaving = [dataset.users.internal(user) for user in user_ids if user in dataset.users]
    if not leaving:
        return dataset
    stays = np.ones(len(dataset.users), dtype=bool)
    stays[leaving] = False
    return replace(
        dataset,
        users=IdMap([user for user, kept in zip(dataset.users, stays, strict=True) if kept]),
        events=_events_of(dataset.events, stays),
        user_attributes={
            name: tuple(value for value, kept in zip(values, stays, strict=True) if kept)
            for name, values in dataset.user_attributes.items()
        },
    )


def _events_of(events: Events, stays: NDArray[np.bool_]) -> Events:
    taken = events.take(stays[np.asarray(events.user)])
    number = (np.cumsum(stays) - 1).astype(np.int32)
    kind, kinds = _occurring(taken.kind, taken.kinds)
    source, sources = _occurring(taken.source, taken.sources)
    texts, contexts = taken.texts, taken.contexts
    return replace(
        taken,
        user=number[taken.user],
        kind=kind,
        kinds=kinds,
        source=source,
        sources=sources,
        n_users=int(stays.sum()),
        texts=texts if any(texts) else (),
        contexts=contexts if any(contexts) else (),
    )


def _occurring(
    codes: NDArray[Any], names: tuple[str, ...]
) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    used, renumbered = np.unique(codes, return_inverse=True)
    return renumbered.astype(np.int16), tuple(names[code] for code in used)
