from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.recommenders.top_k import TopK

NONE = np.empty(0, np.int32)


def sorted_whole(
    factors: NDArray[np.float64], biases: NDArray[np.float64], user: NDArray[np.float64]
) -> NDArray[np.int64]:
    return np.argsort(-(factors @ user + biases), kind="stable")


@pytest.mark.parametrize("k", [1, 10, 100, 2000])
def test_it_is_the_head_of_the_sorted_catalogue(k: int) -> None:
    random = np.random.default_rng(0)
    factors, biases = random.normal(size=(1000, 16)), random.normal(size=1000)
    user = random.normal(size=16)
    excluded = random.choice(1000, 50, replace=False).astype(np.int32)
    found, scores = TopK(factors, biases).best(user, k, excluded)
    order = sorted_whole(factors, biases, user)
    np.testing.assert_array_equal(found, order[~np.isin(order, excluded)][:k])
    np.testing.assert_allclose(scores, factors[found] @ user + biases[found])


def test_terms_that_cancel_do_not_mislead_single_precision() -> None:
    """Scores that differ by 1 beside terms of a hundred million: the kernel alone is lost."""
    random = np.random.default_rng(0)
    large = 1e4 * random.normal(size=500)
    factors = np.column_stack([large, large - 1e-4 * random.normal(size=500)])
    user, biases = np.array([1e4, -1e4]), np.zeros(500)
    found, _ = TopK(factors, biases).best(user, 10, NONE)
    np.testing.assert_array_equal(found, sorted_whole(factors, biases, user)[:10])


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_factors_beyond_single_precision_are_ranked(size: float) -> None:
    random = np.random.default_rng(0)
    factors, user = size * random.normal(size=(300, 4)), size * random.normal(size=4)
    found, _ = TopK(factors, np.zeros(300)).best(user, 10, NONE)
    np.testing.assert_array_equal(found, sorted_whole(factors, np.zeros(300), user)[:10])


def test_level_scores_are_ordered_by_item() -> None:
    biases = np.ones(100)
    biases[7] = 2.0
    ranker = TopK(np.zeros((100, 3)), biases)
    found, _ = ranker.best(np.ones(3), 5, np.array([2], dtype=np.int32))
    assert found.tolist() == [7, 0, 1, 3, 4]


@pytest.mark.parametrize("k", [0, -1])
def test_none_wanted(k: int) -> None:
    assert len(TopK(np.ones((5, 2)), np.zeros(5)).best(np.ones(2), k, NONE)[0]) == 0
