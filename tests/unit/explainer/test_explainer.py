"""From a person and items to explanations, in a world of random factors held in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset, Event, History
from recx_agent.explainer.claims import REASONS
from recx_agent.explainer.person import Person
from recx_agent.protocols import CurrentFact, RetrievedText
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.schemas import Evidence, Explanation
from recx_agent.settings import EvidenceSettings, SensitiveRule
from tests.unit.told_world import TITLES, World, make_dataset, make_world, text_of, with_more_terms

TV = {"device": "tv"}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


@pytest.fixture
def world(dataset: Dataset, model: FactorModel) -> World:
    return make_world(dataset, model)


def listed(world: World, person: Person, k: int = 5) -> list[Explanation]:
    items, _ = world.model.top_k(person.history, k, person.excluded)
    return world.explainer.explain(person, [int(item) for item in items], k)


def kinds(explanation: Explanation) -> list[str]:
    return [json.loads(sentence.text)[0] for sentence in explanation.sentences]


def of(explanation: Explanation, letter: str) -> list[Evidence]:
    return [piece for piece in explanation.evidence if piece.id.startswith(letter)]


# Context


def test_the_terms_of_the_context_are_evidence_with_exact_ranks(world: World) -> None:
    person = world.people.person("u1", context={"device": "tv", "place": "home"})
    told = 0
    for explanation in listed(world, person):
        terms = {t.source.id: t.value for t in explanation.attribution.views.history}
        item = world.item(explanation.item.title)
        for piece in of(explanation, "C"):
            name, value = piece.fields["name"], piece.fields["value"]
            assert piece.contribution == pytest.approx(terms[f"{name}={value}"])
            rest = tuple(pair for pair in person.history.context if pair != (name, value))
            without = replace(person.history, context=rest)
            assert piece.rank_without == Standing(world.model, without, person.excluded).rank(item)
            told += 1
    assert told == 10


def test_without_a_context_there_is_no_such_evidence(world: World) -> None:
    assert not any(of(e, "C") for e in listed(world, world.people.person("u1")))


# Low ratings


def test_low_ratings_are_terms_and_can_only_count_against(world: World) -> None:
    against = 0
    for user in world.dataset.users:
        person = world.people.person(user)
        assert person.history.disliked.sum() == 2
        for explanation in listed(world, person, 8):
            low = [piece for piece in of(explanation, "H") if piece.fields["disliked"]]
            assert all(piece.contribution is not None and piece.contribution < 0 for piece in low)
            assert all(piece.fields["rating"] == 1.0 for piece in low)
            against += bool(low) and "against" in kinds(explanation)
            sources = [t.source.kind for t in explanation.attribution.views.history]
            assert sources.count("disliked") == 2
    assert against


# A model without attributes


@pytest.fixture
def als(dataset: Dataset) -> World:
    factors = np.random.default_rng(2).normal(0, 0.6, (len(dataset.catalogue), 6))
    return make_world(
        dataset, AlsModel.of(factors.astype(np.float32), regularization=0.1, alpha=4.0)
    )


def test_a_model_without_attributes_explains_by_its_history(als: World) -> None:
    seen = set()
    for user in als.dataset.users:
        person = als.people.person(user)
        for explanation in listed(als, person):
            assert not of(explanation, "A")
            assert not of(explanation, "B"), "the item's bias is no term here"
            assert explanation.attribution.views.attribute is None
            assert explanation.attribution.views.pair is None
            total = sum(term.value for term in explanation.attribution.contributions)
            assert total == pytest.approx(explanation.attribution.score, abs=1e-9)
            item = als.item(explanation.item.title)
            for piece in of(explanation, "H"):
                own = als.dataset.catalogue.find(piece.fields["item_id"])
                shorter = person.history.without([own])
                rank = Standing(als.model, shorter, person.excluded).rank(item)
                assert piece.rank_without == rank, "the rank is of the model solved anew"
            seen |= set(kinds(explanation))
    assert "because_history" in seen


# Candidates from elsewhere


def test_another_recommender_s_choice_is_labelled(world: World) -> None:
    person = world.people.person("u2")
    known = int(person.history.items[0])
    others = [i for i in range(len(TITLES)) if i not in person.known]
    found = world.explainer.explain(person, [known, *others], 3, "the shop")
    for explanation in found:
        assert explanation.chosen_by == "the shop"
        first = explanation.sentences[0]
        assert (kinds(explanation)[0], first.evidence) == ("chosen_elsewhere", ("R1",))
        assert not [kind for kind in kinds(explanation) if kind.startswith("because")]
        assert "outside" not in kinds(explanation)
        [chosen] = of(explanation, "R")
        assert chosen.fields == {
            "name": "the shop",
            "rank": explanation.attribution.rank,
            "candidates": len(others),
        }
    assert kinds(found[0]) == ["chosen_elsewhere", "own_item"]
    assert found[0].attribution.rank is None
    assert sum("speaks_for" in kinds(explanation) for explanation in found) > 3


def test_our_own_choice_has_no_such_label(world: World) -> None:
    for explanation in listed(world, world.people.person("u2")):
        assert explanation.chosen_by is None
        assert not of(explanation, "R")


def test_a_choice_for_someone_without_a_history(world: World) -> None:
    person = world.people.person("nobody", allow_cold=True)
    from recx_agent.recommenders.popularity import popularity_model

    cold = replace(world.explainer, model=popularity_model(world.dataset))
    [found] = cold.explain(person, [3], 5, "the shop")
    assert kinds(found)[:2] == ["chosen_elsewhere", "everyone"]
    assert found.verdict == "abstained"
    [ours] = cold.explain(person, [3], 5)
    assert kinds(ours)[0] == "no_history"


# Own texts


def note(item: int = -1, kind: str = "note", **more: Any) -> Event:
    return replace(Event("e", item, kind, None, "2024-01-01", None, None, "f:3", False), **more)


def with_texts(
    dataset: Dataset,
    model: FactorModel,
    texts: Sequence[RetrievedText],
    *rules: SensitiveRule,
    **settings: Any,
) -> World:
    budget = {"support_budget": 2, **settings}
    return make_world(dataset, model, *rules, texts=texts, settings=EvidenceSettings(**budget))


def test_texts_near_the_item_are_support_within_the_budget(
    dataset: Dataset, model: FactorModel
) -> None:
    texts = [
        text_of(note(kind="search"), "boats", 0.9),
        text_of(note(kind="search"), "boats ", 0.8),  # the same once more
        text_of(note(2, "rating", value=5.0), "calm", 0.5, TITLES[2]),
        text_of(note(4), "third", 0.45, TITLES[4]),
    ]
    world = with_texts(dataset, model, texts)
    found = listed(world, world.people.person("u3"), 1)[0]
    first, second = of(found, "S")
    assert first.kind == second.kind == "support"
    assert first.contribution is None
    assert first.fields == {
        "text": "boats",
        "event_type": "search",
        "rating": None,
        "rating_min": None,
        "rating_max": None,
        "date": "2024-01-01",
        "source": "f:3",
        "title": "",
        "similarity": 0.9,
    }
    assert (second.fields["title"], second.fields["rating"]) == (TITLES[2], 5.0)
    assert second.fields["rating_max"] == 5.0
    assert kinds(found)[-2:] == ["support", "support"]
    assert "support" not in REASONS
    assert [user for user, _ in world.retriever.asked] == ["u3"], "asked once for the list"


def test_a_text_that_is_not_near_enough_is_left_out(dataset: Dataset, model: FactorModel) -> None:
    texts = [text_of(note(), "far", 0.3499), text_of(note(), "  ", 0.9)]
    world = with_texts(dataset, model, texts)
    assert not of(listed(world, world.people.person("u3"), 1)[0], "S")
    near = with_texts(dataset, model, texts, min_similarity=0.3)
    assert len(of(listed(near, near.people.person("u3"), 1)[0], "S")) == 1


def test_no_texts_are_asked_for_where_none_are_wanted(dataset: Dataset, model: FactorModel) -> None:
    world = with_texts(dataset, model, [], support_budget=0)
    listed(world, world.people.person("u3"))
    stranger = world.people.person("guest", history=list(TITLES[:3]))
    wanted = with_texts(dataset, model, [])
    listed(wanted, stranger)
    assert world.retriever.asked == wanted.retriever.asked == []


def test_sensitive_texts_never_get_in(dataset: Dataset, model: FactorModel) -> None:
    texts = [
        text_of(note(), "my chemo", 0.99),
        text_of(note(6), "of a covered item", 0.98, TITLES[6]),
        text_of(note(), f"like {TITLES[6].upper()}", 0.97),
        text_of(note(kind="dose"), "of a covered type", 0.96),
        text_of(note(7), "of a hidden item", 0.95, TITLES[7]),
        text_of(note(kind="search"), "harmless", 0.5),
    ]
    rules = (
        SensitiveRule(words=("chemo",)),
        SensitiveRule(items=("id06x",)),
        SensitiveRule(event_types=("dose",)),
    )
    with_dose = replace(
        dataset, events=replace(dataset.events, kinds=(*dataset.events.kinds, "dose"))
    )
    world = with_texts(with_dose, model, texts, *rules, support_budget=3)
    world.store.give("u3", "mute", "item", "id07x")
    for explanation in listed(world, world.people.person("u3")):
        assert [piece.fields["text"] for piece in of(explanation, "S")] == ["harmless"]


# Facts that change


def test_facts_of_now_are_asked_once_and_stand_apart(dataset: Dataset, model: FactorModel) -> None:
    asked: list[Sequence[str]] = []
    as_of = datetime(2024, 5, 1, 12, tzinfo=UTC)

    def facts(ids: Sequence[str]) -> dict[str, list[CurrentFact]]:
        asked.append(ids)
        return {
            ids[0]: [CurrentFact("price", ("9 €",), as_of), CurrentFact("topic", ("x",), as_of)]
        }

    world = make_world(dataset, model, facts=facts)
    first, second = listed(world, world.people.person("u1"), 2)
    assert asked == [[first.item.item_id, second.item.item_id]]
    told = [(p.fields["name"], p.fields["values"], p.fields["as_of"]) for p in of(first, "F")]
    genres = list(dataset.catalogue.values(world.item(first.item.title), "genre"))
    assert told == [
        ("genre", genres, None),
        ("price", ["9 €"], "2024-05-01T12:00:00+00:00"),
        ("topic", ["x"], "2024-05-01T12:00:00+00:00"),  # in the place of the catalogue's
    ]
    assert "current_fact" in kinds(first)
    assert "current_fact" not in kinds(second)
    plain = make_world(dataset, model)
    same = listed(plain, plain.people.person("u1"), 2)
    reasons = [s for s in first.sentences if json.loads(s.text)[0] in REASONS]
    assert reasons == [s for s in same[0].sentences if json.loads(s.text)[0] in REASONS]
    assert first.attribution == same[0].attribution


def test_a_sensitive_fact_of_now_is_left_out(dataset: Dataset, model: FactorModel) -> None:
    as_of = datetime(2024, 5, 1, tzinfo=UTC)

    def facts(ids: Sequence[str]) -> dict[str, list[CurrentFact]]:
        return {id: [CurrentFact("stock", ("chemo kit",), as_of)] for id in ids}

    world = make_world(dataset, model, SensitiveRule(words=("chemo",)), facts=facts)
    assert not any("chemo" in e.model_dump_json() for e in listed(world, world.people.person("u1")))


# Chinese


def test_sentences_are_joined_as_the_language_does(dataset: Dataset, model: FactorModel) -> None:
    for language, between in (("en", " "), ("zh", "")):
        world = make_world(dataset, model, language=language)
        for explanation in listed(world, world.people.person("u0")):
            assert explanation.text == between.join(s.text for s in explanation.sentences)


# What is behind the evidence


def test_a_history_given_by_hand_needs_no_index(world: World) -> None:
    person = world.people.person("guest", history=list(TITLES[:4]))
    found = listed(world, person, 3)
    assert world.retriever.fetched == []
    assert {p.fields["event_type"] for e in found for p in of(e, "H")} == {"interaction"}


def test_events_of_low_ratings_are_fetched_where_they_are_terms(world: World) -> None:
    listed(world, world.people.person("u4"))
    user = world.dataset.user("u4")
    low = {e.id for e in world.dataset.describe_terms(user, disliked=True) if not e.positive}
    assert low
    assert low <= set(world.retriever.fetched)


def test_without_anything_in_the_history_it_is_empty_not_wrong(world: World) -> None:
    person = world.people.person("guest", history=[])
    assert len(person.history) == 0
    assert isinstance(person.history, History)
