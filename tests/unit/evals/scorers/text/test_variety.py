"""Variety, worked out by hand and held to what is true of any texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.evals.scorers.text import variety

TEXTS = ["a b c d e", "A b, c d f.", "x y", "x y"]
SOME = st.lists(st.text("ab .《》“”1", max_size=12), min_size=2, max_size=8)


def test_distinct_counts_different_ngrams() -> None:
    assert variety.distinct(TEXTS, 1) == pytest.approx(8 / 14)
    assert variety.distinct(TEXTS, 2) == pytest.approx(6 / 10)
    assert variety.distinct(["one"], 2) == 0.0


def test_distinct_counts_characters_in_chinese() -> None:
    assert variety.distinct(["好看好看"], 1, "zh") == 0.5
    assert variety.distinct(["好看好看"], 2, "zh") == pytest.approx(2 / 3)


def test_unique_sentences_and_openings() -> None:
    assert variety.unique_sentences(TEXTS) == 0.75
    assert variety.opener_share(TEXTS) == 0.5
    assert variety.opener_share(["推荐它的原因", "推荐它的理由", "你看"], 4, "zh") == 2 / 3


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["“Heat” got 5 out of 5.", "“Alien, Again” got 4 out of 5.", "“Heat” has it."]),
        ("zh", ["《甲》打了5分。", "《乙的故事》打了4分。", "《甲》不错。"]),
    ],
)
def test_a_template_filled_in_anew_has_one_skeleton(language: str, texts: list[str]) -> None:
    assert variety.unique_sentences(texts, language) == 1.0
    assert variety.skeleton(texts[0], language) == variety.skeleton(texts[1], language)
    assert variety.skeleton_share(texts, language) == pytest.approx(2 / 3)


def test_pairs_are_fixed_and_of_different_texts() -> None:
    first = variety.pairs(4, seed=1)
    assert first == variety.pairs(4, seed=1) != variety.pairs(4, seed=2)
    assert all(one != other for one, other in first)


def test_jaccard_is_shared_words_over_all() -> None:
    assert variety.jaccard(TEXTS, [(0, 1), (0, 2), (2, 3)]).tolist() == [4 / 6, 0.0, 1.0]
    # (0,1) 4/6, (2,3) 1, the other four 0
    assert variety.mean_jaccard(TEXTS) == pytest.approx((4 / 6 + 1) / 6)
    assert variety.mean_jaccard(TEXTS[:1]) is None


def test_many_pairs_are_drawn_and_near_the_mean_of_all() -> None:
    texts = [("a b" if n % 2 else "c d") for n in range(100)]
    # Of 4,950 pairs 2 * 50 * 49 / 2 = 2,450 are alike.
    drawn = variety.mean_jaccard(texts)
    assert drawn is not None
    assert drawn == variety.mean_jaccard(texts) != variety.mean_jaccard(texts, seed=1)
    assert drawn == pytest.approx(2450 / 4950, abs=0.04)


@given(SOME, st.permutations(range(8)))
def test_the_order_of_texts_changes_nothing(texts: list[str], order: list[int]) -> None:
    turned = [texts[at] for at in order if at < len(texts)]
    for measure in (
        lambda t: variety.distinct(t, 2),
        variety.unique_sentences,
        variety.opener_share,
        variety.skeleton_share,
        variety.mean_jaccard,
    ):
        value = measure(texts)
        assert value == pytest.approx(measure(turned))
        assert 0.0 <= (value or 0.0) <= 1.0


@given(st.text("ab ", max_size=12), st.integers(2, 5))
def test_a_text_said_again_and_again_has_no_variety(text: str, times: int) -> None:
    texts = [text] * times
    assert variety.unique_sentences(texts) == pytest.approx(1 / times)
    assert variety.opener_share(texts) == variety.skeleton_share(texts) == 1.0
    assert variety.mean_jaccard(texts) == (1.0 if text.strip() else 0.0)
