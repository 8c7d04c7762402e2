"""By chance every place is equally likely, whatever everyone likes and however items are alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from recx_agent.recommenders.witness.usual import QUANTILES, usual_of
from recx_agent.recommenders.witness.witness import Witness

ITEMS, WIDTH, USERS, LIKES = 60, 6, 400, 8


@pytest.mark.parametrize("alike", [True, False], ids=["an item speaks for itself", "it does not"])
def test_the_places_of_tossed_coins_are_uniform(alike: bool) -> None:
    random = np.random.default_rng(5)
    factors = random.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    history = factors if alike else random.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    chances = random.dirichlet(np.full(ITEMS, 0.5))  # some items are liked by nearly everyone
    chances = 0.9 * chances + 0.1 / ITEMS
    histories = [
        (random.choice(ITEMS, LIKES, replace=False, p=chances).astype(np.int32), np.arange(8.0))
        for _ in range(USERS)
    ]
    witness = Witness.of(history, factors, histories[::2], 3.0, random)
    found = np.array([witness.places(*own) for own in histories[1::2]])
    assert abs(found.mean() - 0.5) < 0.03
    # One like of each: those of one history hang together.
    assert kstest(found[:, 0], "uniform").pvalue > 0.01


def test_quantiles_run_from_the_least_to_the_largest() -> None:
    random = np.random.default_rng(0)
    factors = random.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    # A history of two, seen from either, is the other one: two figures for each item.
    own = (np.array([3, 8], dtype=np.int32), np.arange(2.0))
    usual = usual_of(factors, factors, [own] * 20, None, random)
    assert usual.shape == (ITEMS, QUANTILES)
    unit = factors / np.linalg.norm(factors, axis=1, keepdims=True)
    said = np.sort(unit[[3, 8]] @ factors[0])
    np.testing.assert_allclose(usual[0, [0, -1]], said, rtol=1e-5)
    assert (np.diff(usual, axis=1) >= 0).all()


def test_an_item_of_which_all_say_the_same_is_not_judged() -> None:
    random = np.random.default_rng(0)
    factors = random.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    known = factors.copy()
    known[5] = 0.0
    own = [(random.permutation(ITEMS)[:4].astype(np.int32), np.arange(4.0)) for _ in range(30)]
    witness = Witness.of(factors, known, own, 3.0, random)
    assert len(witness.places(np.array([5, 6, 7], dtype=np.int32), np.arange(3.0))) == 2
    # Of one like there is no other that could speak for it.
    assert len(witness.places(np.array([6], dtype=np.int32), np.zeros(1))) == 0
