"""What must hold for any factors, histories and items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import History
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel

ITEMS, FEATURES, WIDTH = 12, 16, 4
CONTEXTS = (("device", "here"), ("device", "there"), ("place", "here"))


@st.composite
def models(draw: st.DrawFn) -> FactorModel:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.sampled_from([1e-3, 1.0, 1e3]))
    matrix = (random.random((ITEMS, FEATURES)) < 0.3).astype(np.float32)
    matrix[np.arange(ITEMS), np.arange(ITEMS)] = 1.0
    named = [Feature("item_itself", "", str(i)) for i in range(ITEMS)]
    named += [Feature("attribute", "a", str(i)) for i in range(FEATURES - ITEMS)]
    return FactorModel.of(
        history_factors=(size * random.standard_normal((ITEMS, WIDTH))).astype(np.float32),
        feature_factors=random.standard_normal((FEATURES, WIDTH)).astype(np.float32),
        feature_biases=random.standard_normal(FEATURES).astype(np.float32),
        item_features=sp.csr_matrix(matrix),
        features=tuple(named),
        half_life=draw(st.floats(0.5, 50)),
        scale=draw(st.floats(0.1, 3)),
        disliked_factors=draw(st.sampled_from([None, vectors(random, ITEMS, size)])),
        contexts=CONTEXTS,
        context_factors=vectors(random, len(CONTEXTS), size),
    )


def vectors(random: np.random.Generator, rows: int, size: float) -> NDArray[np.float32]:
    return (size * random.standard_normal((rows, WIDTH))).astype(np.float32)


@st.composite
def histories(draw: st.DrawFn) -> History:
    items = draw(st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=8, unique=True))
    liked = draw(st.integers(0, len(items)))
    names = st.sampled_from(["device", "place", "mood"])
    context = draw(st.dictionaries(names, st.sampled_from(["here", "there", "elsewhere"])))
    return History.of(items[:liked], items[liked:], context)


@given(models(), histories(), st.integers(0, ITEMS - 1))
def test_removing_a_history_item_lowers_the_score_by_exactly_its_contribution(
    model: FactorModel, history: History, item: int
) -> None:
    nothing = np.empty(0, np.int32)
    before = Standing(model, history, nothing)
    entry = attribute_items(before, [item])[0]
    for position, removed in enumerate(history.items):
        after = Standing(model, history.without([int(removed)]), nothing)
        drop = before.scores[item] - after.scores[item]
        gap = abs(drop - entry.history_values[position])
        assert gap <= 1e-9 * (1 + entry.history_total)


@given(models(), histories(), st.integers(0, ITEMS - 1))
def test_not_telling_the_context_lowers_the_score_by_exactly_its_contributions(
    model: FactorModel, history: History, item: int
) -> None:
    nothing = np.empty(0, np.int32)
    before = Standing(model, history, nothing)
    entry = attribute_items(before, [item])[0]
    for position, told in enumerate(history.context):
        silent = replace(history, context=tuple(pair for pair in history.context if pair != told))
        drop = before.scores[item] - Standing(model, silent, nothing).scores[item]
        value = entry.context_values[position]
        assert abs(drop - value) <= 1e-9 * (1 + entry.history_total)
        assert (told in model.contexts) or value == 0.0


@given(models(), histories())
def test_low_ratings_count_only_where_they_are_terms(model: FactorModel, history: History) -> None:
    values = model.term_vectors(history)[history.disliked]
    assert values.any() == (model.uses_disliked and history.disliked.any())


@given(models(), histories(), st.integers(0, ITEMS - 1))
def test_adding_an_item_raises_the_score_by_exactly_its_term(
    model: FactorModel, history: History, new: int
) -> None:
    nothing = np.empty(0, np.int32)
    without = history.without([new])
    grown = without.with_newest([new])
    before, after = Standing(model, without, nothing), Standing(model, grown, nothing)
    terms = [entry.history_values[0] for entry in attribute_items(after, range(ITEMS))]
    np.testing.assert_allclose(
        after.scores - before.scores, terms, atol=1e-9 * (1 + np.abs(after.scores).max())
    )


@given(models(), histories())
def test_all_views_have_the_same_sum(model: FactorModel, history: History) -> None:
    standing = Standing(model, history, np.empty(0, np.int32))
    names = [str(i) for i in range(ITEMS)]
    for entry in attribute_items(standing, range(ITEMS)):
        views = entry.record(names, names, "history").views
        for view in (views.history, views.attribute, views.pair):
            assert view is not None
            values = np.array([term.value for term in view])
            assert abs(values.sum() - entry.score) <= 1e-5 * (1 + np.abs(values).sum())


@given(models(), histories(), st.integers(0, FEATURES - ITEMS - 1))
def test_muting_an_attribute_takes_exactly_its_term(
    model: FactorModel, history: History, attribute: int
) -> None:
    feature = ITEMS + attribute
    nothing = np.empty(0, np.int32)
    before = Standing(model, history, nothing)
    after = Standing(model.muted([feature]), history, nothing)
    for entry in attribute_items(before, range(ITEMS)):
        term = entry.feature_values[entry.features == feature].sum()
        drop = before.scores[entry.item] - after.scores[entry.item]
        assert abs(drop - term) <= 1e-5 * (1 + entry.attribute_total)
