"""Histories that follow a rule foretell themselves, and tossed coins do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.evals.worlds import WorldSpec, plant
from recx_agent.evals.worlds.foretold import CLEAR, foretold
from recx_agent.settings import DataSettings, ModelSettings

SETTINGS = ModelSettings(components=16, epochs=20, threads=1)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Twenty-four users who like one genre, as many who toss coins, and one with two likes."""
    planted = plant(WorldSpec(rules=("attribute", "coin"), noise=0.0))
    rows = [*planted.interactions, ("new", "i1", 5, 1), ("new", "i2", 5, 2)]
    columns = ["user_id", "item_id", "value", "timestamp"]
    return read_dataset(
        DataSettings(scale=(1, 5)),
        interactions=pd.DataFrame(rows, columns=columns),
        items=pd.DataFrame(planted.items),
    )[0]


def test_a_rule_is_clear_and_a_coin_is_not(dataset: Dataset) -> None:
    found = foretold(dataset, SETTINGS, folds=2)
    kinds = np.array([user.partition("-")[0] for user in dataset.users])
    assert (found[kinds == "attribute"] > CLEAR).mean() > 0.9
    assert (found[kinds == "coin"] > CLEAR).mean() < 0.3
    assert np.isnan(found[kinds == "new"]).all()


def test_equal_seeds_give_equal_figures(dataset: Dataset) -> None:
    one = foretold(dataset, SETTINGS, folds=2, seed=3)
    np.testing.assert_array_equal(one, foretold(dataset, SETTINGS, folds=2, seed=3))
