"""The score is the sum of its terms, and stays so when something is taken away."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.protocols import AdditiveModel
from recx_agent.testing.exactness import OF_ANOTHER_LIBRARY, OF_ONE_S_OWN, tolerance
from recx_agent.testing.samples import NOBODY, TINY, histories, near, some_history, taken


class TermTests:
    """Part of :class:`~recx_agent.testing.RecommenderConformance`."""

    def test_every_view_adds_up_to_the_score(self, model: AdditiveModel, dataset: Dataset) -> None:
        """The terms of every declared view are the score, to the last digits of a double."""
        ids = dataset.catalogue.ids.ids
        for history in histories(model, dataset):
            user = model.represent(history)
            scores = model.baseline + model.item_factors @ user + model.item_biases
            standing = Standing(model, history, NOBODY)
            for entry in attribute_items(standing, range(len(dataset.catalogue))):
                views = entry.record(ids, ids, "history").views
                for view in model.views:
                    values = np.array([term.value for term in getattr(views, view)])
                    gap = abs(model.baseline + values.sum() - scores[entry.item])
                    allowed = tolerance(values, model.baseline, OF_ONE_S_OWN) + TINY
                    assert gap <= allowed, f"{view} view of item {entry.item}: {gap:g} too much"

    def test_the_user_is_the_sum_of_the_terms(self, model: AdditiveModel, dataset: Dataset) -> None:
        """``represent`` is the sum of ``term_vectors`` and ``context_vectors``."""
        for history in histories(model, dataset):
            terms = model.term_vectors(history)
            around = model.context_vectors(history)
            assert terms.shape == (len(history), model.item_factors.shape[1])
            assert around.shape == (len(history.context), model.item_factors.shape[1])
            near(model.represent(history), np.concatenate([terms, around]))

    def test_the_terms_are_those_of_the_event_vectors(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """Terms of vectors that an index gave back are the model's, and made of those vectors."""
        for history in histories(model, dataset):
            vectors = model.event_vectors(history.items, history.disliked)
            assert vectors.dtype == np.float32
            terms = model.term_vectors(history)
            given = model.term_vectors(history, vectors)
            np.testing.assert_allclose(given, terms, rtol=OF_ONE_S_OWN, atol=TINY)
            if terms.any():
                other = model.term_vectors(history, vectors * np.float32(1.01))
                assert not np.allclose(other, terms, rtol=1e-4), "the given vectors are not used"

    def test_a_weight_depends_on_its_own_age_alone(self, model: AdditiveModel) -> None:
        """The same age has the same weight in any company."""
        ages = np.array([0.0, 3.0, 0.0, 1.0, 250.0, 1e6])
        weights = model.weights(ages)
        assert weights.shape == ages.shape
        assert np.isfinite(weights).all() and (weights >= 0).all()
        alone = [float(model.weights(ages[n : n + 1])[0]) for n in range(len(ages))]
        np.testing.assert_allclose(weights, alone, rtol=OF_ONE_S_OWN)
        np.testing.assert_allclose(model.weights(ages[::-1]), weights[::-1], rtol=OF_ONE_S_OWN)

    def test_without_items_is_the_shorter_history(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """``represent_without`` is ``represent`` of what is left, ages kept; of no set, none."""
        if "remove" not in model.what_ifs:
            pytest.skip("removal is not offered")
        for history in histories(model, dataset):
            n = len(history)
            sets = [(), *((p,) for p in range(n)), *((p, (p + 2) % n) for p in range(n) if n > 2)]
            sets += [tuple(range(0, n, 2)), tuple(range(n))]
            found = model.represent_without(history, sets)
            assert found.shape == (len(sets), model.item_factors.shape[1])
            for gone, user in zip(sets, found, strict=True):
                left = np.setdiff1d(np.arange(n), gone)
                shorter = taken(history, left)
                expected = [model.term_vectors(shorter), model.context_vectors(shorter)]
                scale = np.abs(model.term_vectors(history)).sum()
                near(user, np.concatenate(expected), float(scale))
        assert model.represent_without(histories(model, dataset)[0], []).shape[0] == 0

    def test_a_removal_costs_exactly_the_contribution(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """Where it is declared, a score falls by exactly the removed item's term."""
        if not model.removal_is_contribution:
            pytest.skip("a removal changes the other terms too")
        for history in histories(model, dataset):
            terms = model.term_vectors(history)
            whole = model.represent(history)
            for position in range(len(history)):
                shorter = taken(history, np.delete(np.arange(len(history)), position))
                lost = model.item_factors @ (whole - model.represent(shorter))
                own = model.item_factors @ terms[position]
                scale = np.abs(model.item_factors) @ np.abs(terms).sum(axis=0)
                assert (np.abs(lost - own) <= OF_ONE_S_OWN * scale + TINY).all()

    def test_muting_takes_exactly_the_feature_s_term(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """A muted feature takes its own term out of the scores of its items, and no other."""
        if "mute" not in model.what_ifs:
            pytest.skip("muting is not offered")
        history = some_history(model, dataset)
        user = model.represent(history)
        before = model.item_factors @ user + model.item_biases
        unchanged = model.muted([])
        np.testing.assert_array_equal(unchanged.item_factors, model.item_factors)
        for feature in range(len(model.features)):
            muted = model.muted([feature])
            after = muted.item_factors @ user + muted.item_biases
            having, weights = model.items_with(feature)
            factor = model.feature_factors[feature].astype(np.float64)
            term = np.zeros(len(before))
            term[having] = weights * (factor @ user + model.feature_biases[feature])
            scale = np.abs(model.item_factors) @ np.abs(user) + np.abs(model.item_biases)
            # Weights and factors of features are in single precision.
            assert (
                np.abs(before - after - term) <= OF_ANOTHER_LIBRARY * (scale + np.abs(term)) + TINY
            ).all()

    def test_features_and_items_know_one_another(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """``features_of`` and ``items_with`` tell the same."""
        if not len(model.features):
            pytest.skip("the model has no features")
        by_item = {
            (item, int(feature)): float(weight)
            for item in range(len(dataset.catalogue))
            for feature, weight in zip(*model.features_of(item), strict=True)
        }
        by_feature = {
            (int(item), feature): float(weight)
            for feature in range(len(model.features))
            for item, weight in zip(*model.items_with(feature), strict=True)
        }
        assert by_item == by_feature
