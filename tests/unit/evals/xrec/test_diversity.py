"""Diversity, worked out by hand."""

from __future__ import annotations

import pytest

from recx_agent.evals.xrec import diversity

TEXTS = ["a b c d e", "A b, c d f.", "x y", "x y"]


def test_distinct_counts_different_ngrams() -> None:
    assert diversity.distinct(TEXTS, 1) == pytest.approx(8 / 14)
    assert diversity.distinct(TEXTS, 2) == pytest.approx(6 / 10)
    assert diversity.distinct(["one"], 2) == 0.0


def test_unique_sentences_and_openings() -> None:
    assert diversity.unique_sentences(TEXTS) == 0.75
    assert diversity.same_opening(TEXTS) == 0.5


def test_pairs_are_fixed_and_of_different_texts() -> None:
    first = diversity.pairs(4, seed=1)
    assert first == diversity.pairs(4, seed=1) != diversity.pairs(4, seed=2)
    assert all(one != other for one, other in first)


def test_jaccard_is_shared_words_over_all() -> None:
    assert diversity.jaccard(TEXTS, [(0, 1), (0, 2), (2, 3)]).tolist() == [4 / 6, 0.0, 1.0]


def test_the_jackknife_of_a_mean_is_its_standard_interval() -> None:
    values = [float(n) for n in range(20)]
    interval = diversity.jackknife(values, lambda own: sum(own) / len(own))
    assert interval.value == pytest.approx(9.5)
    # t(19) = 2.093, standard error 5.916 / √20 = 1.3229
    assert interval.high - interval.value == pytest.approx(2.093 * 1.3229, abs=1e-3)
