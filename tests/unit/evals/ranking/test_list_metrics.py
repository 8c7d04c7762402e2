"""Metrics of lists against RecTools' values and against cases worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.datasets import Dataset
from recx_agent.evals.ranking import exposure
from recx_agent.evals.ranking.exposure import LIST_METRICS
from recx_agent.evals.ranking.facts import Facts, values_of
from recx_agent.evals.ranking.metrics import NOTHING
from recx_agent.evals.ranking.task import RULES, tasks_of
from recx_agent.evals.ranking.user_metrics import USER_METRICS

METRIC = {metric.name: metric for metric in USER_METRICS}
REFERENCE = Path(__file__).parents[3] / "data/ranking/rectools_0_19.json"


def matrix(rows: list[list[int]], columns: int) -> sp.csr_matrix:
    found = sp.lil_matrix((len(rows), columns))
    for row, places in enumerate(rows):
        found[row, places] = 1
    return found.tocsr()


def facts(
    history: list[list[int]],
    held_out: list[list[int]],
    n_items: int,
    attributes: list[list[int]] | None = None,
) -> Facts:
    histories = matrix(history, n_items)
    return Facts(
        relevant=matrix(held_out, n_items),
        counts=np.bincount(histories.indices, minlength=n_items),
        likers=sum(bool(own) for own in history),
        histories=histories,
        attributes=matrix(attributes or [[] for _ in range(n_items)], 8),
    )


def lists(*rows: list[int]) -> Any:
    return np.array(rows, dtype=np.int32)


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(REFERENCE.read_text())
    return content


@pytest.mark.parametrize("k", [3, 6])
@pytest.mark.parametrize(
    "name", ["recall", "ndcg", "mrr", "hit_rate", "novelty", "popularity", "diversity"]
)
def test_values_are_those_of_rectools(reference: dict[str, Any], name: str, k: int) -> None:
    known = facts(
        reference["history"], reference["held_out"], reference["n_items"], reference["attributes"]
    )
    ranked = lists(*reference["ranked"])[:, :k]
    theirs = np.array(reference["values"][str(k)][name])
    if name == "recall":
        # RecTools divides by all held-out items, also where a list cannot hold them all.
        held = np.array([len(own) for own in reference["held_out"]])
        theirs = theirs * held / np.minimum(held, k)
    assert METRIC[name].of(ranked, known) == pytest.approx(theirs)


@pytest.mark.parametrize("k", [3, 6])
def test_coverage_is_that_of_rectools(reference: dict[str, Any], k: int) -> None:
    ranked = lists(*reference["ranked"])[:, :k]
    found = exposure.coverage(ranked, reference["n_items"])
    assert found == pytest.approx(reference["values"][str(k)]["coverage"])


def test_reciprocal_rank_and_hits_by_hand() -> None:
    known = facts([[9], [9], [9]], [[2, 3], [5], [1]], 10)
    ranked = lists([4, 3, 2], [5, 0, 1], [7, 8, NOTHING])
    assert METRIC["mrr"].of(ranked, known).tolist() == [0.5, 1.0, 0.0]
    assert METRIC["hit_rate"].of(ranked, known).tolist() == [1.0, 1.0, 0.0]


def test_novelty_and_popularity_by_hand() -> None:
    # Of four users with a history, item 0 was liked by four, item 1 by one, item 2 by nobody.
    known = facts([[0, 1], [0], [0], [0], []], [[2]] * 5, 4)
    ranked = lists([0, 1], [1, 2], [0, NOTHING], [NOTHING, NOTHING], [2, 3])
    assert METRIC["novelty"].of(ranked, known)[:3].tolist() == [1.0, 2.0, 0.0]
    popularity = METRIC["popularity"].of(ranked, known)
    assert popularity[[0, 1, 2, 4]].tolist() == [0.625, 0.125, 1.0, 0.0]
    assert math.isnan(popularity[3]) and math.isnan(METRIC["novelty"].of(ranked, known)[3])
    # Histories: shares (1 + .25) / 2, 1, 1, 1, and none.
    lift = METRIC["popularity_lift"].of(ranked, known)
    assert lift[:3] == pytest.approx([0.0, -0.875, 0.0])
    assert math.isnan(lift[4]), "no history, so there is nothing to compare with"


def test_diversity_by_hand() -> None:
    attributes = [[0, 1], [0, 1], [1, 2], [3], []]
    known = facts([[0]] * 4, [[1]] * 4, 5, attributes)
    ranked = lists([0, 1, NOTHING], [0, 2, 3], [0, 4, 1], [4, 3, NOTHING])
    found = METRIC["diversity"].of(ranked, known)
    assert found[:3] == pytest.approx([0.0, (2 / 3 + 1 + 1) / 3, 0.0])
    assert math.isnan(found[3]), "one item with attributes is no pair"


def test_exposure_by_hand() -> None:
    ranked = lists([0, 1], [0, 1], [0, 2])
    # Exposures of ten items: 3, 2, 1 and seven times 0.
    assert exposure.exposures(ranked, 10).tolist() == [3, 2, 1] + [0] * 7
    assert exposure.coverage(ranked, 10) == 0.3
    assert exposure.gini(ranked, 10) == pytest.approx((1 * 5 + 2 * 7 + 3 * 9) / (10 * 6))
    assert exposure.top_decile_share(ranked, 10) == 0.5
    nothing = lists([NOTHING, NOTHING])
    assert exposure.gini(nothing, 3) is None and exposure.top_decile_share(nothing, 3) is None


def test_the_ends_of_gini() -> None:
    assert exposure.gini(lists([0, 1], [2, 3]), 4) == pytest.approx(0.0)
    assert exposure.gini(lists([1], [1], [1]), 4) == pytest.approx(1 - 1 / 4)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=40))
def test_gini_is_the_mean_difference_over_twice_the_mean(listed: list[int]) -> None:
    found = exposure.gini(lists(listed), 8)
    counts = np.bincount(listed, minlength=8)
    pairs = np.abs(counts[:, None] - counts[None, :]).mean()
    assert found == pytest.approx(pairs / (2 * counts.mean()))


def test_bias_disparity_by_hand() -> None:
    histories = matrix([[0, 1, 2], [3]], 6)
    holders = np.array([1.0, 0, 0, 0, 1, 1])
    # Of four liked items one is of the kind, of four places three.
    ranked = lists([4, 5, 3], [0, NOTHING, NOTHING])
    assert exposure.bias_disparity(ranked, histories, holders) == pytest.approx(3 - 1)
    never = np.array([0.0, 0, 0, 0, 1, 0])
    assert exposure.bias_disparity(ranked, histories, never) is None


def test_every_metric_stays_in_its_range(halves: Dataset) -> None:
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    known = Facts.of(task)
    random = np.random.default_rng(0)
    ranked = np.array([random.permutation(known.n_items)[:7] for _ in task.users], dtype=np.int32)
    ranked[0, 3:] = NOTHING
    for metric in USER_METRICS:
        values = metric.of(ranked, known)
        assert values.shape == (len(task.users),)
        assert np.isfinite(values).all(), metric.name
        assert metric.low is None or values.min() >= metric.low
        assert metric.high is None or values.max() <= metric.high
    for whole in LIST_METRICS:
        value = whole.of(ranked, known.n_items)
        assert value is not None and 0.0 <= value <= 1.0


def test_facts_are_those_of_the_training_part(halves: Dataset) -> None:
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    known = Facts.of(task)
    assert known.counts.sum() == task.train.positives.nnz < halves.positives.nnz
    assert known.histories.shape == (len(task.users), len(halves.catalogue))
    assert known.likers == 40
    names, values = values_of(halves.catalogue, ("genre",))
    assert names == (("genre", "g0"), ("genre", "g1"))
    assert values.toarray().sum(axis=0).tolist() == [20, 20]
