"""A small planted world whose right answers are known beforehand.

Two tastes share no item: even users choose from the comedies, odd users from the
westerns. A model that has learnt anything recommends a user's own kind, and a comedy's
reasons are comedies.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_trainer import fit
from recx_agent.settings import DataSettings, ModelSettings

USERS, ITEMS = 40, 30


def planted_frames(seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Interactions and items of the planted world."""
    random = np.random.default_rng(seed)
    rows = []
    for user in range(USERS):
        own = np.arange(user % 2, ITEMS, 2)
        for time, item in enumerate(random.permutation(own)[:9]):
            rating = 5 if time % 3 else 4
            rows.append((f"u{user}", f"i{item}", rating, 1_000_000 + 1000 * user + time))
        other = random.choice(np.arange(1 - user % 2, ITEMS, 2))
        rows.append((f"u{user}", f"i{other}", 1, 1_000_000 + 1000 * user + 500))
    interactions = pd.DataFrame(rows, columns=["user_id", "item_id", "value", "timestamp"])
    items = pd.DataFrame(
        {
            "item_id": [f"i{i}" for i in range(ITEMS)],
            "title": [f"{'Comedy' if i % 2 == 0 else 'Western'} {i}" for i in range(ITEMS)],
            "genre": ["Comedy|Film" if i % 2 == 0 else "Western|Film" for i in range(ITEMS)],
        }
    )
    return interactions, items


SMALL = {"components": 8, "runs": 2, "epochs": 15, "learning_rate": 0.05, "half_life": 4.0}


@pytest.fixture(scope="session")
def planted() -> Dataset:
    interactions, items = planted_frames()
    settings = DataSettings(scale=(1, 5))
    dataset, _ = read_dataset(settings, interactions=interactions, items=items)
    return dataset


@pytest.fixture(scope="session")
def small_settings() -> ModelSettings:
    return ModelSettings(**SMALL)


@pytest.fixture(scope="session")
def planted_model(planted: Dataset, small_settings: ModelSettings) -> FactorModel:
    return fit(planted, small_settings)


@pytest.fixture
def planted_files(tmp_path: Path) -> tuple[Path, Path]:
    """The planted world as CSV files with a stranger's column names."""
    interactions, items = planted_frames()
    mine = interactions.rename(
        columns={"user_id": "who", "item_id": "what", "value": "stars", "timestamp": "when"}
    )
    paths = tmp_path / "my.csv", tmp_path / "items.csv"
    mine.to_csv(paths[0], index=False)
    items.rename(columns={"item_id": "what"}).to_csv(paths[1], index=False)
    return paths


@pytest.fixture(scope="session")
def planted_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted and indexed workspace; tests must not change it."""
    return build_planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def new_workspace(tmp_path: Path) -> Callable[[], Path]:
    """Makes a fitted and indexed workspace of one's own."""
    return lambda: build_planted(tmp_path / "own")


def build_planted(folder: Path, frames: tuple[pd.DataFrame, pd.DataFrame] | None = None) -> Path:
    """Fit and index the planted world in a folder, or another one with its names."""
    from recx_agent import build

    interactions, items = frames or planted_frames()
    workspace = folder / "workspace"
    build.fit(
        workspace,
        interactions=interactions,
        items=items,
        data={"scale": (1, 5)},
        model=SMALL,
        wording={"item": "film"},
    )
    build.index(workspace)
    return workspace
