from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.evals.ranking.metrics import NOTHING
from recx_agent.evals.ranking.ranker import best, history_ages, rank_users


@dataclass
class Fixed:
    scores: NDArray[Any]

    def score(self, users: NDArray[np.int64]) -> NDArray[Any]:
        return self.scores[users]


@pytest.fixture
def three(make_dataset: Any) -> Dataset:
    rows = [(0, 2, 5.0, 10), (0, 4, 1.0, 20), (1, 0, 5.0, 10), (2, 0, 5.0, 1), (2, 3, 4.0, 2)]
    found = make_dataset(rows, 3, 6)
    assert isinstance(found, Dataset)
    return found


def test_only_the_users_own_items_are_seen_low_ratings_included(three: Dataset) -> None:
    scores = np.tile([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 1))
    ranked = rank_users(Fixed(scores), three, np.array([0, 1]), 6)
    assert ranked[0].tolist() == [5, 3, 1, 0, NOTHING, NOTHING]
    assert ranked[1].tolist() == [5, 4, 3, 2, 1, NOTHING]


def test_equal_scores_are_ordered_by_item_also_at_the_edge(three: Dataset) -> None:
    scores = np.tile([0.0, 7.0, 7.0, 7.0, 7.0, 7.0], (3, 1))
    ranked = rank_users(Fixed(scores), three, np.array([1]), 3)
    assert ranked.tolist() == [[1, 2, 3]]


def test_batches_change_nothing(halves: Dataset) -> None:
    n_users, n_items = len(halves.users), len(halves.catalogue)
    scores = np.random.default_rng(0).integers(0, 9, size=(n_users, n_items))
    users = np.arange(n_users)
    whole = rank_users(Fixed(scores), halves, users, 10)
    assert np.array_equal(whole, rank_users(Fixed(scores), halves, users, 10, batch=7))
    for user, items in enumerate(whole):
        assert not np.isin(items, halves.seen(user)).any()


def test_best_is_a_full_sort() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        scores = random.integers(0, 6, size=30).astype(float)
        candidates = np.flatnonzero(random.random(30) < 0.7)
        wanted = sorted(candidates, key=lambda i: (-scores[i], i))[:8]
        assert best(scores, candidates, 8).tolist() == wanted


def test_a_score_that_is_no_number_is_refused(three: Dataset) -> None:
    with pytest.raises(ValueError, match="not numbers"):
        rank_users(Fixed(np.full((3, 6), np.nan)), three, np.array([0]), 2)


def test_history_ages_keep_the_newest(three: Dataset) -> None:
    ages = history_ages(three, np.array([0, 2])).toarray() - 1.0
    assert ages[0].tolist() == [-1, -1, 0, -1, -1, -1]
    assert ages[1].tolist() == [1, -1, -1, 0, -1, -1]
