from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.evals.ranking.metrics import NOTHING, hits, ndcg, recall


def relevant(*users: list[int], n_items: int = 30) -> sp.csr_matrix:
    matrix = sp.lil_matrix((len(users), n_items))
    for row, items in enumerate(users):
        matrix[row, items] = 1
    return matrix.tocsr()


def test_values_computed_by_hand() -> None:
    # Hits at ranks 1 and 4 of three held-out items, k = 5.
    ranked = np.array([[7, 1, 2, 9, 3]], dtype=np.int32)
    held_out = relevant([7, 9, 20])
    assert recall(ranked, held_out)[0] == pytest.approx(2 / 3)
    gained = 1 + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(ranked, held_out)[0] == pytest.approx(gained / ideal)


def test_with_more_held_out_items_than_places_a_full_list_scores_one() -> None:
    ranked = np.array([[0, 1], [0, 25]], dtype=np.int32)
    held_out = relevant([0, 1, 2, 3], [0, 1, 2, 3])
    assert recall(ranked, held_out) == pytest.approx([1.0, 0.5])
    assert ndcg(ranked, held_out) == pytest.approx([1.0, 1 / (1 + 1 / math.log2(3))])


def test_an_early_end_of_a_list_is_no_hit() -> None:
    ranked = np.array([[4, NOTHING, NOTHING]], dtype=np.int32)
    held_out = relevant([4, 29])
    assert hits(ranked, held_out).tolist() == [[True, False, False]]


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1), st.integers(1, 12))
def test_bounds_and_a_hit_moved_up_never_lowers(order: list[int], held: set[int], k: int) -> None:
    held_out = relevant(sorted(held), n_items=12)
    ranked = np.array([order[:k]], dtype=np.int32)
    better = np.array([sorted(order[:k], key=lambda item: item not in held)], dtype=np.int32)
    for metric in (recall, ndcg):
        low, high = metric(ranked, held_out)[0], metric(better, held_out)[0]
        assert 0.0 <= low <= high + 1e-12
        assert high <= 1.0 + 1e-12
    assert ndcg(np.array([sorted(held)], dtype=np.int32), held_out)[0] == pytest.approx(1.0)
