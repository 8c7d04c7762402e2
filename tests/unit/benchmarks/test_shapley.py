"""The check itself: it must see a contribution that is no Shapley value."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset, History
from recx_agent.recommenders.factor_model import FactorModel

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # matplotlib's, by way of shap
    pytest.importorskip("shap", reason="SHAP comes with the extra 'bench'")
    from benchmarks.shapley import against_shap, own_score, shapley_values


def test_what_is_no_sum_has_the_values_worked_out_by_hand() -> None:
    """Score 6 if items 0 and 1 are there, 3 more with item 2: they share, item 3 gets none."""

    def score(histories: list[History], item: int) -> NDArray[np.float64]:
        own = [set(history.items.tolist()) for history in histories]
        return np.array([6.0 * ({0, 1} <= has) + 3.0 * (2 in has) + 1.0 for has in own])

    values, base = shapley_values(History.of([0, 1, 2, 3]), 9, score)
    assert values == pytest.approx([3.0, 3.0, 3.0, 0.0])
    assert base == pytest.approx(1.0)


def test_contributions_are_the_values_of_the_served_score(
    planted: Dataset, planted_model: FactorModel
) -> None:
    found = against_shap(planted, planted_model, own_score(planted_model), 5)
    assert found["users"] == found["same_first"] == 5
    assert found["relative"] < 1e-12
    assert found["base"] < 1e-12


def test_a_score_that_counts_history_otherwise_is_seen(
    planted: Dataset, planted_model: FactorModel
) -> None:
    """Weights of unit length: removing one item raises the others' weights."""
    plain = own_score(planted_model)

    def unit(histories: list[History], item: int) -> Any:
        lengths = [
            max(float(np.linalg.norm(planted_model.weights(h.ages))), 1e-9) for h in histories
        ]
        return plain(histories, item) / np.array(lengths)

    assert against_shap(planted, planted_model, unit, 5)["relative"] > 1e-3


def test_the_contributions_compared_are_those_of_the_shortened_history(
    planted: Dataset, planted_model: FactorModel
) -> None:
    history = planted.history(0).without(planted.history(0).items[3:])
    standing = Standing(planted_model, history, history.items)
    item = int(np.flatnonzero(standing.candidates)[0])
    values, _ = shapley_values(history, item, own_score(planted_model))
    own = attribute_items(standing, [item])[0].history_values
    assert values == pytest.approx(own, abs=1e-12)
