from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from recx_agent.datasets import Dataset
from recx_agent.evals.ranking.contest import all_entrants
from recx_agent.evals.ranking.entrants import Ease, HistoryLightfm, Popularity
from recx_agent.evals.ranking.entrants.ease import item_weights
from recx_agent.evals.ranking.entrants.lightfm_history import FLAT_WEIGHT, train_served
from recx_agent.evals.ranking.ranker import Entrant, rank_users
from recx_agent.evals.ranking.search import draw_configs

OURS = {"components": 8, "epochs": 3, "half_life": 2.0, "drawn_history": 5}


def idle() -> None:
    """A pulse that never stops."""


def small(entrant: Entrant) -> dict[str, Any]:
    if entrant.follows:
        return OURS
    config = draw_configs(entrant.space, 1, seed=4)[0]
    for name in ("components", "factors"):
        if name in config:
            config[name] = 8
    for name in ("epochs", "iterations"):
        if name in config:
            config[name] = 4
    return config


@pytest.mark.parametrize("entrant", all_entrants(), ids=lambda e: e.variants[0])
def test_every_entrant_scores_every_item_and_repeats_itself(
    entrant: Entrant, halves: Dataset
) -> None:
    config = small(entrant)
    users = np.array([0, 3, 39])
    first, again = (entrant.fit(halves, config, 1, idle) for _ in range(2))
    assert tuple(first) == entrant.variants
    for variant, scorer in first.items():
        scores = scorer.score(users)
        assert scores.shape == (3, len(halves.catalogue))
        assert np.isfinite(scores).all()
        assert np.array_equal(scores, again[variant].score(users))
    if entrant.seeded:
        other = entrant.fit(halves, config, 2, idle)
        assert not np.array_equal(
            other[entrant.variants[0]].score(users), first[entrant.variants[0]].score(users)
        )


@pytest.mark.parametrize("entrant", all_entrants()[1:], ids=lambda e: e.variants[0])
def test_every_personal_model_finds_the_users_half(entrant: Entrant, halves: Dataset) -> None:
    config = {**small(entrant), **({"epochs": 25} if "epochs" in small(entrant) else {})}
    users = np.arange(len(halves.users))
    for scorer in entrant.fit(halves, config, 0, idle).values():
        ranked = rank_users(scorer, halves, users, 5)
        # Each half of the catalogue belongs to one half of the users: 20 items each.
        assert np.mean(ranked // 20 == users[:, None] % 2) > 0.9


def test_ease_on_three_items_by_hand() -> None:
    # Items 0 and 1 are liked together by two users, item 2 by one user alone.
    x = sp.csr_matrix(np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]))
    # XᵀX + I = [[3, 2, 0], [2, 3, 0], [0, 0, 2]], inverse [[.6, -.4, 0], [-.4, .6, 0], …].
    weights = item_weights(x, 1.0)
    assert weights == pytest.approx(np.array([[0, 2 / 3, 0], [2 / 3, 0, 0], [0, 0, 0]]))


def test_ease_minimises_its_own_objective() -> None:
    random = np.random.default_rng(0)
    x = (random.random((30, 6)) < 0.4).astype(float)
    weights = item_weights(sp.csr_matrix(x), 2.5)

    def objective(b: np.ndarray[Any, Any]) -> float:
        return float(((x - x @ b) ** 2).sum() + 2.5 * (b**2).sum())

    least = objective(weights)
    for _ in range(100):
        step = random.normal(0, 0.01, size=(6, 6))
        np.fill_diagonal(step, 0.0)
        assert objective(weights + step) > least


def test_ease_with_recency_weighs_by_age(halves: Dataset) -> None:
    scorers = Ease().fit(halves, {"regularisation": 20.0, "half_life": 3.0}, 0, idle)
    weights = item_weights(halves.positives, 20.0)
    history = halves.history(7)
    by_age = 0.5 ** (history.ages / 3.0)
    user = np.array([7])
    assert scorers["ease_recency"].score(user)[0] == pytest.approx(by_age @ weights[history.items])
    assert scorers["ease_flat"].score(user)[0] == pytest.approx(weights[history.items].sum(axis=0))


def test_popularity_counts_positives(make_dataset: Any) -> None:
    data = make_dataset([(0, 1, 5.0, 1), (1, 1, 4.0, 1), (0, 2, 5.0, 2), (1, 0, 3.0, 2)], 2, 4)
    scorer = Popularity().fit(data, {}, 0, idle)["popularity"]
    assert scorer.score(np.array([0, 1])).tolist() == [[0, 2, 1, 0]] * 2


def test_ours_scores_as_the_served_model_does(halves: Dataset) -> None:
    model = train_served(halves, OURS, 3, 1, idle)
    scorers = HistoryLightfm().fit(halves, OURS, 3, idle)
    history = halves.history(5)
    own = scorers["ours_recency"].score(np.array([5]))[0]
    items, scores = model.top_k(history, 6, halves.seen(5))
    assert own[items] == pytest.approx(scores, abs=1e-5)
    flat = FLAT_WEIGHT * model.history_factors[history.items].sum(axis=0) @ model.item_factors.T
    assert scorers["ours_flat"].score(np.array([5]))[0] == pytest.approx(
        flat + model.item_biases, abs=1e-5
    )
