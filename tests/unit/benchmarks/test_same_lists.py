from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.same_lists import compare_lists

SCORES = np.array([9.0, 8.0, 8.0 + 1e-6, 3.0, 1.0], dtype=np.float32)


def items(*own: int) -> NDArray[np.int32]:
    return np.array(own, dtype=np.int32)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((0, 2, 1), (0, 2, 1), "same"),
        ((0, 1, 2), (0, 2, 1), "level"),
        ((0, 1), (0, 2), "level"),  # level at the end of the list: either may be in it
        ((0, 3), (0, 2), "different"),
        ((2, 0), (0, 2), "different"),
        ((0, 0), (0, 2), "different"),
        ((0,), (0, 2), "different"),
    ],
)
def test_only_what_rounding_explains_is_level(
    ours: tuple[int, ...], theirs: tuple[int, ...], verdict: str
) -> None:
    assert compare_lists(items(*ours), items(*theirs), SCORES, 1e-6) == verdict


def test_without_room_for_rounding_nothing_is_level() -> None:
    assert compare_lists(items(0, 1), items(0, 2), SCORES, 1e-8) == "different"
