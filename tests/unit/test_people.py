"""Whom an answer is for: what is asked of the caller, and what errors say."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import NotOffered, UnknownItem, UnknownUser, UsageError
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.what_if import Changed, what_if
from tests.unit.told_world import TITLES, make_dataset, make_model, make_world, with_more_terms


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> FactorModel:
    return with_more_terms(dataset)


def test_the_context_is_sorted_into_the_history(dataset: Dataset, model: FactorModel) -> None:
    people = make_world(dataset, model).people
    person = people.person("u0", context={"place": "home", "device": "tv"})
    assert person.history.context == (("device", "tv"), ("place", "home"))
    guest = people.person("guest", history=[TITLES[0]], context={"device": "tv"})
    assert guest.history.context == (("device", "tv"),)
    assert people.person("u0").history.context == people.person("u0", context={}).history.context


@pytest.mark.parametrize("context", [{"device": "radio"}, {"mood": "tv"}, {"Device": "tv"}])
def test_an_unknown_context_names_the_known_ones(
    dataset: Dataset, model: FactorModel, context: dict[str, str]
) -> None:
    with pytest.raises(UsageError, match="device=phone, device=tv, place=home") as caught:
        make_world(dataset, model).people.person("u0", context=context)
    assert not isinstance(caught.value, NotOffered)


def test_a_model_without_contexts_offers_none(dataset: Dataset) -> None:
    with pytest.raises(NotOffered, match="terms of the context"):
        make_world(dataset, make_model(dataset)).people.person("u0", context={"device": "tv"})


def test_low_ratings_are_in_the_history_of_a_model_that_uses_them(
    dataset: Dataset, model: FactorModel
) -> None:
    with_low = make_world(dataset, model).people.person("u0").history
    without = make_world(dataset, make_model(dataset)).people.person("u0").history
    assert with_low.disliked.sum() == 2
    assert len(with_low) == len(without) + 2


def test_an_excluded_item_is_not_explained_as_known(dataset: Dataset, model: FactorModel) -> None:
    people = make_world(dataset, model).people
    fresh = next(n for n in range(len(TITLES)) if n not in people.person("u0").known)
    person = people.person("u0", exclude=[TITLES[fresh]])
    with pytest.raises(UsageError, match="exclude"):
        people.find_candidate(TITLES[fresh], person)
    assert people.find_candidate(TITLES[fresh], people.person("u0")) == fresh


def test_what_is_excluded_by_attribute_is_no_candidate(
    dataset: Dataset, model: FactorModel
) -> None:
    person = make_world(dataset, model).people.person("u0", exclude=["topic=sailing", "crime"])
    catalogue = dataset.catalogue
    gone = {*catalogue.having("topic", "sailing"), *catalogue.having("genre", "crime")}
    assert gone <= set(person.excluded.tolist())
    assert not (gone - person.known) & person.known


def test_strangers(dataset: Dataset, model: FactorModel) -> None:
    people = make_world(dataset, model).people
    with pytest.raises(UnknownUser):
        people.person("nobody")
    assert len(people.person("nobody", allow_cold=True).history) == 0
    given = people.person("nobody", history=[TITLES[3], "id05x", TITLES[3]])
    assert given.history.items.tolist() == [3, 5]
    assert given.known == {3, 5}
    with pytest.raises(UnknownItem):
        people.person("nobody", history=["Nothing of the sort"])


def test_an_item_with_a_low_rating_can_be_removed(dataset: Dataset, model: FactorModel) -> None:
    world = make_world(dataset, model)
    person = world.people.person("u0")
    low = int(person.history.items[person.history.disliked][0])
    assert world.people.in_history(TITLES[low], person) == low
    changed = what_if(dataset, model, person, Changed(removed=[low]), 5)
    [term] = model.term_vectors(person.history)[person.history.items == low]
    for moved in changed.moved:
        lost = term @ model.item_factors[dataset.catalogue.find(moved.item_id)]
        assert moved.score_before - moved.score_after == pytest.approx(lost)
    plain = make_world(dataset, make_model(dataset))
    with pytest.raises(UsageError, match="no term"):
        plain.people.in_history(TITLES[low], plain.people.person("u0"))


def test_a_what_if_that_is_not_offered(dataset: Dataset) -> None:
    factors = np.random.default_rng(0).normal(size=(len(TITLES), 4)).astype(np.float32)
    als = AlsModel.of(factors, regularization=0.1, alpha=3.0)
    person = make_world(dataset, als).people.person("u0")
    with pytest.raises(NotOffered, match="mutes attributes"):
        what_if(dataset, als, person, Changed(muted=[("genre", "crime")]), 5)
    own = int(person.history.items[0])
    result = what_if(dataset, als, person, Changed(removed=[own]), 5)
    shorter = als.represent(person.history.without([own]))
    for moved in result.moved:
        wanted = als.item_factors[dataset.catalogue.find(moved.item_id)] @ shorter
        assert moved.score_after == pytest.approx(wanted)
