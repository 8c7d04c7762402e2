"""The promise of exactness, on the planted world: every view adds up to LightFM's score.

The same over 20,000 pairs of MovieLens is in ``tests/e2e/test_movielens.py``.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.schemas import Attribution, Contribution


def tolerance(baseline: float, values: NDArray[np.float64]) -> float:
    return 1e-5 * (abs(baseline) + float(np.abs(values).sum()))


def predictions(dataset: Dataset, model: FactorModel, user: int) -> NDArray[np.float32]:
    items = np.arange(len(dataset.catalogue), dtype=np.int32)
    return LightFMTwin(model).predict(dataset.history(user), items)


def records(dataset: Dataset, model: FactorModel, user: int) -> list[Attribution]:
    standing = Standing(model, dataset.history(user), dataset.seen(user))
    titles, ids = dataset.catalogue.titles, dataset.catalogue.ids.ids
    found = attribute_items(standing, range(len(dataset.catalogue)))
    return [entry.record(titles, ids, "history") for entry in found]


@pytest.fixture(scope="module")
def reloaded(planted_model: FactorModel, tmp_path_factory: pytest.TempPathFactory) -> FactorModel:
    folder = tmp_path_factory.mktemp("model") / "m"
    planted_model.save(folder)
    return FactorModel.load(folder)


@pytest.mark.parametrize("view", ["history", "attribute", "pair"])
def test_every_view_adds_up_to_predict_of_the_reloaded_model(
    planted: Dataset, reloaded: FactorModel, view: str
) -> None:
    checked = 0
    for user in range(len(planted.users)):
        predicted = predictions(planted, reloaded, user)
        for item, record in enumerate(records(planted, reloaded, user)):
            terms: tuple[Contribution, ...] = getattr(record.views, view)
            values = np.array([term.value for term in terms])
            total = record.baseline + values.sum()
            assert abs(total - predicted[item]) <= tolerance(record.baseline, values)
            assert total == pytest.approx(record.score, abs=1e-9)
            checked += 1
    assert checked == len(planted.users) * len(planted.catalogue)


def test_a_contribution_altered_by_one_percent_is_noticed(
    planted: Dataset, reloaded: FactorModel
) -> None:
    caught = missed = 0
    for user in range(len(planted.users)):
        predicted = predictions(planted, reloaded, user)
        for item, record in enumerate(records(planted, reloaded, user)):
            values = np.array([term.value for term in record.contributions])
            largest = int(np.abs(values).argmax())
            values[largest] *= 1.01
            gap = abs(record.baseline + values.sum() - predicted[item])
            if gap > tolerance(record.baseline, values):
                caught += 1
            else:
                missed += 1
    assert missed == 0
    assert caught == len(planted.users) * len(planted.catalogue)


def test_shown_contributions_are_those_of_the_named_view(
    planted: Dataset, reloaded: FactorModel
) -> None:
    standing = Standing(reloaded, planted.history(0), planted.seen(0))
    entry = attribute_items(standing, [3])[0]
    titles, ids = planted.catalogue.titles, planted.catalogue.ids.ids
    for view in ("history", "attribute", "pair"):
        record = entry.record(titles, ids, view)
        assert record.contributions == getattr(record.views, view)
        assert record.view == view


def test_kinds_of_terms_are_told_apart(planted: Dataset, reloaded: FactorModel) -> None:
    record = records(planted, reloaded, 0)[3]
    history = [term.source.kind for term in record.views.history]
    assert history == ["history"] * len(planted.history(0)) + ["item_bias"]
    assert [term.source.kind for term in record.views.attribute].count("item_itself") == 1
    assert {term.source.id for term in record.views.attribute} >= {"genre=Western", "genre=Film"}
