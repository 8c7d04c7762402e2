from __future__ import annotations

import numpy as np
import pytest

from benchmarks.by_predict import Ways
from benchmarks.names import OURS, PREDICT, SUMMED
from benchmarks.stopwatch import Stopwatch
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin

USERS = np.arange(12)


@pytest.fixture
def ways(planted: Dataset, planted_model: FactorModel) -> Ways:
    return Ways(planted, planted_model)


def test_all_ways_are_timed_and_lead_to_the_same_lists(ways: Ways) -> None:
    clock = Stopwatch()
    assert set(ways.ask(clock, USERS)) <= {"same", "level"}
    assert {name: len(taken) for name, taken in clock.taken.items()} == {
        OURS: 1,
        PREDICT: 1,
        SUMMED: 1,
    }


def test_nothing_summed_beforehand_changes_the_scores(ways: Ways) -> None:
    histories = [ways.dataset.history(user) for user in USERS.tolist()]
    own = np.array([ways.model.represent(history) for history in histories], dtype=np.float32)
    scores, lists = ways.predicted(USERS)
    summed, same = ways.predicted_summed(USERS, own)
    known = np.isfinite(scores)
    assert np.array_equal(known, np.isfinite(summed))
    assert summed[known] == pytest.approx(scores[known], rel=1e-4, abs=1e-5)
    assert np.array_equal(lists, same)


def test_rounding_bounds_what_single_precision_loses_and_little_more(ways: Ways) -> None:
    scores, _ = ways.predicted(USERS)
    for row, user in zip(scores, USERS.tolist(), strict=True):
        own = ways.model.represent(ways.dataset.history(user))
        exact = ways.model.item_factors @ own + ways.model.item_biases
        gap = np.abs(row - exact)[np.isfinite(row)].max()
        assert gap <= ways.rounding(user) < 1e-3


def test_lists_of_another_model_are_different(ways: Ways, planted_model: FactorModel) -> None:
    ways.twin = LightFMTwin(planted_model.muted([0, 2, 4]))
    assert "different" in ways.ask(Stopwatch(), USERS)
