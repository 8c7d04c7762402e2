"""FMR, FCR and DIV, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.evals.scorers.text.features import (
    coverage_ratio,
    diversity,
    matching_ratio,
    spoken_of,
)

FEATURES = {"room", "front desk", "pool", "bar"}
TEXTS = ["The room and the front desk.", "A room with a pool.", "Nothing at the front."]


def test_a_feature_is_spoken_of_word_by_word() -> None:
    assert spoken_of(TEXTS[0], FEATURES) == {"room", "front desk"}
    assert spoken_of("Bars, barely; desk front", FEATURES) == set()
    assert spoken_of("类型是科幻电影", ["科幻", "喜剧"], "zh") == {"科幻"}
    assert spoken_of("", FEATURES) == set()


def test_ratios_by_hand() -> None:
    assert matching_ratio(TEXTS, ["front desk", "bar", "pool"]) == pytest.approx(1 / 3)
    assert coverage_ratio(TEXTS, FEATURES) == 3 / 4
    # {room, front desk} and {room, pool} share one; the third text shares nothing.
    assert diversity(TEXTS, FEATURES) == pytest.approx(1 / 3)
    assert diversity(TEXTS[:1], FEATURES) is None


@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=6))
def test_one_text_over_and_over_shares_all_it_says(texts: list[str]) -> None:
    assert diversity([texts[0]] * len(texts), FEATURES) == len(spoken_of(texts[0], FEATURES))
    assert coverage_ratio(texts, FEATURES) <= coverage_ratio([*texts, *TEXTS], FEATURES) == 3 / 4
