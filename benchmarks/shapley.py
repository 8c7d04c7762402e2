"""Stage: contributions against SHAP's exact values of the score.

The players are the (at most twelve newest) items of a user's history, present or
removed; the others keep their ages. SHAP tries every coalition: 4,096 scores of one
item, each the model's own score of a shortened history and not a sum of contributions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shap
from numpy.typing import NDArray

from recx_agent.attribution import Standing, attribute_items
from recx_agent.cli.console import progress_bar
from recx_agent.datasets import Dataset, History
from recx_agent.protocols import AdditiveModel
from recx_agent.recommenders import als_trainer
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.settings import AlsSettings

NEWEST = 12
ENOUGH = 5

Score = Callable[[list[History], int], NDArray[Any]]
"""Scores of one item for several histories."""


def compare(work: Path, name: str, users: int) -> dict[str, Any]:
    """Compare the model of a data set with SHAP by two scoring functions, and ALS with it."""
    dataset = Dataset.load(work / name / "data")
    model = FactorModel.load(work / name / "model")
    twin = LightFMTwin(model)

    def by_lightfm(histories: list[History], item: int) -> NDArray[np.float32]:
        return twin.predict_many(histories, np.array([item], dtype=np.int32))[:, 0]

    solved = als_trainer.fit(dataset, AlsSettings())
    return {
        "served": against_shap(dataset, model, own_score(model), users),
        "predict": against_shap(dataset, model, by_lightfm, users),
        "als": against_shap(dataset, solved, own_score(solved), users),
    }


def own_score(model: AdditiveModel) -> Score:
    """The served model's score: the item against a history that is represented anew."""

    def score(histories: list[History], item: int) -> NDArray[np.float64]:
        own = np.array([model.represent(history) for history in histories])
        scores = own @ model.item_factors[item] + model.item_biases[item] + model.baseline
        return np.asarray(scores)

    return score


def against_shap(
    dataset: Dataset, model: AdditiveModel, score: Score, users: int
) -> dict[str, float]:
    """Compare the history view with SHAP for the best item of some users.

    Returns
    -------
    dict
        ``gap``: the largest difference of a contribution and its Shapley value;
        ``relative``: the largest one over Σ|terms| of the item; ``mean_relative``: their
        mean; ``base``: the largest difference of SHAP's base value and the score of an
        empty history; ``same_first``: users whose largest contribution is the largest
        Shapley value too.
    """
    gaps, shares, bases, same = [], [], [], 0
    with progress_bar() as progress:
        for history, item in _pairs(dataset, model, users):
            standing = Standing(model, history, history.items)
            found = attribute_items(standing, [item])[0]
            values, start = shapley_values(history, item, score)
            gaps.append(np.abs(values - found.history_values))
            shares.append(gaps[-1] / found.history_total)
            bases.append(abs(start - found.item_bias - model.baseline))
            same += int(values.argmax() == found.history_values.argmax())
            progress("every coalition", len(gaps), users)
    return {
        "users": len(gaps),
        "gap": float(np.concatenate(gaps).max()),
        "relative": float(np.concatenate(shares).max()),
        "mean_relative": float(np.concatenate(shares).mean()),
        "base": max(bases),
        "same_first": same,
    }


def shapley_values(history: History, item: int, score: Score) -> tuple[NDArray[Any], float]:
    """SHAP's exact values of each history item, and its value of no history.

    Every coalition is scored (Shapley 1953; Lundberg & Lee 2017), on a background that
    is the empty history.
    """

    def scores(present: NDArray[Any]) -> NDArray[Any]:
        shortened = [history.without(history.items[row == 0]) for row in present]
        return np.asarray(score(shortened, item), dtype=np.float64)

    players = len(history)
    masker = shap.maskers.Independent(np.zeros((1, players)))
    explainer = shap.explainers.Exact(scores, masker)
    told = explainer(np.ones((1, players)), max_evals=2**NEWEST + 1, silent=True)
    return np.asarray(told.values[0]), float(np.ravel(told.base_values)[0])


def _pairs(dataset: Dataset, model: AdditiveModel, users: int) -> Iterator[tuple[History, int]]:
    """The shortened histories of some users, and the best item of each."""
    lengths = np.diff(dataset.positives.indptr)
    enough = np.flatnonzero(lengths >= ENOUGH)
    for user in np.random.default_rng(5).choice(enough, users, replace=False).tolist():
        whole = dataset.history(user)
        history = whole.without(whole.items[NEWEST:])
        items, _ = model.top_k(history, 1, dataset.seen(user))
        yield history, int(items[0])
