"""The promise of exactness, on the planted world: every view adds up to the library's score.

For LightFM that is ``LightFM.predict``, for ALS ``implicit``'s ``recalculate_user``, each
of the saved and reloaded model. The same over 20,000 pairs of MovieLens is in
``tests/e2e/test_promises.py``, over Spark's own users in
``tests/unit/recommenders/test_spark_factors.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.errors import NotOffered
from recx_agent.recommenders import als_trainer
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.als_twin import AlsTwin
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.recommenders.saved_model import SavedModel
from recx_agent.schemas import Attribution
from recx_agent.settings import AlsSettings
from recx_agent.testing import tolerance


@dataclass(frozen=True)
class Served:
    """A reloaded model and the library's own object with its factors."""

    model: SavedModel
    twin: LightFMTwin | AlsTwin

    def predictions(self, dataset: Dataset, user: int) -> NDArray[Any]:
        items = np.arange(len(dataset.catalogue), dtype=np.int32)
        return self.twin.predict(dataset.history(user), items)

    def records(self, dataset: Dataset, user: int) -> list[Attribution]:
        standing = Standing(self.model, dataset.history(user), dataset.seen(user))
        titles, ids = dataset.catalogue.titles, dataset.catalogue.ids.ids
        found = attribute_items(standing, range(len(dataset.catalogue)))
        return [entry.record(titles, ids, "history") for entry in found]


@pytest.fixture(scope="module")
def both(
    planted: Dataset, planted_model: FactorModel, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Served]:
    als = als_trainer.fit(planted, AlsSettings(factors=8, half_life=4.0))
    folder = tmp_path_factory.mktemp("models")
    planted_model.save(folder / "lightfm")
    als.save(folder / "als")
    lightfm, als = FactorModel.load(folder / "lightfm"), AlsModel.load(folder / "als")
    return {"lightfm": Served(lightfm, LightFMTwin(lightfm)), "als": Served(als, AlsTwin(als))}


@pytest.fixture(params=["lightfm", "als"])
def served(request: pytest.FixtureRequest, both: dict[str, Served]) -> Served:
    return both[str(request.param)]


def terms_of(record: Attribution, view: str) -> NDArray[np.float64]:
    return np.array([term.value for term in getattr(record.views, view)])


def test_every_view_adds_up_to_the_library_s_score(planted: Dataset, served: Served) -> None:
    checked = 0
    for user in range(len(planted.users)):
        predicted = served.predictions(planted, user)
        for item, record in enumerate(served.records(planted, user)):
            for view in served.model.views:
                values = terms_of(record, view)
                total = record.baseline + values.sum()
                assert abs(total - predicted[item]) <= tolerance(values, record.baseline)
                assert total == pytest.approx(record.score, abs=1e-9)
                checked += 1
    assert checked == len(planted.users) * len(planted.catalogue) * len(served.model.views)


def test_a_contribution_altered_by_one_percent_is_noticed(planted: Dataset, served: Served) -> None:
    caught = missed = 0
    for user in range(len(planted.users)):
        predicted = served.predictions(planted, user)
        for item, record in enumerate(served.records(planted, user)):
            values = terms_of(record, "history")
            values[int(np.abs(values).argmax())] *= 1.01
            gap = abs(record.baseline + values.sum() - predicted[item])
            if gap > tolerance(values, record.baseline):
                caught += 1
            else:
                missed += 1
    assert missed == 0
    assert caught == len(planted.users) * len(planted.catalogue)


def test_contributions_of_als_are_those_that_implicit_tells(
    planted: Dataset, both: dict[str, Served]
) -> None:
    """Not only their sum: ``implicit`` has an ``explain`` of its own."""
    served = both["als"]
    assert isinstance(served.twin, AlsTwin)
    items = list(range(len(planted.catalogue)))
    for user in range(len(planted.users)):
        history = planted.history(user)
        told = served.twin.explain(history, items)
        standing = Standing(served.model, history, planted.seen(user))
        for own, entry in zip(told, attribute_items(standing, items), strict=True):
            gaps = np.abs(own - entry.history_values)
            assert gaps.max() <= tolerance(own)


def test_shown_contributions_are_those_of_the_named_view(planted: Dataset, served: Served) -> None:
    standing = Standing(served.model, planted.history(0), planted.seen(0))
    entry = attribute_items(standing, [3])[0]
    titles, ids = planted.catalogue.titles, planted.catalogue.ids.ids
    for view in sorted(served.model.views):
        record = entry.record(titles, ids, view)
        assert record.contributions == getattr(record.views, view)
        assert record.view == view


def test_a_view_that_the_model_has_not_is_none_and_refused(
    planted: Dataset, both: dict[str, Served]
) -> None:
    titles, ids = planted.catalogue.titles, planted.catalogue.ids.ids
    als = both["als"].model
    entry = attribute_items(Standing(als, planted.history(0), planted.seen(0)), [3])[0]
    views = entry.record(titles, ids, "history").views
    assert (views.attribute, views.pair) == (None, None)
    with pytest.raises(NotOffered, match="'als' does not offer the pair view"):
        entry.record(titles, ids, "pair")


def test_kinds_of_terms_are_told_apart(planted: Dataset, both: dict[str, Served]) -> None:
    record = both["lightfm"].records(planted, 0)[3]
    history = [term.source.kind for term in record.views.history]
    assert history == ["history"] * len(planted.history(0)) + ["item_bias"]
    assert record.views.attribute is not None
    assert [term.source.kind for term in record.views.attribute].count("item_itself") == 1
    assert {term.source.id for term in record.views.attribute} >= {"genre=Western", "genre=Film"}
