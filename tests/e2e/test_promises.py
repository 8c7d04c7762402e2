"""The promises of exactness, on MovieLens 100K with both models, served, saved and reloaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent import Recx, build
from recx_agent.attribution import Standing, attribute_items
from recx_agent.cli.demo import FILMS
from recx_agent.datasets import History
from recx_agent.datasets.movielens import MovieLens
from recx_agent.errors import IndexStale
from recx_agent.evidence import Beside, Told, retrieved_by_item, retrieved_terms
from recx_agent.factory import make_retriever
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.als_twin import AlsTwin
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.testing import tolerance

PAIRS = 20_000
PER_USER = 25

Predict = Callable[[History, NDArray[np.int32]], NDArray[Any]]


@pytest.fixture(scope="session")
def als_workspace(films: MovieLens, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data under ALS; tests must not change it."""
    workspace = tmp_path_factory.mktemp("als") / "workspace"
    build.fit(
        workspace,
        interactions=films.interactions,
        items=films.items,
        users=films.users,
        recommender="als",
        als={"factors": 64},
        **FILMS,
    )
    build.index(workspace)
    return workspace


@pytest.fixture(scope="session", params=["lightfm", "als"])
def served(request: pytest.FixtureRequest) -> Recx:
    """A workspace of each model, as it answers."""
    if request.param == "lightfm":
        recx: Recx = request.getfixturevalue("recx")
        return recx
    return Recx.open(request.getfixturevalue("als_workspace"))


def library_s_own(model: object) -> Predict:
    """The score of the same model by the library that trained it."""
    if isinstance(model, AlsModel):
        return AlsTwin(model).predict
    assert isinstance(model, FactorModel)
    return LightFMTwin(model).predict


