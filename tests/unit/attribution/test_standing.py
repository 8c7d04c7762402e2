from __future__ import annotations

import numpy as np
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset, History
from recx_agent.recommenders import als_trainer
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.settings import AlsSettings


@pytest.fixture(scope="module")
def als_model(planted: Dataset) -> AlsModel:
    return als_trainer.fit(planted, AlsSettings(factors=4, half_life=4.0))


@pytest.fixture(params=["lightfm", "als"])
def standing(
    request: pytest.FixtureRequest,
    planted: Dataset,
    planted_model: FactorModel,
    als_model: AlsModel,
) -> Standing:
    model = als_model if request.param == "als" else planted_model
    return Standing(model, planted.history(0), planted.seen(0))


def test_ranks_are_those_of_the_sorted_candidates(standing: Standing) -> None:
    order = [i for i in np.argsort(-standing.scores, kind="stable") if standing.candidates[i]]
    assert [standing.rank(int(item)) for item in order] == list(range(1, len(order) + 1))


def test_a_seen_item_has_no_rank(standing: Standing, planted: Dataset) -> None:
    assert standing.rank(int(planted.seen(0)[0])) is None


def test_rank_without_a_cause_equals_ranking_anew_without_it(standing: Standing) -> None:
    items = np.flatnonzero(standing.candidates)[:8].astype(np.int32)
    positions = list(range(len(standing.history)))
    quick = standing.ranks_without_history(items, [positions] * len(items))
    for position in positions:
        removed = standing.history.without([int(standing.history.items[position])])
        anew = Standing(standing.model, removed, standing.excluded)
        assert [row[position] for row in quick] == [anew.rank(int(item)) for item in items]


def test_rank_without_several_equals_ranking_anew_without_them(standing: Standing) -> None:
    items = np.flatnonzero(standing.candidates)[:8].astype(np.int32)
    sets = [(0, 1), (2, 5, 7), tuple(range(len(standing.history)))]
    quick = standing.ranks_without(items, [sets] * len(items))
    for number, gone in enumerate(sets):
        removed = standing.history.without(standing.history.items[list(gone)].tolist())
        anew = Standing(standing.model, removed, standing.excluded)
        assert [row[number] for row in quick] == [anew.rank(int(item)) for item in items]


def test_rank_without_an_attribute_equals_ranking_with_it_muted(
    planted: Dataset, planted_model: FactorModel
) -> None:
    standing = Standing(planted_model, planted.history(0), planted.seen(0))
    for feature, entry in enumerate(planted_model.features):
        if entry.kind != "attribute":
            continue
        muted = Standing(planted_model.muted([feature]), standing.history, standing.excluded)
        for item in np.flatnonzero(standing.candidates)[:8]:
            assert standing.rank_without_feature(int(item), feature) == muted.rank(int(item))


def test_equal_scores_rank_by_item(planted_model: FactorModel) -> None:
    nothing = Standing(planted_model, History.of([]), np.empty(0, np.int32))
    scores = nothing.scores
    twin = Standing(planted_model, History.of([]), np.empty(0, np.int32))
    object.__setattr__(twin, "scores", np.ones_like(scores))
    assert [twin.rank(item) for item in range(5)] == [1, 2, 3, 4, 5]


def test_no_causes_asked_no_ranks_given(standing: Standing) -> None:
    items = np.flatnonzero(standing.candidates)[:2].astype(np.int32)
    assert standing.ranks_without_history(items, [[], []]) == [[], []]


def test_attribution_has_the_standing_s_score_and_rank(standing: Standing) -> None:
    items = [int(i) for i in np.flatnonzero(standing.candidates)[:5]]
    for item, entry in zip(items, attribute_items(standing, items), strict=True):
        assert entry.score == standing.scores[item]
        assert entry.rank == standing.rank(item)
