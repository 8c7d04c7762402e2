from __future__ import annotations

import pytest

from benchmarks.stopwatch import Stopwatch


def test_what_was_done_is_given_back_and_timed() -> None:
    clock = Stopwatch()
    assert [clock.time("sum", lambda: sum(range(9))) for _ in range(3)] == [36, 36, 36]
    assert clock.summary()["sum"]["n"] == 3
    assert 0 < clock.summary()["sum"]["p50"] <= clock.summary()["sum"]["max"]


def test_a_ratio_is_that_of_the_medians_with_the_spread_of_the_pairs() -> None:
    clock = Stopwatch()
    clock.taken = {"slow": [10.0, 20.0, 90.0], "quick": [1.0, 4.0, 5.0]}
    ratio = clock.ratio("slow", "quick")
    assert ratio["value"] == 5.0
    assert (ratio["low"], ratio["high"]) == pytest.approx((6.0, 16.4))
    assert ratio["pairs"] == 3


def test_a_ratio_needs_pairs() -> None:
    clock = Stopwatch()
    clock.taken = {"slow": [10.0, 20.0], "quick": [1.0]}
    with pytest.raises(ValueError, match="pairs"):
        clock.ratio("slow", "quick")
