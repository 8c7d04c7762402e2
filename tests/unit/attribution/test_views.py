"""Terms that are not to be named: their sum is told, and every view still adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.attribution import Standing, Unnamed, attribute_items
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.schemas import Attribution, Contribution
from tests.unit.told_world import GENRES, TOPICS, make_dataset, with_more_terms

PAIRS = [("genre", value) for value in GENRES] + [("topic", value) for value in TOPICS]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


def record(
    dataset: Dataset, model: FactorModel, user: int, item: int, unnamed: Unnamed
) -> Attribution:
    history = dataset.history(user, disliked=True, context={"device": "tv"})
    standing = Standing(model, history, dataset.seen(user))
    [entry] = attribute_items(standing, [item])
    return entry.record(dataset.catalogue.titles, dataset.catalogue.ids.ids, "history", unnamed)


def views(found: Attribution) -> list[tuple[Contribution, ...]]:
    assert found.views.attribute is not None
    assert found.views.pair is not None
    return [found.views.history, found.views.attribute, found.views.pair]


@given(
    user=st.integers(0, 5),
    item=st.integers(0, 19),
    items=st.frozensets(st.integers(0, 19)),
    pairs=st.frozensets(st.sampled_from(PAIRS)),
)
def test_every_view_adds_up_and_names_none_of_them(
    dataset: Dataset,
    model: FactorModel,
    user: int,
    item: int,
    items: frozenset[int],
    pairs: frozenset[tuple[str, str]],
) -> None:
    found = record(dataset, model, user, item, Unnamed(items, pairs))
    ids, titles = dataset.catalogue.ids.ids, dataset.catalogue.titles
    hidden = {ids[n] for n in items - {item}} | {f"{name}={value}" for name, value in pairs}
    words = {titles[n] for n in items - {item}} | {f"{name}: {value}" for name, value in pairs}
    for terms in views(found):
        total = found.baseline + sum(term.value for term in terms)
        assert total == pytest.approx(found.score, abs=1e-9)
        named = {part for term in terms for part in term.source.id.split("|")}
        assert not named & hidden
        assert not any(word in term.source.label for word in words for term in terms)


def test_the_others_are_one_term_of_the_exact_sum(dataset: Dataset, model: FactorModel) -> None:
    whole = record(dataset, model, 0, 3, Unnamed())
    history = dataset.history(0, disliked=True)
    hidden = frozenset(history.items[[1, 4]].tolist())
    found = record(dataset, model, 0, 3, Unnamed(hidden))
    ids = {dataset.catalogue.ids.external(item) for item in hidden}
    wanted = sum(t.value for t in whole.views.history if t.source.id in ids)
    [others] = [t for t in found.views.history if t.source.kind == "other_history"]
    assert others.value == pytest.approx(wanted, abs=1e-12)
    assert len(found.views.history) == len(whole.views.history) - 1
    assert found.views.attribute == whole.views.attribute


def test_nothing_is_merged_where_nothing_is_hidden(dataset: Dataset, model: FactorModel) -> None:
    kinds = {
        t.source.kind for terms in views(record(dataset, model, 0, 3, Unnamed())) for t in terms
    }
    assert kinds == {
        "history",
        "disliked",
        "context",
        "item_bias",
        "attribute",
        "item_itself",
        "pair",
    }
