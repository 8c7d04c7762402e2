"""Data sets that are made up, with the long tails of real ones.

Item popularity is Zipf's (exponent 1), history lengths are log-normal, each item has one
to three of eighteen genres and each user two favourite ones. All events are positive,
so that every one of them is in the index and is a term of a score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.sizes import Size
from recx_agent.datasets import Catalogue, Dataset, Events, IdMap

GENRES = 18
SIGMA = 1.0
"""Standard deviation of the logarithm of a history's length: MovieLens 1M has 1.0."""
FAVOUR = 8.0
"""How much likelier an item is for those whose favourite genre it has."""
FIRST_DAY, LAST_DAY = 1_000_000_000, 1_700_000_000


def make_dataset(size: Size, seed: int = 0) -> Dataset:
    """Make up users, items and events.

    Parameters
    ----------
    size : Size
        Histories are cut at half the catalogue, so there may be slightly fewer events.
    seed : int
    """
    random = np.random.default_rng([seed, size.events, size.users, size.items])
    genres = _genres(size.items, random)
    counts = _lengths(size, random)
    item = np.concatenate(_histories(counts, genres, random)).astype(np.int32)
    n = len(item)
    events = Events.sorted(
        user=np.repeat(np.arange(size.users, dtype=np.int32), counts),
        item=item,
        kind=np.zeros(n, dtype=np.int16),
        value=random.integers(4, 6, n).astype(np.float32),
        time=random.integers(FIRST_DAY, LAST_DAY, n),
        positive=np.ones(n, dtype=bool),
        row=np.arange(n, dtype=np.int64),
        source=np.zeros(n, dtype=np.int16),
        kinds=("rating",),
        sources=("made up",),
        n_users=size.users,
    )
    return Dataset(
        IdMap([f"user-{user}" for user in range(size.users)]),
        Catalogue(
            IdMap([f"item-{item}" for item in range(size.items)]),
            tuple(f"The Long and Winding Title No. {item}" for item in range(size.items)),
            {"genre": tuple(tuple(f"genre {g}" for g in np.flatnonzero(own)) for own in genres)},
            ("genre",),
        ),
        events,
        (1.0, 5.0),
    )


def _genres(items: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each item has each genre, shape (items, GENRES); a few genres are common."""
    weights = 1.0 / (1 + np.arange(GENRES))
    first = random.permuted(np.tile(np.arange(GENRES), (items, 1)), axis=1)[:, :2]
    has = np.zeros((items, GENRES), dtype=bool)
    has[np.arange(items), random.choice(GENRES, items, p=weights / weights.sum())] = True
    for column in first.T:
        more = random.random(items) < 0.5
        has[np.flatnonzero(more), column[more]] = True
    return has


def _lengths(size: Size, random: np.random.Generator) -> NDArray[np.int64]:
    activity = random.lognormal(sigma=SIGMA, size=size.users)
    counts = 1 + random.multinomial(size.events - size.users, activity / activity.sum())
    return np.minimum(counts, size.items // 2).astype(np.int64)


def _histories(
    counts: NDArray[np.int64], genres: NDArray[np.bool_], random: np.random.Generator
) -> list[NDArray[np.int64]]:
    items = len(genres)
    rarity = random.permutation(1.0 + np.arange(items))
    chosen = []
    for count in counts:
        liked = genres[:, random.choice(GENRES, 2, replace=False)].any(axis=1)
        # The smallest of exponentials divided by weights are a weighted draw without
        # replacement (Efraimidis & Spirakis 2006).
        keys = random.exponential(size=items) * np.where(liked, rarity / FAVOUR, rarity)
        chosen.append(np.argpartition(keys, count)[:count])
    return chosen
