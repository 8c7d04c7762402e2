"""Where a like stands, against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.datasets import History
from recx_agent.recommenders.witness.places import (
    LIKES,
    newest_likes,
    places_among,
    weights_around,
)

AGES = np.array([0.0, 1.0, 3.0])


def test_the_others_weigh_by_how_far_they_are_on_both_sides() -> None:
    expected = [[0, 0.5, 0.125], [0.5, 0, 0.25], [0.125, 0.25, 0]]
    np.testing.assert_allclose(weights_around(AGES, 1.0), expected)
    np.testing.assert_allclose(weights_around(AGES, None), 1 - np.eye(3))


@pytest.mark.parametrize(
    ("said", "place"),
    [(-5.0, 0.0), (0.0, 0.0), (4.0, 0.25), (5.0, 0.25 + 0.25 / 6), (40.0, 1.0), (41.0, 1.0)],
)
def test_a_place_is_the_share_of_the_usual_below(said: float, place: float) -> None:
    usual = np.array([[0.0, 4.0, 10.0, 20.0, 40.0]])
    np.testing.assert_allclose(places_among(np.array([said]), usual), [place])


def test_low_ratings_and_items_that_are_new_since_are_not_judged() -> None:
    history = History.of([7, 2, 9, 4], disliked=[1, 3])
    items, ages = newest_likes(history, 8)
    assert items.tolist() == [7, 2, 4]
    assert ages.tolist() == [0, 1, 3]


def test_of_a_long_history_the_newest_are_judged() -> None:
    items, ages = newest_likes(History.of(list(range(100))[::-1]), 100)
    assert items.tolist() == list(range(99, 99 - LIKES, -1))
    assert ages.tolist() == list(range(LIKES))
