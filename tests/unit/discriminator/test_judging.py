"""AUC against cases worked out by hand, and what trivial features see."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.discriminator import judging
from recx_agent.discriminator.manner import Vocabulary

YES = np.array([True, True, False, False])


@pytest.mark.parametrize(
    ("scores", "wanted"),
    [([4, 3, 2, 1], 1.0), ([1, 2, 3, 4], 0.0), ([4, 1, 3, 2], 0.5), ([2, 1, 1, 0], 0.875)],
)
def test_auc_is_the_share_of_pairs_in_order(scores: list[float], wanted: float) -> None:
    assert judging.auc(np.array(scores, dtype=float), YES) == pytest.approx(wanted)


def test_the_interval_draws_users_not_texts() -> None:
    random = np.random.default_rng(0)
    reference = np.tile([True, False], 40)
    scores = random.normal(size=80) + reference
    alone = judging.auc_interval(scores, reference, [str(n // 2) for n in range(80)])
    together = judging.auc_interval(scores, reference, [str(n // 16) for n in range(80)])
    assert alone.value == together.value
    assert (alone.n, together.n) == (40, 5)
    assert alone.low < alone.value < alone.high


def test_length_is_read_in_the_direction_of_the_training_texts() -> None:
    train = [["a"], ["a", "b"], ["a"] * 5, ["a"] * 6]
    shorter = judging.by_length(train, YES)([["a"], ["a"] * 9])
    assert shorter[0] > shorter[1]


def test_words_and_openings_tell_texts_apart() -> None:
    train = [["it", "is", "nice"], ["it", "is", "warm"], ["a", "captivating", "read"]] * 2
    labels = np.array([True, True, False] * 2)
    vocabulary = Vocabulary.of(train, size=50, at_least=1)
    for judge in (judging.by_words(train, labels, vocabulary), judging.by_opening(train, labels)):
        mine, theirs = judge([["it", "is", "nice"], ["a", "captivating", "read"]])
        assert mine > theirs


def test_the_commonest_opening_is_counted() -> None:
    texts = [["a", "b", "c", "d", str(n)] for n in range(3)] + [["x"]]
    assert judging.same_opening(texts) == 0.75
