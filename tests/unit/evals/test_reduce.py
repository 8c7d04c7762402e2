"""From scores to figures, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recx_agent.evals.intervals import bootstrap_mean
from recx_agent.evals.reduce import jackknife, jackknife_over, mean, paired


def test_with_one_sample_a_user_it_is_the_plain_bootstrap() -> None:
    values = np.random.default_rng(1).normal(size=30)
    figure, plain = mean(values, list(range(30))), bootstrap_mean(values)
    assert (figure.value, figure.low, figure.high) == pytest.approx(plain[:3])
    assert figure.error == pytest.approx(values.std() / math.sqrt(30), rel=0.05)


def test_samples_of_one_user_are_no_independent_ones() -> None:
    by_user = np.random.default_rng(2).normal(size=25)
    once = mean(by_user, [f"u{n}" for n in range(25)])
    ten_times = mean(np.repeat(by_user, 10), [f"u{n}" for n in np.repeat(np.arange(25), 10)])
    assert ten_times.value == pytest.approx(once.value)
    assert (ten_times.low, ten_times.high) == pytest.approx((once.low, once.high))
    assert (once.n, once.users, ten_times.n, ten_times.users) == (25, 25, 250, 25)
    apart = mean(np.repeat(by_user, 10), list(range(250)))
    assert apart.error is not None and once.error is not None
    assert apart.error < once.error / 2


def test_the_mean_is_over_samples_not_over_users() -> None:
    figure = mean([1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"])
    assert figure.value == 0.75


def test_nothing_found_in_sixty_is_not_exactly_nothing() -> None:
    none = mean([0.0] * 60, list(range(60)), bounds=(0.0, 1.0))
    assert (none.value, none.low) == (0.0, 0.0)
    # Clopper-Pearson: 1 − .025^(1/60)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 60))
    always = mean([5.0] * 60, list(range(60)), bounds=(1.0, 5.0))
    assert always.low == pytest.approx(5 - 4 * (1 - 0.025 ** (1 / 60)))
    assert always.high == 5.0
    inside = mean([0.5] * 60, list(range(60)), bounds=(0.0, 1.0))
    assert inside.low == inside.high == 0.5
    # Twice as many samples of the same users are not twice as much known.
    assert mean([0.0] * 120, [*range(60)] * 2, bounds=(0.0, 1.0)).high == none.high


def test_of_one_user_there_is_no_interval() -> None:
    figure = mean([0.1, 0.3], ["a", "a"])
    assert figure.value == pytest.approx(0.2)
    assert (figure.low, figure.high, figure.error) == (None, None, None)
    assert not figure.clear_of_zero


def test_a_wider_level_is_a_wider_interval_that_is_still_resolved() -> None:
    values, users = np.random.default_rng(3).normal(size=40), list(range(40))
    plain, wide = mean(values, users), mean(values, users, level=0.999)
    assert wide.low is not None and plain.low is not None
    assert wide.high is not None and plain.high is not None
    # Of a normal mean: 3.29 instead of 1.96 standard errors.
    assert (wide.high - wide.low) / (plain.high - plain.low) == pytest.approx(3.29 / 1.96, rel=0.1)


@pytest.mark.parametrize("values", [[], [math.nan], [[1.0]]])
def test_what_is_no_sample_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        mean(values, ["a"] * len(values))


def test_values_and_users_go_together() -> None:
    with pytest.raises(ValueError, match="2 values of 1 users"):
        mean([1.0, 2.0], ["a"])


def test_pairs_take_out_how_hard_a_case_is() -> None:
    hard = np.random.default_rng(4).normal(size=50)
    one = {f"c{n}": float(h) + 0.1 for n, h in enumerate(hard)}
    other = {f"c{n}": float(h) for n, h in enumerate(hard)}
    user_of = {key: key for key in one}
    difference = paired(one, other, user_of)
    assert difference is not None
    assert difference.value == pytest.approx(0.1)
    assert difference.clear_of_zero
    alone = mean(list(one.values()), list(one))
    assert alone.low is not None and alone.low < float(np.mean(hard)) < one["c0"] + 9
    assert not mean(hard, list(range(50))).clear_of_zero


def test_only_cases_of_both_are_compared() -> None:
    users = {"a": "u", "b": "v", "c": "w"}
    difference = paired({"a": 1.0, "b": 5.0}, {"a": 0.0, "c": 9.0}, users)
    assert difference is not None
    assert (difference.value, difference.n) == (1.0, 1)
    assert paired({"a": 1.0}, {"c": 1.0}, users) is None


def test_the_jackknife_of_a_mean_is_its_standard_interval() -> None:
    values = [float(n) for n in range(20)]
    interval = jackknife(values, lambda own: sum(own) / len(own))
    assert interval.value == pytest.approx(9.5)
    # t(19) = 2.093, standard error 5.916 / √20 = 1.3229
    assert interval.high - interval.value == pytest.approx(2.093 * 1.3229, abs=1e-3)


def test_the_jackknife_leaves_out_whole_users() -> None:
    values = [float(n) for n in range(20)]
    twice = jackknife_over([*values, *values], [*range(20)] * 2, lambda own: sum(own) / len(own))
    once = jackknife(values, lambda own: sum(own) / len(own))
    assert twice is not None
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high))
    assert (twice.n, twice.users) == (40, 20)


def test_a_figure_that_is_not_there_has_no_interval() -> None:
    assert jackknife_over([], [], len) is None
    assert jackknife_over([1, 2], ["a", "b"], lambda own: None) is None
    partly = jackknife_over([1, 2], ["a", "b"], lambda own: 1.0 if len(own) == 2 else None)
    assert partly is not None
    assert (partly.value, partly.low) == (1.0, None)
    with pytest.raises(ValueError, match="leave out"):
        jackknife([], len)
