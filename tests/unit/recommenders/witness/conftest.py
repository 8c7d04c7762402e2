"""A planted world of rules and coins, and its witnesses."""

from __future__ import annotations

import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.evals.worlds import Planted, WorldSpec, plant
from recx_agent.recommenders.witness.of_lightfm import lightfm_witnesses
from recx_agent.recommenders.witness.witnesses import FittedWitnesses
from recx_agent.settings import DataSettings, ModelSettings

SETTINGS = ModelSettings(components=16, epochs=20, threads=1)


def dataset_of(planted: Planted) -> Dataset:
    columns = ["user_id", "item_id", "value", "timestamp"]
    return read_dataset(
        DataSettings(scale=(1, 5)),
        interactions=pd.DataFrame(planted.interactions, columns=columns),
        items=pd.DataFrame(planted.items),
    )[0]


@pytest.fixture(scope="session")
def ruled() -> Dataset:
    """56 users who follow a rule, as many who toss coins; their ids say which."""
    rules = ("attribute", "conjunction", "coin", "hour")
    return dataset_of(plant(WorldSpec(rules=rules, users_per_rule=28, noise=0.0)))


@pytest.fixture(scope="session")
def witnesses(ruled: Dataset) -> FittedWitnesses:
    return lightfm_witnesses(ruled, SETTINGS)
