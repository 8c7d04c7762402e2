from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset, Event, History
from recx_agent.errors import IndexStale
from recx_agent.evidence import retrieved_by_item, retrieved_terms
from recx_agent.protocols import RetrievedEvents
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever


def retrieved(*items: int, vectors: list[list[float]]) -> RetrievedEvents:
    events = [
        Event(str(n), item, "rating", 5.0, None, None, None, "f:1", True)
        for n, item in enumerate(items)
    ]
    return RetrievedEvents(
        events,
        [f"i{item}" for item in items],
        [f"Title {item}" for item in items],
        np.array(vectors, dtype=np.float32).reshape(len(items), 2),
    )


def two_dimensional(planted_model: FactorModel, item_factors: list[list[float]]) -> FactorModel:
    """A model of factors that can be reckoned by hand; a weight halves every event."""
    return replace(
        planted_model,
        history_factors=np.zeros((10, 2), dtype=np.float32),
        item_factors=np.array(item_factors),
        half_life=1.0,
        scale=float(1 / np.sqrt(0.75)),  # so that the newest item has the weight 1
    )


def test_terms_are_weighted_products(planted_model: FactorModel) -> None:
    model = two_dimensional(planted_model, [[3.0, 4.0], [-1.0, 0.0]])
    found = retrieved(4, 2, 9, vectors=[[1, 0], [0, 1], [-1, 0]])
    positions, terms = retrieved_terms(found, model, History.of([2, 9, 4]), [0, 1])
    assert positions.tolist() == [0, 1, 2]
    assert terms == pytest.approx(np.array([[4.0, -1.5, 0.75], [0.0, 0.5, -0.25]]))


def test_several_events_with_one_item_are_one_term(planted_model: FactorModel) -> None:
    model = two_dimensional(planted_model, [[2.0, 0.5]])
    found = retrieved(7, 1, 7, 7, vectors=[[1, 0], [1, 1], [1, 0], [1, 0]])
    positions, terms = retrieved_terms(found, model, History.of([3, 1, 7]), [0])
    assert positions.tolist() == [1, 2]
    assert terms == pytest.approx(np.array([[1.25, 0.5]]))


def test_the_sums_are_in_double_precision(planted_model: FactorModel) -> None:
    model = two_dimensional(planted_model, [[1.0, 1.0]])
    found = retrieved(1, vectors=[[1, 1e-7]])
    _, terms = retrieved_terms(found, model, History.of([1]), [0])
    assert terms[0, 0] == pytest.approx(1.0 + float(np.float32(1e-7)), rel=1e-12)
    assert terms[0, 0] != 1.0


def test_nothing_retrieved_nothing_known() -> None:
    assert retrieved_by_item(retrieved(vectors=[]), []) == {}


def test_an_event_that_is_no_term_of_the_score_is_refused(
    planted: Dataset, planted_model: FactorModel
) -> None:
    standing = Standing(planted_model, planted.history(0), planted.seen(0))
    stranger = next(i for i in range(len(planted.catalogue)) if i not in planted.history(0).items)
    found = retrieved(stranger, vectors=[[0, 0]])
    with pytest.raises(IndexStale, match="no terms"):
        retrieved_by_item(found, attribute_items(standing, [0]))


@pytest.fixture(scope="module")
def planted_index(
    planted: Dataset, planted_model: FactorModel, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "evidence"
    ChromaIndex(folder).build(planted, planted_model)
    return folder


def by_chroma(
    folder: Path, dataset: Dataset, model: FactorModel, user: int, *, weighed: bool = True
) -> list[list[int]]:
    """Items of the five largest causes of every item, from the vectors of the index."""
    history = dataset.history(user)
    if not weighed:
        history = replace(history, ages=np.zeros(len(history)))
    ids = [event.id for event in dataset.describe_terms(user)]
    with ChromaRetriever(folder, model.fingerprint) as retriever:
        found = retriever.fetch(dataset.users.external(user), ids)
    every = range(len(dataset.catalogue))
    positions, terms = retrieved_terms(found, model, history, every)
    items = history.items[positions]
    return [items[np.argsort(-row, kind="stable")[:5]].tolist() for row in terms]


def by_attribution(dataset: Dataset, model: FactorModel, user: int) -> list[list[int]]:
    history = dataset.history(user)
    standing = Standing(model, history, dataset.seen(user))
    every = list(range(len(dataset.catalogue)))
    return [
        history.items[np.argsort(-found.history_values, kind="stable")[:5]].tolist()
        for found in attribute_items(standing, every)
    ]


def test_the_top_five_by_chroma_are_the_top_five_of_the_attribution(
    planted: Dataset, planted_model: FactorModel, planted_index: Path
) -> None:
    pairs = unweighted = 0
    for user in range(len(planted.users)):
        wanted = by_attribution(planted, planted_model, user)
        assert by_chroma(planted_index, planted, planted_model, user) == wanted
        plain = by_chroma(planted_index, planted, planted_model, user, weighed=False)
        unweighted += sum(a == b for a, b in zip(plain, wanted, strict=True))
        pairs += len(wanted)
    assert pairs == len(planted.users) * len(planted.catalogue)
    # A nearest-vector search knows no weights; it would not do.
    assert unweighted < pairs / 2