def sampled_pairs(recx: Recx) -> list[tuple[int, NDArray[np.int32]]]:
    """20,000 pairs: every user with a history, 25 items each, drawn again as needed."""
    random = np.random.default_rng(0)
    users = [u for u in range(len(recx.dataset.users)) if len(recx.dataset.history(u))]
    pairs = []
    for n in range(-(-PAIRS // PER_USER)):
        user = users[n % len(users)]
        items = random.choice(len(recx.dataset.catalogue), PER_USER, replace=False)
        pairs.append((user, items.astype(np.int32)))
    return pairs


@pytest.mark.timeout(1800)  # a minute or two; on a busy machine more
def test_contributions_and_baseline_are_the_library_s_score_in_every_view(served: Recx) -> None:
    predict = library_s_own(served.model)
    titles, ids = served.dataset.catalogue.titles, served.dataset.catalogue.ids.ids
    worst = dict.fromkeys(sorted(served.model.views), 0.0)
    caught = dict.fromkeys(worst, 0)
    checked = unknown = 0
    for user, items in sampled_pairs(served):
        history = served.dataset.history(user)
        predicted = predict(history, items)
        standing = Standing(served.model, history, served.dataset.seen(user))
        for score, entry in zip(predicted, attribute_items(standing, items), strict=True):
            record = entry.record(titles, ids, "history")
            for view in worst:
                values = np.array([term.value for term in getattr(record.views, view)])
                gap = abs(record.baseline + values.sum() - float(score))
                if not values.any():  # ALS knows nothing of an item without positive events
                    assert gap == 0.0
                    unknown += 1
                    continue
                worst[view] = max(worst[view], float(gap / tolerance(values, record.baseline)))
                altered = values.copy()
                altered[np.abs(values).argmax()] *= 1.01
                gap = abs(record.baseline + altered.sum() - float(score))
                caught[view] += int(gap > tolerance(altered, record.baseline))
            checked += 1
    print(
        f"{served.model.kind}: {checked} pairs; largest gap over tolerance {worst}; "
        f"1 % alteration caught {caught}; {unknown} of items without a term"
    )
    assert checked >= PAIRS
    assert all(gap <= 1.0 for gap in worst.values()), worst
    assert unknown < checked / 5
    assert caught == dict.fromkeys(worst, checked - unknown)


def test_without_a_cause_is_ranking_anew_without_it(served: Recx) -> None:
    """For ALS the quick way undoes a change of the equation; the other solves it anew."""
    dataset, compared = served.dataset, 0
    for user in range(0, len(dataset.users), 40):
        history = dataset.history(user)
        if len(history) < 3:
            continue
        standing = Standing(served.model, history, dataset.seen(user))
        items, _ = served.model.top_k(history, 10, dataset.seen(user))
        sets = [(0,), (1,), (len(history) - 1,), (0, 1), tuple(range(0, len(history), 2))]
        quick = standing.ranks_without(items, [sets] * len(items))
        for number, gone in enumerate(sets):
            shorter = history.without(history.items[list(gone)].tolist())
            anew = Standing(served.model, shorter, dataset.seen(user))
            assert [row[number] for row in quick] == [anew.rank(int(item)) for item in items]
            compared += len(items)
    assert compared >= 1000


def test_top_causes_by_way_of_chroma_are_the_attribution_s(served: Recx) -> None:
    retriever = make_retriever(
        served.workspace.evidence, served.dataset, served.model, served.settings
    )
    compared = 0
    for user in range(len(served.dataset.users)):
        history = served.dataset.history(user)
        if len(history) < 5 or compared >= 1000:
            continue
        user_id = served.dataset.users.external(user)
        items, _ = served.model.top_k(history, 10, served.dataset.seen(user))
        events = served.dataset.describe_terms(user)
        retrieved = retriever.fetch(user_id, [event.id for event in events])
        found, terms = retrieved_terms(retrieved, served.model, history, items)
        standing = Standing(served.model, history, served.dataset.seen(user))
        for entry, row in zip(attribute_items(standing, items), terms, strict=True):
            by_index = np.argsort(-row, kind="stable")[:5]
            order = np.argsort(-entry.history_values, kind="stable")[:5]
            assert found[by_index].tolist() == order.tolist()
            assert row[by_index] == pytest.approx(entry.history_values[order], abs=1e-5)
            compared += 1
    assert compared >= 1000


def test_what_is_missing_without_chroma(served: Recx) -> None:
    """Without what the index gives back, no event of the user is evidence."""
    user = served.dataset.user("1")
    standing = Standing(served.model, served.dataset.history(user), served.dataset.seen(user))
    items = [served.dataset.catalogue.find(i.item_id) for i in served.recommend("1").items]
    entries = attribute_items(standing, items)
    retriever = make_retriever(
        served.workspace.evidence, served.dataset, served.model, served.settings
    )
    ids = [event.id for event in served.dataset.describe_terms(user)]
    events = retrieved_by_item(retriever.fetch("1", ids), entries)
    builder = served._explainers.explainer_for(served._people.person("1"))._builder
    beside = [Beside()] * len(entries)
    for with_index, without in zip(
        builder.build(standing, entries, Told(events), beside),
        builder.build(standing, entries, Told({}), beside),
        strict=True,
    ):
        missing = {p.id for p in with_index.evidence} - {p.id for p in without.evidence}
        assert {id[0] for id in missing} == {"H"}
        assert len(missing) >= served.settings.evidence.history_budget
        assert all(piece.fields["date"] and piece.fields["rating"] for piece in with_index.of("H"))


def test_a_vector_of_another_model_is_noticed(served: Recx) -> None:
    user = served.dataset.user("1")
    history = served.dataset.history(user)
    retriever = make_retriever(
        served.workspace.evidence, served.dataset, served.model, served.settings
    )
    events = served.dataset.describe_terms(user)
    retrieved = retriever.fetch("1", [event.id for event in events])
    standing = Standing(served.model, history, served.dataset.seen(user))
    entries = attribute_items(standing, [0, 1])
    retrieved_by_item(retrieved, entries)
    altered = replace(retrieved, vectors=retrieved.vectors * np.float32(1.01))
    with pytest.raises(IndexStale, match="contributions"):
        retrieved_by_item(altered, entries)
