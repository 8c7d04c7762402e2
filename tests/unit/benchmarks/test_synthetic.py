from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from benchmarks import synthetic
from benchmarks.sizes import USERS, Size
from benchmarks.synthetic import make_dataset
from recx_agent.datasets import Dataset

SIZE = Size(USERS, 20_000, 400, 1_000)


@pytest.fixture(scope="module")
def made() -> Dataset:
    return make_dataset(SIZE)


def test_it_has_the_size_asked_for_and_nobody_has_an_item_twice(made: Dataset) -> None:
    assert len(made.users) == 400
    assert len(made.catalogue) == 1_000
    assert 0.95 * SIZE.events <= len(made.events) <= SIZE.events
    assert made.positives.nnz == len(made.events)
    assert np.diff(made.positives.indptr).min() >= 1


def test_popularity_and_activity_have_long_tails(made: Dataset) -> None:
    popular = np.sort(made.popularity)[::-1]
    assert popular[:100].sum() > 0.35 * popular.sum()
    lengths = np.log(np.diff(made.positives.indptr))
    assert 0.8 < lengths.std() < 1.2
    skew = ((lengths - lengths.mean()) ** 3).mean() / lengths.std() ** 3
    assert abs(skew) < 0.5  # of the lengths themselves it is above 2


def narrowness(data: Dataset) -> float:
    """The mean over users of the share that the two genres they like most cover."""
    genres = [set(data.catalogue.values(item, "genre")) for item in range(1_000)]
    pairs = list(combinations(sorted(set.union(*genres)), 2))
    shares = []
    for user in range(0, 400, 10):
        own = [genres[item] for item in data.history(user).items]
        shares.append(max(sum(bool(has & {*pair}) for has in own) for pair in pairs) / len(own))
    return float(np.mean(shares))


def test_users_have_tastes(made: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "FAVOUR", 1.0)
    assert narrowness(made) > narrowness(make_dataset(SIZE)) + 0.04


def test_equal_sizes_give_equal_data_and_other_seeds_others(made: Dataset) -> None:
    assert make_dataset(SIZE).fingerprint == made.fingerprint
    assert make_dataset(SIZE, seed=1).fingerprint != made.fingerprint
