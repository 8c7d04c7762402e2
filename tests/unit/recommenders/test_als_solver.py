"""A user's factor against the equation written out, in every convention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.datasets import History
from recx_agent.recommenders.als_solver import UserSolver

ITEMS, WIDTH = 40, 6
OPTIONS = [
    pytest.param({"alpha": 10.0}, id="implicit"),
    pytest.param({"alpha": 3.0, "half_life": 4.0}, id="implicit-recency"),
    pytest.param({"alpha": 0.5}, id="less-than-the-rest"),
    pytest.param({"alpha": 4.0, "added": 1.0, "by_length": True}, id="spark"),
    pytest.param({"alpha": 4.0, "added": 1.0, "by_length": True, "half_life": 3.0}, id="spark-age"),
]


@pytest.fixture(scope="module")
def items() -> NDArray[np.float64]:
    return np.random.default_rng(0).normal(0, 0.5, (ITEMS, WIDTH))


def solver(items: NDArray[np.float64], **options: Any) -> UserSolver:
    return UserSolver(gram=items.T @ items, regularization=0.1, **options)


def written_out(solver: UserSolver, items: NDArray[np.float64], history: History) -> list[float]:
    """The least squares over *all* items that the equation is the solution of."""
    confidence, wanted = np.ones(ITEMS), np.zeros(ITEMS)
    for item, age, low in zip(history.items, history.ages, history.disliked, strict=True):
        if not low:
            decay = 2 ** (-age / solver.half_life) if solver.half_life else 1.0
            confidence[item] = solver.added + solver.alpha * decay
            wanted[item] = 1.0
    count = int((~history.disliked).sum())
    weight = solver.regularization * (count if solver.by_length else 1)
    left = items.T @ (confidence[:, None] * items) + weight * np.eye(WIDTH)
    solved: list[float] = np.linalg.solve(left, items.T @ (confidence * wanted)).tolist()
    return solved


@pytest.mark.parametrize("options", OPTIONS)
def test_a_user_is_the_least_squares_solution(
    items: NDArray[np.float64], options: dict[str, Any]
) -> None:
    own, history = solver(items, **options), History.of([3, 17, 5, 30, 8])
    expected = written_out(own, items, history)
    np.testing.assert_allclose(own.solve(history, items[history.items]), expected, rtol=1e-10)


@pytest.mark.parametrize("options", OPTIONS)
def test_terms_add_up_to_the_user(items: NDArray[np.float64], options: dict[str, Any]) -> None:
    own, history = solver(items, **options), History.of([3, 17, 5, 30, 8])
    vectors = items[history.items]
    terms = own.terms(history, vectors)
    np.testing.assert_allclose(terms.sum(axis=0), own.solve(history, vectors), rtol=1e-10)


@pytest.mark.parametrize("options", OPTIONS)
def test_without_items_is_solved_as_if_they_had_never_been(
    items: NDArray[np.float64], options: dict[str, Any]
) -> None:
    own, history = solver(items, **options), History.of(list(range(0, 40, 3)))
    # Of three removals and less the change is undone, of more the equation is solved anew.
    sets = [(), (0,), (13,), (2, 5), (1, 4, 6), (0, 1, 2, 3), tuple(range(13)), tuple(range(14))]
    found = own.solve_without(history, items[history.items], sets)
    for taken, user in zip(sets, found, strict=True):
        left = history.without(history.items[list(taken)].tolist())
        expected = written_out(own, items, left) if len(left) else [0.0] * WIDTH
        np.testing.assert_allclose(user, expected, rtol=1e-9, atol=1e-12)


def test_many_sets_are_solved_like_one(items: NDArray[np.float64]) -> None:
    own, history = solver(items, alpha=10.0), History.of(list(range(30)))
    vectors = items[history.items]
    sets = [(n % 30, (n + 1 + n // 30) % 30) for n in range(700)]
    found = own.solve_without(history, vectors, sets)
    for n in (0, 255, 256, 699):
        np.testing.assert_allclose(found[n], own.solve_without(history, vectors, [sets[n]])[0])


@pytest.mark.parametrize("options", OPTIONS)
def test_a_low_rating_is_like_none(items: NDArray[np.float64], options: dict[str, Any]) -> None:
    own = solver(items, **options)
    mixed = History(
        np.array([3, 9, 5], np.int32), np.array([0.0, 0.0, 1.0]), np.array([False, True, False])
    )
    plain = mixed.without([9])
    vectors = items[mixed.items]
    np.testing.assert_allclose(own.solve(mixed, vectors), own.solve(plain, items[plain.items]))
    assert not own.terms(mixed, vectors)[1].any()
    alone = own.solve_without(mixed, vectors, [(1,), (1, 0), (0, 2)])
    np.testing.assert_allclose(alone[0], own.solve(plain, items[plain.items]))
    np.testing.assert_allclose(alone[1], own.solve(plain.without([3]), items[[5]]))
    assert not alone[2].any()


def test_an_empty_history_is_nobody(items: NDArray[np.float64]) -> None:
    own, nothing = solver(items, alpha=4.0, added=1.0, by_length=True), History.of([])
    assert own.solve(nothing, items[[]]).tolist() == [0.0] * WIDTH
    assert own.terms(nothing, items[[]]).shape == (0, WIDTH)
    assert own.solve_without(nothing, items[[]], [()]).tolist() == [[0.0] * WIDTH]


def test_badly_conditioned_factors_keep_nine_digits() -> None:
    random = np.random.default_rng(1)
    items = random.normal(0, 1, (500, 64)) * 10.0 ** -np.linspace(0, 4, 64)
    own = UserSolver(gram=items.T @ items, regularization=1e-4, alpha=40.0)
    history = History.of(random.choice(500, 200, replace=False).tolist())
    vectors = items[history.items]
    sets = [(n,) for n in range(200)]
    quick = own.solve_without(history, vectors, sets)
    for n in range(0, 200, 20):
        left = history.without([int(history.items[n])])
        slow = own.solve(left, items[left.items])
        scores = items @ slow
        np.testing.assert_allclose(items @ quick[n], scores, atol=1e-9 * np.abs(scores).max())


def test_confidence_halves_with_age(items: NDArray[np.float64]) -> None:
    own = solver(items, alpha=8.0, half_life=3.0)
    assert own.confidences(np.array([0.0, 3.0, 6.0])).tolist() == [8.0, 4.0, 2.0]
    paper = solver(items, alpha=8.0, half_life=3.0, added=1.0)
    assert paper.confidences(np.array([0.0, 3.0, 6.0])).tolist() == [9.0, 5.0, 3.0]
    assert solver(items, alpha=8.0).confidences(np.array([0.0, 100.0])).tolist() == [8.0, 8.0]
