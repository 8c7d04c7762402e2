"""Groups of users: worst group, largest gap, and what chance would give."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.evals.groups import by_group
from recx_agent.evals.reduce import mean


def people(*sizes: int) -> tuple[list[str], dict[str, str]]:
    users = [
        f"{group}{n}" for group, size in zip("abcdefgh", sizes, strict=False) for n in range(size)
    ]
    return users, {user: user[0] for user in users}


def test_means_gap_and_worst_by_hand() -> None:
    users, group_of = people(10, 10, 20)
    values = [1.0, 0.0] * 5 + [0.0] * 9 + [1.0] + [1.0] * 15 + [0.0] * 5
    found = by_group(values, users, group_of, better="higher", bounds=(0.0, 1.0))
    assert {name: one.value for name, one in found.groups.items()} == {
        "a": 0.5,
        "b": 0.1,
        "c": 0.75,
    }
    assert found.worst == "b" and found.worst_figure is not None and found.gap is not None
    assert (found.worst_figure.value, found.worst_figure.n) == (0.1, 10)
    assert found.gap.value == pytest.approx(0.65)
    assert found.gap.low is not None and found.gap.high is not None
    assert 0.0 < found.gap.low < 0.65 < found.gap.high <= 1.0
    lower = by_group(values, users, group_of, better="lower")
    assert lower.worst == "c"
    assert by_group(values, users, group_of).worst is None, "no direction, so no worst"


def test_samples_of_a_user_stay_together() -> None:
    users, group_of = people(12, 12)
    thrice = [user for user in users for _ in range(3)]
    values = np.repeat(np.random.default_rng(0).normal(size=24), 3)
    once = by_group(values[::3], users, group_of)
    found = by_group(values, thrice, group_of)
    assert once.gap is not None and found.gap is not None
    assert (found.gap.n, found.gap.users) == (72, 24)
    assert found.gap[:3] == pytest.approx(once.gap[:3]), "copies say nothing new"
    assert found.chance == pytest.approx(once.chance)


def test_small_and_unknown_groups_are_named_and_left_out() -> None:
    users, group_of = people(10, 10, 3)
    found = by_group([float(n) for n in range(25)], [*users, "x", "y"], group_of)
    assert (list(found.groups), found.left_out, found.ungrouped) == (["a", "b"], {"c": 3}, 2)
    alone = by_group([1.0] * 10, users[:10], group_of)
    assert (alone.gap, alone.worst, alone.chance) == (None, None, None)
    assert list(alone.groups) == ["a"]


def test_groups_come_in_the_order_of_the_mapping() -> None:
    users, group_of = people(10, 10)
    turned = dict(reversed(group_of.items()))
    assert list(by_group([1.0] * 20, users, turned).groups) == ["b", "a"]


def test_where_nothing_was_found_the_gap_is_not_exactly_nothing() -> None:
    users, group_of = people(20, 20)
    found = by_group([0.0] * 40, users, group_of, better="lower", bounds=(0.0, 1.0))
    assert found.gap is not None and found.worst_figure is not None and found.chance is not None
    assert (found.gap.value, found.gap.low, found.chance.p) == (0.0, 0.0, 1.0)
    reach = mean([0.0] * 20, range(20), bounds=(0.0, 1.0)).high
    assert found.worst_figure.high == pytest.approx(reach), "as Clopper and Pearson have it"
    assert found.gap.high == pytest.approx(np.hypot(reach or 0, reach or 0))


def test_the_gap_of_many_small_groups_is_large_by_chance_and_said_to_be() -> None:
    random = np.random.default_rng(1)
    users, group_of = people(*[10] * 8)
    values = random.normal(size=80)
    found = by_group(values, users, group_of)
    assert found.gap is not None and found.chance is not None
    # Expected range of 8 independent normal means of standard deviation 1: 2.847 (Tippett 1925).
    spread = values.std() / np.sqrt(10)
    assert found.chance.value == pytest.approx(2.847 * spread, rel=0.05)
    assert found.chance.p > 0.05 and found.gap.low == 0.0
    shifted = values + 3.0 * (np.arange(80) < 10)
    told = by_group(shifted, users, group_of)
    assert told.chance is not None and told.gap is not None
    assert told.chance.p < 0.001 and (told.gap.low or 0) > 1.0


def test_two_groups_have_the_interval_of_a_difference() -> None:
    random = np.random.default_rng(2)
    users, group_of = people(200, 100)
    values = np.concatenate([random.normal(0, 1, 200), random.normal(2, 2, 100)])
    found = by_group(values, users, group_of).gap
    assert found is not None and found.low is not None and found.high is not None
    error = np.sqrt(values[:200].var() / 200 + values[200:].var() / 100)
    assert found.high - found.value == pytest.approx(1.96 * error, rel=0.06)
    assert found.value - found.low == pytest.approx(1.96 * error, rel=0.06)


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_intervals_hold_what_they_promise(shift: float) -> None:
    users, group_of = people(25, 25, 25, 25)
    means = np.repeat([0.0, 0.0, shift / 2, shift], 25)
    random = np.random.default_rng(3)
    gaps = worsts = 0
    rounds = 40
    for seed in range(rounds):
        values = random.normal(means)
        found = by_group(values, users, group_of, better="higher", seed=seed)
        assert found.gap is not None and found.worst_figure is not None
        gaps += (found.gap.low or 0) <= shift <= (found.gap.high or 0)
        worsts += (found.worst_figure.low or 0) <= 0.0 <= (found.worst_figure.high or 0)
    # 95 %, less three standard errors of so many rounds.
    assert gaps / rounds >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / rounds)
    assert worsts / rounds >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / rounds)


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        by_group([float("nan")], ["a"], {"a": "x"})
    with pytest.raises(ValueError, match="a user of each"):
        by_group([1.0, 2.0], ["a"], {"a": "x"})
