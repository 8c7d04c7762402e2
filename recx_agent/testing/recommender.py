"""What every recommender must keep to, over a small world with known answers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.errors import NotOffered
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import View, WhatIfKind
from recx_agent.testing.exactness import OF_ONE_S_OWN
from recx_agent.testing.planted import planted_dataset
from recx_agent.testing.recommender_histories import HistoryTests
from recx_agent.testing.recommender_terms import TermTests
from recx_agent.testing.samples import (
    NOBODY,
    TINY,
    contents,
    everything_of,
    histories,
    some_history,
)


class RecommenderConformance(TermTests, HistoryTests):
    """Subclass it, give the fixture ``model``, and inherit the tests.

    ``model`` is the recommender trained on the fixture ``dataset``; make it once, in a
    fixture of module scope, if that takes long. :meth:`saved_and_loaded` and
    :meth:`altered` say how a model is saved and how one with another factor is made, where
    the usual way is not yours.
    """

    @pytest.fixture
    def dataset(self) -> Dataset:
        """What the model is trained on; another one must be as small."""
        return planted_dataset()

    @pytest.fixture
    def model(self, dataset: Dataset) -> AdditiveModel:
        """The recommender, trained on ``dataset``."""
        raise NotImplementedError("give a fixture 'model'")

    def saved_and_loaded(self, model: Any, folder: Path) -> AdditiveModel:
        """Write the model into ``folder`` and read it again."""
        model.save(folder)
        loaded: AdditiveModel = type(model).load(folder)
        return loaded

    def altered(self, model: Any) -> Sequence[AdditiveModel]:
        """Models that differ from this one in one number of one array each."""
        if not is_dataclass(model) or isinstance(model, type):
            raise NotImplementedError("say how a model with another factor is made: altered()")
        found: list[Any] = []
        for field in fields(model):
            array = getattr(model, field.name)
            if field.name in ("history_factors", "item_factors", "item_biases") and array.size:
                other = np.array(array)
                other.flat[0] += 1.0
                found.append(replace(model, **{field.name: other}))
        return found

    def test_the_arrays_have_the_shapes_of_the_protocol(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """Shapes and types of every array are those that the protocol names."""
        n_items, width = len(dataset.catalogue), model.item_factors.shape[1]
        n_features = len(model.features)
        assert model.item_factors.shape == (n_items, width)
        assert model.item_factors.dtype == np.float64
        assert model.history_factors.shape == (n_items, width)
        assert model.history_factors.dtype == np.float32
        assert model.item_biases.shape == (n_items,)
        assert model.item_biases.dtype == np.float64
        assert model.feature_factors.shape == (n_features, width)
        assert model.feature_biases.shape == (n_features,)
        np.testing.assert_allclose(
            model.item_lengths, np.linalg.norm(model.item_factors, axis=1), rtol=1e-6
        )
        for array in (model.item_factors, model.history_factors, model.item_biases):
            assert np.isfinite(array).all()

    def test_only_known_views_and_changes_are_declared(self, model: AdditiveModel) -> None:
        """What is declared exists, the history view among it."""
        assert model.views <= set(get_args(View))
        assert model.what_ifs <= set(get_args(WhatIfKind))
        assert "history" in model.views, "every model has the history view"
        if model.views & {"attribute", "pair"}:
            assert len(model.features), "these views are of features"

    def test_a_view_that_is_not_declared_is_refused(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """Asked for another view or for features it has not, a model says so."""
        ids = dataset.catalogue.ids.ids
        entry = attribute_items(Standing(model, some_history(model, dataset), NOBODY), [0])[0]
        for view in get_args(View):
            if view in model.views:
                assert entry.record(ids, ids, view).view == view
            else:
                with pytest.raises(NotOffered):
                    entry.record(ids, ids, view)
        if not model.views & {"attribute", "pair"}:
            with pytest.raises(NotOffered):
                model.features_of(0)
            with pytest.raises(NotOffered):
                model.items_with(0)

    def test_a_change_that_is_not_declared_is_refused(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """Asked for a what-if that it cannot answer exactly, a model says so."""
        history = some_history(model, dataset)
        if "mute" not in model.what_ifs:
            with pytest.raises(NotOffered):
                model.muted([0])
        if "remove" not in model.what_ifs:
            with pytest.raises(NotOffered):
                model.represent_without(history, [(0,)])

    def test_a_saved_model_is_the_same_to_the_last_bit(
        self, model: AdditiveModel, dataset: Dataset, tmp_path: Path
    ) -> None:
        """Saved and loaded, a model gives the same scores and has the same fingerprint."""
        loaded = self.saved_and_loaded(model, tmp_path / "model")
        assert loaded.kind == model.kind
        assert loaded.fingerprint == model.fingerprint
        assert (loaded.views, loaded.what_ifs) == (model.views, model.what_ifs)
        assert list(loaded.contexts) == list(model.contexts)
        assert list(loaded.features) == list(model.features)
        for history in histories(model, dataset):
            np.testing.assert_array_equal(loaded.represent(history), model.represent(history))
            before, after = (m.top_k(history, 10, NOBODY) for m in (model, loaded))
            np.testing.assert_array_equal(after[0], before[0])
            np.testing.assert_array_equal(after[1], before[1])

    def test_the_fingerprint_follows_the_factors(self, model: AdditiveModel) -> None:
        """Another factor gives another fingerprint; the same ones the same."""
        others = self.altered(model)
        assert others, "no model with another factor was made"
        prints = [model.fingerprint, *(other.fingerprint for other in others)]
        assert len(set(prints)) == len(prints), "another factor, the same fingerprint"
        assert model.fingerprint == prints[0]

    def test_no_call_alters_what_it_is_given(self, model: AdditiveModel, dataset: Dataset) -> None:
        """Read-only arrays are enough, and the model is afterwards what it was."""
        before = contents(model)
        for history in histories(model, dataset):
            for array in (history.items, history.ages, history.disliked):
                array.flags.writeable = False
            excluded = history.items[::2].copy()
            excluded.flags.writeable = False
            everything_of(model, history, excluded)
        assert contents(model) == before, "a call has altered the model"

    def test_several_threads_read_the_same(
        self, model: AdditiveModel, dataset: Dataset, tmp_path: Path
    ) -> None:
        """A model that was just loaded can be asked by several threads at once."""
        given = histories(model, dataset)
        expected = [everything_of(model, history, NOBODY) for history in given]
        fresh = self.saved_and_loaded(model, tmp_path / "model")
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda h: everything_of(fresh, h, NOBODY), given * 4))
        for number, own in enumerate(found):
            for one, other in zip(own, expected[number % len(given)], strict=True):
                np.testing.assert_allclose(one, other, rtol=OF_ONE_S_OWN, atol=TINY)
