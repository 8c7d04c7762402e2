from __future__ import annotations

import numpy as np
import pytest

from recx_agent.evals.intervals import Interval, bootstrap_mean


def test_interval_of_a_constant_is_a_point() -> None:
    assert bootstrap_mean(np.full(20, 0.25)) == Interval(0.25, 0.25, 0.25, 20)


def test_interval_is_that_of_the_normal_approximation() -> None:
    sample = np.random.default_rng(1).normal(2.0, 1.0, size=400)
    interval = bootstrap_mean(sample)
    half = 1.96 * sample.std() / 20
    assert interval.value == pytest.approx(sample.mean())
    assert interval.low == pytest.approx(sample.mean() - half, abs=0.01)
    assert interval.high == pytest.approx(sample.mean() + half, abs=0.01)


def test_about_95_of_100_intervals_cover_the_known_mean() -> None:
    random = np.random.default_rng(2)
    covered = 0
    for seed in range(200):
        interval = bootstrap_mean(random.exponential(3.0, size=80), resamples=400, seed=seed)
        covered += interval.low <= 3.0 <= interval.high
    assert 178 <= covered <= 199


def test_clear_of_zero() -> None:
    assert Interval(0.1, 0.01, 0.2, 5).clear_of_zero
    assert Interval(-0.1, -0.2, -0.01, 5).clear_of_zero
    assert not Interval(0.1, -0.01, 0.2, 5).clear_of_zero
    assert not Interval(0.1, 0.0, 0.2, 5).clear_of_zero


@pytest.mark.parametrize("values", [[], [[1.0, 2.0]], [1.0, np.nan], [np.inf]])
def test_what_is_no_sample_is_refused(values: list[object]) -> None:
    with pytest.raises(ValueError, match="finite sample"):
        bootstrap_mean(np.array(values, dtype=float))
