"""Scores and ranks without evidence, and with nothing else, by hand and by the product's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset
from recx_agent.evals.scorers.faithful.curves import area, prefixes, worth
from recx_agent.evals.scorers.faithful.cuts import Cuts, Evidence
from recx_agent.recommenders.factor_model import FactorModel


def test_deletion_and_insertion_are_those_of_the_table(served_of: Any) -> None:
    cuts = Cuts(served_of().standing("0"), 4)
    gone = cuts.without([Evidence(), Evidence((0,)), Evidence((0, 1)), Evidence((3,))])
    assert [place.rank for place in gone] == [1, 3, 4, 1]
    assert [place.score for place in gone] == pytest.approx([1.8, 0.8, 0.2, 1.9], abs=1e-6)
    left = cuts.only([Evidence(), Evidence((0,)), Evidence((0, 1)), Evidence((0, 1, 2, 3))])
    assert [place.rank for place in left] == [4, 2, 1, 1]
    assert [place.score for place in left] == pytest.approx([0.0, 1.0, 1.6, 1.8], abs=1e-6)
    assert cuts.weighed(Evidence((0,))) == pytest.approx(2.0, abs=1e-6)


def test_equal_scores_are_ordered_by_item(served_of: Any) -> None:
    standing = served_of(biases=np.full(8, 0.5), terms=np.zeros((8, 4))).standing("0")
    assert [Cuts(standing, item).whole.rank for item in (4, 5, 6, 7)] == [1, 2, 3, 4]


def test_a_muted_attribute_takes_its_terms_from_every_item_that_has_it(served_of: Any) -> None:
    """Items 4 to 7 have genre g1, whose terms add 0.5 to each: all lose it, no rank moves."""
    served = served_of(genres=[[0, 0, 0, 0], [0.5, 0, 0, 0]])
    cuts = Cuts(served.standing("0"), 4)
    [feature] = cuts.attributes()
    whole, muted = cuts.without([Evidence(), Evidence(features=(feature,))])
    assert whole.score - muted.score == pytest.approx(0.5, abs=1e-6)
    assert (whole.rank, muted.rank) == (1, 1)
    by_product = cuts.standing.rank_without_feature(4, feature)
    assert by_product == muted.rank
    [alone] = cuts.only([Evidence(features=(feature,))])
    assert alone.score == pytest.approx(0.5, abs=1e-6)
    assert cuts.weighed(Evidence(features=(feature,))) == pytest.approx(2.3, abs=1e-6)


def test_both_at_once_take_nothing_away_twice(served_of: Any) -> None:
    served = served_of(genres=[[0, 0, 0, 0], [0.5, 0.25, 0, 0]])
    cuts = Cuts(served.standing("0"), 4)
    [feature] = cuts.attributes()
    [both] = cuts.without([Evidence((0,), (feature,))])
    assert both.score == pytest.approx(0.6 + 0.3 - 0.1, abs=1e-6)
    [left] = cuts.only([Evidence((0,), (feature,))])
    assert left.score == pytest.approx(1.5 + 0.25, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_ranks_are_those_of_the_product(
    halves: Dataset, planted_random_model: FactorModel, draw: st.DataObject
) -> None:
    user = draw.draw(st.integers(0, len(halves.users) - 1))
    standing = Standing(planted_random_model, halves.history(user), halves.seen(user))
    item = int(np.flatnonzero(standing.candidates)[draw.draw(st.integers(0, 20))])
    taken = draw.draw(st.sets(st.integers(0, len(standing.history) - 1), max_size=4))
    [place] = Cuts(standing, item).without([Evidence(tuple(taken))])
    shorter = Standing(
        standing.model,
        standing.history.without(standing.history.items[sorted(taken)].tolist()),
        standing.excluded,
    )
    assert place.rank == shorter.rank(item)
    assert place.score == pytest.approx(shorter.scores[item], abs=1e-9)


@pytest.fixture(scope="module")
def planted_random_model(halves: Dataset) -> FactorModel:
    from recx_agent.recommenders.item_features import build_features

    random = np.random.default_rng(3)
    features, matrix = build_features(halves.catalogue)
    return FactorModel.of(
        random.normal(size=(40, 5)).astype(np.float32),
        random.normal(size=(len(features), 5)).astype(np.float32),
        random.normal(size=len(features)).astype(np.float32),
        matrix,
        features=features,
        half_life=6.0,
    )


def test_areas_and_worths() -> None:
    assert [worth(1), worth(3)] == [1.0, 0.5]
    assert area([1.0, 0.5, 0.0]) == 0.5
    assert area([1.0, 0.0, 0.0, 0.0]) == pytest.approx(1 / 6)
    assert area([0.7, 0.7]) == pytest.approx(0.7)
    with pytest.raises(ValueError, match="no area"):
        area([1.0])
    assert prefixes([3, 1]) == [(), (3,), (3, 1)]


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=8))
def test_an_area_lies_between_its_ends(ranks: list[int]) -> None:
    curve = [worth(rank) for rank in ranks]
    assert min(curve) - 1e-12 <= area(curve) <= max(curve) + 1e-12
    assert all(0 < point <= 1 for point in curve)
