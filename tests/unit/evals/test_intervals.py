from __future__ import annotations

import numpy as np
import pytest

from recx_agent.evals.intervals import Interval, bootstrap_mean, gain_of_runs


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


def test_an_interval_over_runs_covers_what_training_is_worth() -> None:
    random = np.random.default_rng(3)
    covered = over_users = 0
    for _ in range(400):
        # What is true of all: .1; each run is off by a number of its own, the same for all users.
        users = random.normal(0.5, 0.3, size=80)
        with_it, without = (
            mean + users + random.normal(0, 0.05, (3, 1)) + random.normal(0, 0.1, (3, 80))
            for mean in (0.1, 0.0)
        )
        found = gain_of_runs(with_it, without)
        assert found.value == pytest.approx(with_it.mean() - without.mean())
        assert found.n == 80
        covered += found.low <= 0.1 <= found.high
        alone = bootstrap_mean(with_it.mean(axis=0) - without.mean(axis=0), resamples=200)
        over_users += alone.low <= 0.1 <= alone.high
    assert 370 <= covered <= 396
    assert over_users < 200


def test_without_differences_between_runs_it_is_the_interval_over_users() -> None:
    gains = np.random.default_rng(4).normal(0.1, 0.2, size=900)
    found = gain_of_runs(np.tile(gains, (3, 1)), np.zeros((3, 900)))
    wanted = bootstrap_mean(gains)
    assert found[:3] == pytest.approx(wanted[:3], abs=0.001)
    assert gain_of_runs(np.ones((2, 5)), np.zeros((2, 5))) == Interval(1.0, 1.0, 1.0, 5)


@pytest.mark.parametrize(
    ("with_it", "without"),
    [
        ([[1.0, 2.0]], [[1.0, 2.0]]),
        ([[1.0], [2.0]], [[1.0], [2.0]]),
        ([[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]),
        ([[1.0, np.nan], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]),
    ],
)
def test_what_is_no_comparison_of_runs_is_refused(with_it: object, without: object) -> None:
    with pytest.raises(ValueError, match="a comparison of runs needs"):
        gain_of_runs(np.array(with_it), np.array(without))
