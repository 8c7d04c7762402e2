"""Which pieces are handed over, and what each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from recx_agent.attribution import ItemAttribution, Standing, attribute_items
from recx_agent.datasets import Dataset, Event
from recx_agent.evidence import Beside, EvidenceBuilder, EvidenceSet, Pieces, Told
from recx_agent.protocols import CurrentFact
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.sensitive import Sensitive
from recx_agent.settings import EvidenceSettings, SensitiveRule
from tests.unit.told_world import TITLES, make_dataset, make_model, with_more_terms


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


def plain(id: str, fields: Mapping[str, Any]) -> str:
    return f"{id} {sorted(fields)}"


def builder_of(dataset: Dataset, *rules: SensitiveRule, **settings: Any) -> EvidenceBuilder:
    sensitive = Sensitive.compile(rules, dataset)
    pieces = Pieces(dataset, plain, 4.0, None, sensitive)
    return EvidenceBuilder(pieces, EvidenceSettings(**settings))


def standing_of(dataset: Dataset, model: FactorModel, user: int = 0) -> Standing:
    return Standing(model, dataset.history(user, disliked=True), dataset.seen(user))


def told_of(dataset: Dataset, user: int = 0, unnamed: frozenset[int] = frozenset()) -> Told:
    events: dict[int, list[Event]] = {}
    for event in dataset.describe_terms(user, disliked=True):
        events.setdefault(event.item, []).append(event)
    return Told(events, unnamed)


def build(
    builder: EvidenceBuilder,
    standing: Standing,
    told: Told,
    beside: Beside | None = None,
    item: int | None = None,
) -> tuple[EvidenceSet, ItemAttribution]:
    if item is None:
        item = int(standing.model.top_k(standing.history, 1, standing.excluded)[0][0])
    [entry] = attribute_items(standing, [item])
    [found] = builder.build(standing, [entry], told, [beside or Beside()])
    return found, entry


def test_the_largest_causes_and_the_most_negative_one(dataset: Dataset, model: FactorModel) -> None:
    for user in range(6):
        standing = standing_of(dataset, model, user)
        for item in np.flatnonzero(standing.candidates)[:6]:
            found, entry = build(
                builder_of(dataset, history_budget=3),
                standing,
                told_of(dataset, user),
                item=int(item),
            )
            values = entry.history_values
            liked = values[~entry.history.disliked]
            wanted = sorted((float(v) for v in liked if v > 0), reverse=True)[:3]
            low = float(values.min())
            if -low >= 0.05 * entry.history_total:
                wanted.append(low)
            assert [p.contribution for p in found.of("H")] == pytest.approx(wanted)


def test_a_history_item_without_events_is_not_told(dataset: Dataset, model: FactorModel) -> None:
    standing = standing_of(dataset, model)
    told = told_of(dataset)
    first = build(builder_of(dataset), standing, told)[0].of("H")[0]
    gone = dataset.catalogue.find(first.fields["item_id"])
    fewer = Told({item: events for item, events in told.events.items() if item != gone})
    titles = {p.fields["title"] for p in build(builder_of(dataset), standing, fewer)[0].of("H")}
    assert titles
    assert TITLES[gone] not in titles


def test_an_item_listed_twice_is_told_once(dataset: Dataset, model: FactorModel) -> None:
    standing = standing_of(dataset, model)
    found, _ = build(builder_of(dataset), standing, told_of(dataset))
    first, second = (dataset.catalogue.find(p.fields["item_id"]) for p in found.of("H")[:2])
    titles = list(TITLES)
    titles[second] = TITLES[first].upper()
    twice = replace(dataset, catalogue=replace(dataset.catalogue, titles=tuple(titles)))
    again, _ = build(builder_of(twice), standing, told_of(dataset))
    ids = [p.fields["item_id"] for p in again.of("H")]
    assert dataset.catalogue.ids.external(first) in ids
    assert dataset.catalogue.ids.external(second) not in ids


def test_what_is_not_to_be_named_is_one_piece(dataset: Dataset, model: FactorModel) -> None:
    standing = standing_of(dataset, model)
    hidden = frozenset(standing.history.items[:4].tolist())
    found, entry = build(builder_of(dataset), standing, told_of(dataset, unnamed=hidden))
    own = entry.history_values[:4]
    [others] = found.of("O")
    assert others.contribution == pytest.approx(own.sum())
    assert others.fields == {"share": pytest.approx(abs(own.sum()) / entry.history_total)}
    assert others.rank_without is None
    assert found.unnamed_most == pytest.approx(max(0.0, own.max()))
    assert not {p.fields["title"] for p in found.of("H")} & {TITLES[item] for item in hidden}
    everything, _ = build(builder_of(dataset), standing, told_of(dataset))
    assert everything.of("O") == []
    assert everything.unnamed_most == 0.0


def test_the_item_s_own_bias_is_a_cause_where_there_is_one(dataset: Dataset) -> None:
    with_bias = standing_of(dataset, make_model(dataset))
    assert build(builder_of(dataset), with_bias, told_of(dataset))[0].of("B")
    without = standing_of(dataset, make_model(dataset, biases=0.0))
    assert not build(builder_of(dataset), without, told_of(dataset))[0].of("B")


def test_sensitive_values_are_in_no_field(dataset: Dataset, model: FactorModel) -> None:
    rule = SensitiveRule(attributes=("topic", "genre=drama"), cover_items=False)
    standing = standing_of(dataset, model)
    for item in np.flatnonzero(standing.candidates):
        found, _ = build(builder_of(dataset, rule), standing, told_of(dataset), item=int(item))
        for piece in found.evidence:
            assert "drama" not in str(piece.fields)
            assert piece.fields.get("name") != "topic"
            assert not piece.fields.get("attributes", {}).get("topic")


def test_attributes_left_out_make_room_for_others(dataset: Dataset, model: FactorModel) -> None:
    standing = standing_of(dataset, model)
    for item in np.flatnonzero(standing.candidates):
        plainly, _ = build(builder_of(dataset), standing, told_of(dataset), item=int(item))
        if len(plainly.of("A")) < 2:
            continue
        first, second = plainly.of("A")[:2]
        name, value = first.fields["name"], first.fields["value"]
        rule = SensitiveRule(attributes=(f"{name}={value}",), cover_items=False)
        less, _ = build(builder_of(dataset, rule), standing, told_of(dataset), item=int(item))
        assert less.of("A")[0].id == "A1"
        assert less.of("A")[0].fields == second.fields
        return
    pytest.fail("no item has two attributes that add to its score")


def test_facts_of_now_keep_to_the_budget_and_to_utc(dataset: Dataset, model: FactorModel) -> None:
    east = timezone(timedelta(hours=8))
    facts = [
        CurrentFact(f"n{n}", (str(n),), datetime(2024, 5, 1, 20, n, tzinfo=east)) for n in range(5)
    ]
    standing = standing_of(dataset, model)
    found, _ = build(
        builder_of(dataset, fact_budget=2), standing, told_of(dataset), Beside(facts=facts)
    )
    assert [(p.id, p.fields["name"], p.fields["as_of"]) for p in found.of("F")] == [
        ("F1", "genre", None),
        ("F2", "topic", None),
        ("F3", "n0", "2024-05-01T12:00:00+00:00"),
        ("F4", "n1", "2024-05-01T12:01:00+00:00"),
    ]
    assert all(piece.kind == "fact" for piece in found.of("F"))
    none, _ = build(
        builder_of(dataset, fact_budget=0), standing, told_of(dataset), Beside(facts=facts)
    )
    assert none.of("F") == []


def test_the_recommender_is_given_our_rank(dataset: Dataset, model: FactorModel) -> None:
    standing = standing_of(dataset, model)
    item = int(np.flatnonzero(standing.candidates)[-1])
    assert standing.rank(item) is not None
    found, _ = build(
        builder_of(dataset), standing, told_of(dataset), Beside(chosen_by="shop"), item
    )
    [chosen] = found.of("R")
    assert chosen.kind == "fact"
    assert chosen.contribution is None
    assert chosen.fields == {
        "name": "shop",
        "rank": standing.rank(item),
        "candidates": int(standing.candidates.sum()),
    }
    assert found.evidence[0] == chosen
