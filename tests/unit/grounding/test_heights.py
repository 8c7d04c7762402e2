"""Words of liking against ratings on their own scales."""

from __future__ import annotations

import pytest

from recx_agent.grounding.heights import carries


def event(
    rating: float | None, low: float | None, high: float | None, kind: str = "rating"
) -> dict[str, object]:
    return {"event_type": kind, "rating": rating, "rating_min": low, "rating_max": high}


@pytest.mark.parametrize(
    ("rating", "low", "high", "words"),
    [
        (5, 1, 5, {"top", "love", "high", "like"}),
        (4, 1, 5, {"high", "like"}),
        (3, 1, 5, {"mid"}),
        (2, 1, 5, {"low"}),
        (1, 1, 5, {"low", "bottom"}),
        (4.5, 0.5, 5, {"high", "like"}),
        (3.5, 0.5, 5, set()),
        (10, 1, 10, {"top", "love", "high", "like"}),
        (7, 1, 10, set()),
        (8, 1, 10, {"high", "like"}),
        (100, 0, 100, {"top", "love", "high", "like"}),
        (0, -10, 10, {"mid"}),
        (1, 0, 1, {"high", "like"}),  # two values: never more than liked
        (0, 0, 1, {"low"}),
        (4, None, None, set()),
        (4, 5, 1, set()),
    ],
)
def test_a_word_is_carried_by_its_place_on_the_scale(
    rating: float, low: float | None, high: float | None, words: set[str]
) -> None:
    every = ("top", "love", "high", "like", "mid", "low", "bottom")
    assert {word for word in every if carries([event(rating, low, high)], word, False)} == words


def test_what_has_no_rating_was_not_liked() -> None:
    assert not carries([event(None, None, None, "view")], "like", False)
    assert not carries([event(None, None, None, "view")], "like", True)
    assert not carries([], "like", False)


def test_an_event_of_liking_is_liked_but_not_loved() -> None:
    liked = [event(None, None, None, "like")]
    assert carries(liked, "like", False)
    assert not carries(liked, "love", False)
    assert carries([event(None, None, None, "disliked")], "low", False)


def test_every_rating_counts() -> None:
    both = [event(5, 1, 5), event(2, 1, 5)]
    assert not carries(both, "like", False)
    assert not carries(both, "low", False)
    assert carries([event(5, 1, 5), event(None, None, None, "view")], "like", False)


def test_a_denial_is_the_low_end_or_undecided() -> None:
    assert carries([event(1, 1, 5)], "like", True)
    assert carries([event(1, 1, 5)], "love", True)
    assert not carries([event(3, 1, 5)], "like", True)
    for rating in (1, 3, 5):
        assert not carries([event(rating, 1, 5)], "low", True)
        assert not carries([event(rating, 1, 5)], "mid", True)
