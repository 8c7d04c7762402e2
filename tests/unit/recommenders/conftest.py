"""Worlds in which the context or low ratings tell what is liked next, and worlds without."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.settings import DataSettings, ModelSettings

World = Callable[[bool, int], Dataset]

USERS = 300
TERM_SETTINGS = ModelSettings(
    components=16, epochs=20, learning_rate=0.05, half_life=6.0, runs=2, drawn_history=20
)


def _dataset(
    rows: list[tuple[object, ...]], columns: list[str], kinds: list[str], **settings: object
) -> Dataset:
    items = pd.DataFrame(
        {
            "item_id": [f"i{i}" for i in range(len(kinds))],
            "title": [f"{kind} {i}" for i, kind in enumerate(kinds)],
            "genre": kinds,
        }
    )
    dataset, _ = read_dataset(
        DataSettings.model_validate({"scale": (1, 5), **settings}),
        interactions=pd.DataFrame(rows, columns=columns),
        items=items,
    )
    return dataset


def context_world(effect: bool, seed: int) -> Dataset:
    """Documentaries in the morning and comedies in the evening, four times in five; or not.

    The device never tells anything. Two tastes share no item.
    """
    random = np.random.default_rng(seed)
    kinds = ["Comedy", "Documentary", "Drama"] * 30
    rows: list[tuple[object, ...]] = []
    for user in range(USERS):
        left = {item for item in range(len(kinds)) if item // 3 % 2 == user % 2}
        for n in range(14):
            part = random.choice(["morning", "evening"])
            wanted = {"morning": "Documentary", "evening": "Comedy"}[part]
            asked = [item for item in left if kinds[item] == wanted]
            follows = effect and asked and random.random() < 0.8
            item = int(random.choice(asked if follows else sorted(left)))
            left.discard(item)
            device = random.choice(["phone", "tv"])
            rows.append((f"u{user}", f"i{item}", 5, 100_000 * user + n, part, device))
    columns = ["user_id", "item_id", "value", "timestamp", "part", "device"]
    return _dataset(rows, columns, kinds, context=("part", "device"))


def disliked_world(effect: bool, seed: int) -> Dataset:
    """Everyone likes dramas; whether comedies or westerns come next, low ratings tell; or not.

    If they do not, each user rates three of both kinds low.
    """
    random = np.random.default_rng(seed)
    kinds = ["Drama"] * 12 + ["Comedy"] * 20 + ["Western"] * 20
    of_kind = {kind: np.flatnonzero(np.array(kinds) == kind) for kind in set(kinds)}
    rows: list[tuple[object, ...]] = []
    for user in range(USERS):
        own, other = ("Comedy", "Western") if user % 2 else ("Western", "Comedy")
        first, *mine = random.permutation(of_kind[own])
        not_mine = random.permutation(of_kind[other])
        liked = [*random.permutation(of_kind["Drama"])[:8], first]
        low = not_mine[:6] if effect else [*not_mine[:3], *mine[:3]]
        last = mine[3:6]
        told = [(item, 5) for item in liked] + [(item, 1) for item in low]
        order = [told[place] for place in random.permutation(len(told))]
        for n, (item, value) in enumerate([*order, *((item, 5) for item in last)]):
            rows.append((f"u{user}", f"i{item}", value, 100_000 * user + n))
    return _dataset(rows, ["user_id", "item_id", "value", "timestamp"], kinds)


@pytest.fixture(scope="session")
def told_by_context() -> Dataset:
    return context_world(True, 0)


@pytest.fixture(scope="session")
def told_by_low_ratings() -> Dataset:
    return disliked_world(True, 0)


@pytest.fixture(scope="session")
def world_of() -> dict[str, World]:
    return {"context": context_world, "disliked": disliked_world}


@pytest.fixture(scope="session")
def term_settings() -> ModelSettings:
    return TERM_SETTINGS
