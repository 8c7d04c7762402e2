"""What-ifs and profiles: every claim follows from the numbers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset, History
from recx_agent.explainer.person import Person
from recx_agent.explainer.profile_plan import profile_script
from recx_agent.explainer.teller import Script
from recx_agent.explainer.what_if_plan import what_if_script
from recx_agent.profile import describe_person, tell_profile
from recx_agent.schemas import Moved, WhatIf
from recx_agent.settings import SensitiveRule
from recx_agent.what_if import Changed, tell_what_if, what_if
from tests.unit.every_answer import teller_of
from tests.unit.told_world import (
    TITLES,
    World,
    make_dataset,
    make_model,
    make_world,
    with_more_terms,
)

USERS = ("u0", "u1", "u2", "u3", "u4", "u5")
K = 3


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def world(dataset: Dataset) -> World:
    return make_world(dataset, with_more_terms(dataset))


def changes(world: World) -> Iterator[tuple[Person, Changed]]:
    for user in USERS:
        person = world.people.person(user)
        items, _ = world.model.top_k(person.history, 20, person.excluded)
        best = int(items[0])
        yield from ((person, Changed(removed=[int(n)])) for n in person.history.items)
        yield person, Changed(added=[best])
        yield person, Changed(muted=[("genre", "drama")])
        out, title = np.array([best], dtype=np.int32), TITLES[best]
        yield person, Changed(excluded=out, asked=[title])
        yield person, Changed()


def test_every_claim_of_a_what_if_follows_from_the_ranks(world: World) -> None:
    teller, kinds = teller_of(world), set()
    for person, changed in changes(world):
        result = what_if(world.dataset, world.model, person, changed, K)
        script = what_if_script(teller, result, K, {})
        before = {item.item_id for item in result.before}
        after = {item.item_id for item in result.after}
        pieces = {piece.id: piece for piece in script.evidence}
        for claim in script.claims:
            kinds.add(claim.kind)
            fields = pieces[claim.evidence[-1]].fields
            ranks: list[Any] = [fields.get("rank_before"), fields.get("rank_after")]
            own = fields.get("item_id")
            match claim.kind:
                case "leaves":
                    assert own in before - after and ranks[0] <= K < ranks[1]
                case "enters":
                    assert own in after - before and ranks[1] <= K
                case "gone":
                    assert ranks[1] is None
                case "moves":
                    assert own in before & after and ranks[0] != ranks[1]
                case "list_replaced":
                    assert fields["replaced"] == len(before - after) > 0
                case "list_same":
                    assert [i.item_id for i in result.before] == [i.item_id for i in result.after]
                case "list_reordered":
                    assert before == after
    assert kinds >= {"leaves", "enters", "gone", "moves", "list_replaced", "list_same"}


def test_a_list_shorter_than_k_can_grow(world: World) -> None:
    moved = Moved(
        item_id="a", title="A", score_before=1, score_after=1, rank_before=2, rank_after=1
    )
    item = {"item_id": "a", "title": "A", "score": 1.0, "rank": 1}
    result = WhatIf.model_validate(
        {"user_id": "u", "change": {}, "before": [], "after": [item], "moved": [moved]}
    )
    script = what_if_script(teller_of(world), result, 5, {})
    assert [claim.kind for claim in script.claims] == ["list_grows", "enters"]


def test_what_is_changed_is_told_but_for_what_is_not_to_be_named(dataset: Dataset) -> None:
    rule = SensitiveRule(attributes=("topic=oncology",))
    world = make_world(dataset, with_more_terms(dataset), rule)
    teller, person = teller_of(world), world.people.person("u0")
    own = [int(n) for n in person.history.items if int(n) not in person.unnamed]
    told = tell_what_if(teller, person, Changed(removed=own[:1], asked=["topic=oncology"]), K).told
    assert told is not None
    fields = next(piece for piece in told.evidence if piece.id == "W1").fields
    assert fields["remove"] == [TITLES[own[0]]]
    assert fields["unnamed"] and not fields["exclude_values"]
    plain = tell_what_if(teller, person, Changed(asked=["genre=drama", "id00x"]), K).told
    assert plain is not None
    fields = next(piece for piece in plain.evidence if piece.id == "W1").fields
    assert fields["exclude_values"] == [("genre", "drama")] and not fields["unnamed"]
    assert fields["exclude"] == [TITLES[0]]


def profiles(world: World) -> Iterator[tuple[Person, Script]]:
    for user in USERS:
        person = world.people.person(user)
        profile = describe_person(world.dataset, world.model, person, world.sensitive)
        yield person, profile_script(teller_of(world), person, profile)


def test_every_claim_of_a_profile_follows_from_its_numbers(world: World) -> None:
    kinds = set()
    for person, script in profiles(world):
        pieces = {piece.id: piece for piece in script.evidence}
        user = world.model.represent(person.history)
        features = {(f.name, f.value): n for n, f in enumerate(world.model.features)}
        weights = world.model.weights(person.history.ages)
        for claim in script.claims:
            kinds.add(claim.kind)
            fields = [pieces[id].fields for id in claim.evidence]
            if claim.kind in ("leans_to", "leans_away"):
                sign = 1 if claim.kind == "leans_to" else -1
                for own in fields:
                    feature = features[own["name"], own["value"]]
                    leaning = world.model.feature_factors[feature].astype(float) @ user
                    assert own["leaning"] == pytest.approx(leaning)
                    assert sign * own["leaning"] > 0
                    assert sign < 0 or own["items_in_history"]
            if claim.kind == "weighs_now":
                told = [own["weight"] for own in fields]
                assert set(told) <= set(weights.tolist())
                assert claim.values["most"] == (min(told) >= sorted(weights)[-len(told)])
    assert kinds == {"history_counts", "leans_to", "leans_away", "weighs_now"}


def test_no_ranking_word_where_an_item_not_to_be_named_weighs_more(dataset: Dataset) -> None:
    plain = make_world(dataset, make_model(dataset))
    newest = int(plain.people.person("u0").history.items[0])
    assert _most(plain, "u0")
    world = make_world(dataset, make_model(dataset), SensitiveRule(items=(f"id{newest:02}x",)))
    assert world.people.person("u0").unnamed == {newest}
    assert not _most(world, "u0")


def _most(world: World, user: str) -> bool:
    [claim] = [
        claim
        for person, script in profiles(world)
        if person.user_id == user
        for claim in script.claims
        if claim.kind == "weighs_now"
    ]
    return bool(claim.values["most"])


def test_a_profile_of_nothing_says_so_and_abstains(world: World) -> None:
    person = replace(world.people.person("u0"), history=History.of([]))
    told = tell_profile(teller_of(world), person).told
    assert told is not None and told.verdict == "abstained"
    assert len(told.sentences) == 1 and "nothing_counts" in told.text
