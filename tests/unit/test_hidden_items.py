"""What a user has hidden weighs nothing and is told nowhere; who is erased is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import RecxError, Withheld
from recx_agent.feedback import Decisions
from recx_agent.recommenders.factor_model import FactorModel
from tests.unit.every_answer import TV, answers, spelled
from tests.unit.told_world import TITLES, World, make_dataset, make_world, with_more_terms


def decisions(world: World) -> Decisions:
    """Hiding asks for no explanation."""
    return Decisions(world.people, None, world.store)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


def test_what_a_user_hides_weighs_nothing_and_is_told_nowhere(
    dataset: Dataset, model: FactorModel
) -> None:
    world, plain = make_world(dataset, model), make_world(dataset, model)
    own = plain.people.person("u2").history.items.tolist()
    hidden = set(own[:3] + own[-1:])
    for item in hidden:
        assert decisions(world).hide("u2", dataset.catalogue.titles[item])
    assert not decisions(world).hide("u2", dataset.catalogue.titles[own[0]])
    before, after = plain.people.person("u2"), world.people.person("u2")
    rest = before.history.without(sorted(hidden))
    assert after.history.items.tolist() == rest.items.tolist()
    assert after.history.ages.tolist() == rest.ages.tolist()
    assert set(after.excluded.tolist()) == set(before.excluded.tolist())
    pattern = spelled(world, hidden, set())
    for answer in answers(world, "u2"):
        assert not pattern.search(answer.model_dump_json())
    assert pattern.search("".join(a.model_dump_json() for a in answers(world, "u3")))
    with pytest.raises(Withheld):
        world.people.find_told(dataset.catalogue.titles[own[0]], after)
    assert [ref.item_id for ref in decisions(world).hidden("u2")]
    assert decisions(world).unhide("u2", dataset.catalogue.titles[own[0]])
    assert own[0] in world.people.person("u2").history.items


def test_a_hidden_item_s_twin_is_hidden_too(dataset: Dataset, model: FactorModel) -> None:
    catalogue = dataset.catalogue
    first, second = dataset.history(dataset.user("u2")).items[:2].tolist()
    titles = list(catalogue.titles)
    titles[second] = titles[first]
    attributes = {
        name: tuple(values[first] if n == second else own for n, own in enumerate(values))
        for name, values in catalogue.attributes.items()
    }
    twins = replace(catalogue, titles=tuple(titles), attributes=attributes)
    world = make_world(replace(dataset, catalogue=twins), model)
    decisions(world).hide("u2", catalogue.ids.external(first))
    assert not {first, second} & set(world.people.person("u2").history.items.tolist())
    assert decisions(world).unhide("u2", catalogue.ids.external(second)), "the one is the other"
    assert decisions(world).hidden("u2") == ()


def test_everything_hidden_leaves_popularity(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model)
    for item in world.people.person("u2").history.items:
        decisions(world).hide("u2", dataset.catalogue.titles[item])
    assert len(world.people.person("u2", context=TV).history) == 0
    assert world.people.person("u2", context=TV).history.context == ()


def test_an_erased_user_is_unknown(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model)
    world.store.erased.add("u1")
    with pytest.raises(RecxError, match="u1"):
        world.people.person("u1")
    with pytest.raises(RecxError, match="u1"):
        decisions(world).hide("u1", TITLES[0])
    stranger = world.people.person("u1", allow_cold=True)
    assert stranger.user is None
    assert len(stranger.history) == 0
