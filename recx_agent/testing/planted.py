"""A small world whose right answers are known beforehand.

Two tastes share no item: users with an even number like comedies, the others westerns. Among
the items are two that nobody has met and that are equal in all but their name, and one that
was only ever rated low; among the users one with a single event and one whom nothing pleased.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.settings import DataSettings

USERS, ITEMS, EVENTS = 30, 30, 9
UNMET = ("new0", "new1")
"""Items without an event, equal in their attributes."""
DISAPPOINTING = "flop"
"""An item that nobody liked."""
ONE_EVENT, DISPLEASED = "one", "none"
"""A user with one positive event, and one with none."""


@cache
def planted_dataset() -> Dataset:
    """Make the world, the same one at every call."""
    interactions, items = planted_frames()
    settings = DataSettings(scale=(1, 5), positive_from=4, disliked_to=2, context=("device",))
    return read_dataset(settings, interactions=interactions, items=items)[0]


def planted_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Interactions and items of the world, as they would be read from files."""
    random = np.random.default_rng(7)
    rows: list[tuple[str, str, int, int, str, str]] = []

    def add(user: str, item: str, value: int, text: str = "") -> None:
        device = ("phone", "television")[int(random.integers(2))]
        rows.append((user, item, value, 1_000_000 + 60 * len(rows), device, text))

    for user in range(USERS):
        own = np.arange(user % 2, ITEMS, 2)
        for place, item in enumerate(random.permutation(own)[:EVENTS]):
            text = f"I laughed all through number {item}" if place == 0 and user % 2 == 0 else ""
            add(f"u{user}", f"i{item}", 4 + place % 2, text)
        other = int(random.choice(np.arange(1 - user % 2, ITEMS, 2)))
        add(f"u{user}", f"i{other}", 1)
        if user % 5 == 0:
            add(f"u{user}", DISAPPOINTING, 2, "a waste of an evening")
    add(ONE_EVENT, "i4", 5)
    add(DISPLEASED, "i3", 1)
    columns = ["user_id", "item_id", "value", "timestamp", "device", "text"]
    return pd.DataFrame(rows, columns=columns), _items()


def _items() -> pd.DataFrame:
    rows = [(f"i{n}", *(("Comedy", "Western")[n % 2],) * 2, 1960 + n // 3) for n in range(ITEMS)]
    rows += [(id, "Comedy", "Comedy", 1999) for id in UNMET]
    rows.append((DISAPPOINTING, "Drama", "Drama", 1999))
    named = [(id, f"{title} {id}", f"{genre}|Film", year) for id, title, genre, year in rows]
    return pd.DataFrame(named, columns=["item_id", "title", "genre", "year"])
