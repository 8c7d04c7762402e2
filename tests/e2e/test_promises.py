"""The promises of exactness, on MovieLens 100K with the served, saved and reloaded model."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent import Recx
from recx_agent.attribution import Standing, attribute_items
from recx_agent.evidence import retrieved_by_item, retrieved_terms
from recx_agent.factory import make_retriever
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin

PAIRS = 20_000
PER_USER = 25


def tolerance(values: NDArray[np.float64]) -> float:
    """Σ|contributions| and the baseline, which is 0, times 1e-5."""
    return 1e-5 * float(np.abs(values).sum())


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


def test_contributions_and_baseline_are_predict_in_every_view(recx: Recx) -> None:
    assert isinstance(recx.model, FactorModel)
    twin = LightFMTwin(recx.model)
    titles, ids = recx.dataset.catalogue.titles, recx.dataset.catalogue.ids.ids
    worst = {"history": 0.0, "attribute": 0.0, "pair": 0.0}
    caught = dict.fromkeys(worst, 0)
    checked = 0
    for user, items in sampled_pairs(recx):
        history = recx.dataset.history(user)
        predicted = twin.predict(history, items)
        standing = Standing(recx.model, history, recx.dataset.seen(user))
        for score, entry in zip(predicted, attribute_items(standing, items), strict=True):
            record = entry.record(titles, ids, "history")
            for view in worst:
                values = np.array([term.value for term in getattr(record.views, view)])
                gap = abs(record.baseline + values.sum() - float(score))
                worst[view] = max(worst[view], gap / tolerance(values))
                altered = values.copy()
                altered[np.abs(values).argmax()] *= 1.01
                gap = abs(record.baseline + altered.sum() - float(score))
                caught[view] += gap > tolerance(altered)
            checked += 1
    print(f"{checked} pairs; largest gap over tolerance {worst}; 1 % alteration caught {caught}")
    assert checked >= PAIRS
    assert all(gap <= 1.0 for gap in worst.values()), worst
    assert caught == dict.fromkeys(worst, checked)


def test_top_causes_by_way_of_chroma_are_the_attribution_s(recx: Recx) -> None:
    retriever = make_retriever(recx.workspace.evidence, recx.model)
    compared = 0
    for user in range(len(recx.dataset.users)):
        history = recx.dataset.history(user)
        if len(history) < 5 or compared >= 1000:
            continue
        user_id = recx.dataset.users.external(user)
        items, _ = recx.model.top_k(history, 10, recx.dataset.seen(user))
        events = recx.dataset.describe_positives(user)
        retrieved = retriever.fetch(user_id, [event.id for event in events])
        age = dict(zip(history.items.tolist(), history.ages, strict=True))
        weights = recx.model.weights(np.array([age[event.item] for event in retrieved.events]))
        found, terms = retrieved_terms(retrieved, weights, recx.model.item_factors[items])
        standing = Standing(recx.model, history, recx.dataset.seen(user))
        for entry, row in zip(attribute_items(standing, items), terms, strict=True):
            by_index = np.argsort(-row, kind="stable")[:5]
            order = np.argsort(-entry.history_values, kind="stable")[:5]
            assert found[by_index].tolist() == history.items[order].tolist()
            assert row[by_index] == pytest.approx(entry.history_values[order], abs=1e-5)
            compared += 1
    assert compared >= 1000


def test_what_is_missing_without_chroma(recx: Recx) -> None:
    """Without what the index gives back, no event of the user is evidence."""
    user = recx.dataset.user("1")
    standing = Standing(recx.model, recx.dataset.history(user), recx.dataset.seen(user))
    items = [recx.dataset.catalogue.find(i.item_id) for i in recx.recommend("1").items]
    entries = attribute_items(standing, items)
    retriever = make_retriever(recx.workspace.evidence, recx.model)
    ids = [event.id for event in recx.dataset.describe_positives(user)]
    events = retrieved_by_item(retriever.fetch("1", ids), entries)
    builder = recx._explainer._builder
    for with_index, without in zip(
        builder.build(standing, entries, events), builder.build(standing, entries, {}), strict=True
    ):
        missing = {p.id for p in with_index.evidence} - {p.id for p in without.evidence}
        assert {id[0] for id in missing} == {"H"}
        assert len(missing) >= recx.settings.evidence.history_budget
        assert all(piece.fields["date"] and piece.fields["rating"] for piece in with_index.of("H"))


def test_a_vector_of_another_model_is_noticed(recx: Recx) -> None:
    from dataclasses import replace

    from recx_agent.errors import IndexStale

    user = recx.dataset.user("1")
    history = recx.dataset.history(user)
    retriever = make_retriever(recx.workspace.evidence, recx.model)
    events = recx.dataset.describe_positives(user)
    retrieved = retriever.fetch("1", [event.id for event in events])
    standing = Standing(recx.model, history, recx.dataset.seen(user))
    entries = attribute_items(standing, [0, 1])
    retrieved_by_item(retrieved, entries)
    altered = replace(retrieved, vectors=retrieved.vectors * np.float32(1.01))
    with pytest.raises(IndexStale, match="contributions"):
        retrieved_by_item(altered, entries)
