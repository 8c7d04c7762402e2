"""Sets of history without which an item leaves the list, against trying every set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution import Standing, find_removal
from recx_agent.datasets import History
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from tests.unit.told_world import make_dataset, make_model

K, BUDGET = 3, 4


def ranks(standing: Standing, item: int, sets: list[tuple[int, ...]]) -> list[int]:
    """By ranking every item anew on the shorter history."""
    found = []
    for taken in sets:
        shorter = standing.history.without(standing.history.items[list(taken)])
        rank = Standing(standing.model, shorter, standing.excluded).rank(item)
        assert rank is not None
        found.append(rank)
    return found


def smallest(standing: Standing, item: int, k: int, upto: int) -> int | None:
    """Size of the smallest set, by trying all."""
    every = range(len(standing.history))
    for size in range(1, upto + 1):
        if max(ranks(standing, item, list(combinations(every, size)))) > k:
            return size
    return None


def worlds(number: int) -> list[tuple[Standing, int]]:
    """Users of random factors, with an item of their top list."""
    dataset = make_dataset()
    found = []
    for seed in range(number):
        model = make_model(dataset, seed)
        user = seed % len(dataset.users)
        standing = Standing(model, dataset.history(user), dataset.seen(user))
        items, _ = model.top_k(standing.history, K, standing.excluded)
        found.append((standing, int(items[seed % K])))
    return found


def test_against_every_set_there_is() -> None:
    optimal = cases = 0
    for standing, item in worlds(40):
        removal = find_removal(standing, item, K, BUDGET, range(len(standing.history)))
        wanted = smallest(standing, item, K, BUDGET)
        if removal.found:
            [rank] = ranks(standing, item, [removal.positions])
            assert rank == removal.rank > K
            for one in removal.positions:  # each of them is needed
                rest = tuple(p for p in removal.positions if p != one)
                assert ranks(standing, item, [rest])[0] <= K
            assert wanted is not None
            assert len(removal.positions) >= wanted
        if wanted is not None:
            cases += 1
            optimal += removal.found and len(removal.positions) == wanted
    # Greedy is no proof of the smallest; this is how often it is.
    assert cases >= 30
    assert optimal / cases >= 0.9


def test_by_hand() -> None:
    # Three history items lift item 0; two of them have to go before item 1 comes past.
    factors = np.array([[3.0], [1.0], [0.5]])
    model = one_dimensional(factors, terms=[1.0, 0.9, 0.2], biases=[0.0, 2.05, 0.0])
    standing = Standing(model, History.of([3, 4, 5]), np.array([3, 4, 5], dtype=np.int32))
    # 6.3 against 4.15; without the first 3.3 against 3.15, without the second too 0.6 against 2.25.
    assert find_removal(standing, 0, 1, 3, range(3)).positions == (0, 1)
    assert find_removal(standing, 0, 1, 3, [1, 2]).positions == (1, 2)
    assert find_removal(standing, 0, 1, 3, [2]) == find_removal(standing, 0, 1, 1, [2])
    assert not find_removal(standing, 0, 1, 1, [1, 2]).found


def one_dimensional(
    factors: NDArray[np.float64], terms: list[float], biases: list[float]
) -> FactorModel:
    """A model of one factor; the history items are the last of the catalogue."""

    n, taken = len(factors), len(terms)
    history = np.zeros((n + taken, 1), dtype=np.float32)
    history[n:, 0] = terms
    model = make_model(make_dataset())
    return replace(
        model,
        history_factors=history,
        item_factors=np.vstack([factors, np.zeros((taken, 1))]),
        item_biases=np.array([*biases, *[0.0] * taken]),
        half_life=1e9,
        scale=float(1 / np.sqrt(1 - 4.0 ** (-1e-9))),  # all weigh 1
    )


def test_what_the_steps_took_in_vain_is_put_back() -> None:
    standing, item = worlds(1)[0]  # here the first step is not needed in the end
    removal = find_removal(standing, item, K, 6, range(len(standing.history)))
    assert len(removal.positions) == 5
    for one in removal.positions:
        rest = tuple(p for p in removal.positions if p != one)
        assert ranks(standing, item, [rest])[0] <= K


def test_nothing_within_the_budget_tells_the_lowest_rank_reached() -> None:
    unfound = 0
    for standing, item in worlds(40):
        removal = find_removal(standing, item, K, 1, range(len(standing.history)))
        if not removal.found:
            unfound += 1
            assert removal.positions == ()
            singles = ranks(standing, item, [(p,) for p in range(len(standing.history))])
            assert removal.rank <= max([standing.rank(item) or 0, *singles]) <= K
    assert unfound


def test_where_there_are_no_more_candidates_nothing_can_leave() -> None:
    standing, item = worlds(1)[0]
    few = int(np.count_nonzero(standing.candidates))
    removal = find_removal(standing, item, few, 5, range(len(standing.history)))
    assert (removal.found, removal.rank) == (False, standing.rank(item))


def test_only_what_is_allowed_is_taken() -> None:
    for standing, item in worlds(12):
        removal = find_removal(standing, item, K, 5, [1, 3, 5])
        assert set(removal.positions) <= {1, 3, 5}


def test_a_model_that_solves_anew_is_asked_in_the_same_way() -> None:
    random = np.random.default_rng(3)
    model = AlsModel.of(
        random.normal(size=(40, 6)).astype(np.float32), regularization=0.1, alpha=5.0
    )
    found = 0
    for seed in range(15):
        own = np.random.default_rng(seed).permutation(40)[:8].astype(np.int32)
        standing = Standing(model, History.of(own), np.sort(own))
        item = int(model.top_k(standing.history, K, standing.excluded)[0][1])
        removal = find_removal(standing, item, K, BUDGET, range(len(own)))
        if removal.found:
            found += 1
            assert ranks(standing, item, [removal.positions]) == [removal.rank]
            assert removal.rank > K
    assert found >= 10


@pytest.mark.parametrize("block", [1, 50])
def test_blocks_change_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    standing, item = worlds(1)[0]
    whole = find_removal(standing, item, K, BUDGET, range(len(standing.history)))
    monkeypatch.setattr("recx_agent.attribution.counterfactual._BLOCK", block)
    assert find_removal(standing, item, K, BUDGET, range(len(standing.history))) == whole
