from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from recx_agent.datasets import Catalogue, Dataset, IdMap
from recx_agent.evals.cold_items.chance import by_chance
from recx_agent.evals.cold_items.rankers import (
    ByModel,
    ByProfile,
    attribute_popularity,
    with_identities,
)
from recx_agent.evals.cold_items.split import ColdSplit, hold_items_out
from recx_agent.evals.ranking.metrics import METRICS
from recx_agent.recommenders import lightfm_trainer
from recx_agent.settings import ModelSettings

SETTINGS = ModelSettings(components=8, runs=2, epochs=10, learning_rate=0.05, threads=1)


def test_chance_is_the_mean_over_every_order(halves: Dataset) -> None:
    split = hold_items_out(halves, 0, of=8)
    expected = by_chance(split, 2)
    for row in range(0, len(split.users), 7):
        user = int(split.users[row])
        candidates = np.setdiff1d(split.cold, split.train.seen(user))
        orders = np.array(list(permutations(candidates.tolist(), 2)), dtype=np.int32)
        one = split.relevant[[row] * len(orders)]
        for name, metric in METRICS.items():
            assert expected[name][row] == pytest.approx(metric(orders, one).mean())


def test_chance_with_fewer_candidates_than_places_finds_all(halves: Dataset) -> None:
    split = hold_items_out(halves, 0, of=10)
    found = by_chance(split, 10)["recall"]
    assert found == pytest.approx(np.ones(len(split.users)))


def with_genres(data: Dataset, *genres: str) -> Dataset:
    ids = IdMap([str(item) for item in range(len(genres))])
    values = tuple(tuple(own.split("|")) for own in genres)
    catalogue = Catalogue(ids, tuple(ids.ids), {"genre": values}, ("genre",))
    return Dataset(data.users, catalogue, data.events, data.scale)


def test_attribute_popularity_is_the_mean_over_values_of_the_mean_over_items(
    make_dataset: Callable[..., Dataset],
) -> None:
    likes = [(u, 0, 5.0, u) for u in range(4)] + [(u, 1, 5.0, u) for u in range(2)]
    data = with_genres(make_dataset(likes, 4, 4), "a|b", "b", "a|b", "c|b")
    cold = np.array([2, 3], dtype=np.int32)
    numbers = attribute_popularity(data, cold)
    assert numbers[2] == pytest.approx((4 + (4 + 2) / 2) / 2)
    assert numbers[3] == pytest.approx((4 + 2) / 2)  # "c" has no other item, so it is no value


def test_a_profile_is_near_what_shares_its_rare_attributes(
    make_dataset: Callable[..., Dataset],
) -> None:
    data = with_genres(
        make_dataset([(0, 0, 5.0, 1), (0, 1, 2.0, 2)], 1, 5), "a|b", "c", "a|b", "b", "c"
    )
    scores = ByProfile.of(data).score(np.array([0]))[0]
    assert scores[2] == pytest.approx(1.0)
    rarity = np.log(5 / np.array([2, 3]))
    assert scores[3] == pytest.approx(rarity[1] / np.hypot(*rarity))
    assert scores[4] == 0.0  # what was rated low is no part of the profile


@pytest.fixture(scope="module")
def split(halves: Dataset) -> ColdSplit:
    return hold_items_out(halves, 0, of=10)


def test_identities_come_back_to_held_out_items_and_to_no_others(split: ColdSplit) -> None:
    model = lightfm_trainer.fit(split.train, SETTINGS)
    whole = with_identities(model, split.train)
    warm = np.setdiff1d(np.arange(40), split.cold)
    assert np.array_equal(whole.item_factors[warm], model.item_factors[warm])
    assert np.array_equal(whole.item_biases[warm], model.item_biases[warm])
    for item in split.cold.tolist():
        features, _ = model.features_of(item)
        assert {model.features[f].kind for f in features} == {"attribute"}
        place = model.features.index(model.features[item])
        gained = whole.item_factors[item] - model.item_factors[item]
        assert gained == pytest.approx(model.feature_factors[place], abs=1e-6)


def test_scores_are_the_served_model_s_own(split: ColdSplit) -> None:
    model = lightfm_trainer.fit(split.train, SETTINGS)
    scores = ByModel(split.train, model).score(split.users[:3])
    for row, user in zip(scores, split.users[:3].tolist(), strict=True):
        items, own = model.top_k(split.train.history(user), 5, split.train.seen(user))
        assert row[items] == pytest.approx(own)
