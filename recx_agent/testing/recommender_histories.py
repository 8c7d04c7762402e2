"""What a history may hold, and the best items that follow from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recx_agent.datasets import Dataset, History
from recx_agent.protocols import AdditiveModel
from recx_agent.testing.exactness import OF_ONE_S_OWN
from recx_agent.testing.samples import NOBODY, TINY, histories, near, some_history, taken


class HistoryTests:
    """Part of :class:`~recx_agent.testing.RecommenderConformance`."""

    def test_the_order_of_the_history_changes_nothing(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """A history is a set: terms go with their items."""
        for history in histories(model, dataset):
            order = np.random.default_rng(0).permutation(len(history))
            mixed = taken(history, order)
            terms = model.term_vectors(history)
            near(model.represent(mixed), np.concatenate([terms, model.context_vectors(history)]))
            np.testing.assert_allclose(
                model.term_vectors(mixed), terms[order], rtol=OF_ONE_S_OWN, atol=TINY
            )

    def test_low_ratings_are_no_signs_of_liking(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """A low rating is no term, or another one than liking is."""
        history = some_history(model, dataset)
        low = np.zeros(len(history), dtype=bool)
        low[[0, 2]] = True
        marked = replace(history, disliked=low)
        terms = model.term_vectors(marked)
        if model.uses_disliked:
            as_liked = model.term_vectors(replace(history, disliked=np.zeros_like(low)))
            if terms[low].any():
                assert not np.allclose(terms[low], as_liked[low]), "low ratings count as liking"
            return
        assert not terms[low].any(), "an item with a low rating is a term"
        plain = model.term_vectors(taken(marked, np.flatnonzero(~low)))
        np.testing.assert_allclose(terms[~low], plain, rtol=OF_ONE_S_OWN, atol=TINY)

    def test_a_context_is_a_term_or_nothing(self, model: AdditiveModel, dataset: Dataset) -> None:
        """A known context adds its vector, an unknown one nothing."""
        plain = replace(some_history(model, dataset), context=())
        unknown = replace(plain, context=(("weather", "of another planet"),))
        assert not model.context_vectors(unknown).any(), "what is unknown adds nothing"
        np.testing.assert_array_equal(model.represent(unknown), model.represent(plain))
        for pair in model.contexts:
            given = replace(plain, context=(pair, *unknown.context))
            around = model.context_vectors(given)
            assert not around[1].any()
            near(model.represent(given), np.vstack([model.represent(plain), around]))
        if model.contexts:
            every = replace(plain, context=tuple(model.contexts))
            assert model.context_vectors(every).any(), "no context that is declared has a term"

    def test_a_strange_history_gives_finite_scores(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """The whole catalogue as a history, and ages beyond all measure, are borne."""
        n = len(dataset.catalogue)
        everything = np.arange(n, dtype=np.int32)
        for ages in (np.zeros(n), np.full(n, 1e6), np.geomspace(1e-300, 1e300, n)):
            history = replace(History.of(everything), ages=ages)
            terms = model.term_vectors(history)
            user = model.represent(history)
            assert np.isfinite(terms).all() and np.isfinite(user).all()
            near(user, terms)

    def test_an_item_beyond_the_catalogue_is_an_error(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """An unknown item is no other item."""
        with pytest.raises(IndexError):
            model.represent(History.of([0, len(dataset.catalogue)]))

    def test_the_best_are_the_head_of_all_scores(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """``top_k`` is what sorting all scores would give, with exclusions, for any ``k``."""
        n = len(dataset.catalogue)
        for history in [*histories(model, dataset), History.of([])]:
            scores = model.baseline + np.vecdot(model.item_factors, model.represent(history))
            scores = scores + model.item_biases
            for excluded in (NOBODY, history.items, np.arange(n - 2, dtype=np.int32)):
                order = np.lexsort((np.arange(n), -scores))
                order = order[~np.isin(order, excluded)]
                for k in (1, 5, n, n + 7):
                    items, found = model.top_k(history, k, excluded)
                    assert items.tolist() == order[:k].tolist()
                    np.testing.assert_allclose(found, scores[items], rtol=1e-9, atol=TINY)

    def test_nothing_is_left_where_all_is_excluded(
        self, model: AdditiveModel, dataset: Dataset
    ) -> None:
        """No candidates, no items."""
        everything = np.arange(len(dataset.catalogue), dtype=np.int32)
        items, scores = model.top_k(some_history(model, dataset), 3, everything)
        assert len(items) == len(scores) == 0

    def test_equal_scores_are_ordered_by_item(self, model: AdditiveModel, dataset: Dataset) -> None:
        """Level items come in the order of the catalogue."""
        for history in histories(model, dataset):
            items, scores = model.top_k(history, len(dataset.catalogue), NOBODY)
            level = np.flatnonzero(np.diff(scores) == 0)
            assert (np.diff(items)[level] > 0).all()
