from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, extend_dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.fold_in import fold_in
from recx_agent.recommenders.lightfm_trainer import fit
from recx_agent.settings import DataSettings, ModelSettings


@pytest.fixture
def grown(planted: Dataset) -> Dataset:
    """One new user who likes comedies, one new comedy and one new western."""
    history = pd.DataFrame(
        {
            "user_id": ["new"] * 4,
            "item_id": ["i0", "i2", "i4", "i6"],
            "value": [5, 5, 4, 5],
            "timestamp": [1, 2, 3, 4],
        }
    )
    items = pd.DataFrame(
        {
            "item_id": ["n0", "n1"],
            "title": ["Comedy new", "Western new"],
            "genre": ["Comedy|Film", "Western|Film"],
        }
    )
    dataset, _ = extend_dataset(planted, DataSettings(), interactions=history, items=items)
    return dataset


def test_a_new_user_needs_no_training(grown: Dataset, planted_model: FactorModel) -> None:
    model = fold_in(planted_model, grown)
    user = grown.user("new")
    items, _ = model.top_k(grown.history(user), 5, grown.seen(user))
    assert all(grown.catalogue.titles[i].startswith("Comedy") for i in items)


def test_old_items_keep_their_scores_and_new_ones_have_their_attributes(
    grown: Dataset, planted_model: FactorModel
) -> None:
    model = fold_in(planted_model, grown)
    n = planted_model.item_factors.shape[0]
    np.testing.assert_array_equal(model.item_factors[:n], planted_model.item_factors)
    ids = [f.id for f in planted_model.features]
    comedy = grown.catalogue.find("Comedy new")
    expected = sum(
        planted_model.feature_factors[ids.index(name)] for name in ("genre=Comedy", "genre=Film")
    )
    np.testing.assert_allclose(model.item_factors[comedy], expected, atol=1e-6)
    assert not model.history_factors[comedy].any()


def test_a_new_item_ranks_above_its_opposite_for_who_likes_its_kind(
    grown: Dataset, planted_model: FactorModel
) -> None:
    model = fold_in(planted_model, grown)
    scores = model.item_factors @ model.represent(grown.history(grown.user("new")))
    scores = scores + model.item_biases
    comedy, western = grown.catalogue.find("n0"), grown.catalogue.find("n1")
    assert scores[comedy] > scores[western]


def test_events_alone_leave_the_model_as_it_is(
    planted: Dataset, planted_model: FactorModel
) -> None:
    assert fold_in(planted_model, planted) is planted_model


def test_an_item_nobody_met_is_served_without_its_identity(
    grown: Dataset, small_settings: ModelSettings
) -> None:
    model = fit(grown, small_settings)
    new = grown.catalogue.find("n0")
    kinds = {model.features[f].kind for f in model.features_of(new)[0]}
    assert kinds == {"attribute"}
    old = grown.catalogue.find("i0")
    assert "item_itself" in {model.features[f].kind for f in model.features_of(old)[0]}
