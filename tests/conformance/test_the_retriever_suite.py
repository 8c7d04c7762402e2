"""The shipped tests of retrievers find a wrong retriever each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexStale
from recx_agent.protocols import AdditiveModel, RetrievedEvents, RetrievedText
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.testing import RetrieverConformance, planted_dataset
from tests.conformance.wrong import FOUND, Wrong, inherited_tests, run


@dataclass
class InMemory:
    """A good retriever: it has the data set itself."""

    dataset: Dataset
    model: AdditiveModel
    closed: bool = False

    def fetch(self, user_id: str, event_ids: Any) -> RetrievedEvents:
        own = {e.id: e for e in self.dataset.describe_terms(self.dataset.user(user_id))}
        if not own.keys() >= set(event_ids):
            raise IndexStale("memory", "an event is not there")
        events = [own[id] for id in event_ids]
        items = np.array([event.item for event in events], dtype=np.int32)
        catalogue = self.dataset.catalogue
        return RetrievedEvents(
            events=events,
            item_ids=[catalogue.ids.external(int(item)) for item in items],
            titles=[catalogue.titles[item] for item in items],
            vectors=self.model.event_vectors(items, np.zeros(len(items), dtype=bool)),
        )

    def similar_texts(self, user_id: str, item_ids: Any, limit: int) -> list[list[RetrievedText]]:
        own = self.dataset.describe_terms(self.dataset.user(user_id))
        texts = [
            RetrievedText(event, "", 0.5 - n / 10) for n, event in enumerate(own) if event.text
        ]
        return [texts[:limit] for _ in item_ids]

    def close(self) -> None:
        self.closed = True


def without_order(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
    return good.fetch(user_id, sorted(ids))


def what_there_is(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
    own = {e.id for e in good.dataset.describe_terms(good.dataset.user(user_id))}
    return good.fetch(user_id, [id for id in ids if id in own])


def of_anyone(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
    for other in good.dataset.users.ids:
        try:
            return good.fetch(other, ids)
        except IndexStale:
            continue
    return good.fetch(user_id, [])


def all_if_none(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
    own = [e.id for e in good.dataset.describe_terms(good.dataset.user(user_id))]
    return good.fetch(user_id, ids or own)


def altered(**change: Callable[[RetrievedEvents], Any]) -> Callable[..., RetrievedEvents]:
    def fetch(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
        found = good.fetch(user_id, ids)
        return replace(found, **{name: of(found) for name, of in change.items()})

    return fetch


def of_one_thread(good: InMemory, user_id: str, ids: Any) -> RetrievedEvents:
    at_home = threading.current_thread() is threading.main_thread()
    return good.fetch(user_id, ids if at_home else ids[:1])


def foreign_texts(good: InMemory, user_id: str, items: Any, limit: int) -> Any:
    writer = next(id for id in good.dataset.users.ids if any(good.similar_texts(id, items, 1)))
    return good.similar_texts(writer, items, limit)


def closing_once(good: InMemory) -> None:
    assert not good.closed, "closed already"
    good.close()


def first_rated_five(found: RetrievedEvents) -> Any:
    return [replace(event, value=5.0) for event in found.events]


FAULTS: dict[str, list[dict[str, Any]]] = {
    "test_events_come_in_the_order_asked_for": [
        {"fetch": without_order},
        {"fetch": altered(titles=lambda found: ["?"] * len(found.titles))},
        {"fetch": altered(item_ids=lambda found: list(found.item_ids)[::-1])},
    ],
    "test_events_are_what_was_done": [{"fetch": altered(events=first_rated_five)}],
    "test_vectors_are_the_model_s": [
        {"fetch": altered(vectors=lambda found: found.vectors * np.float32(1.001))},
        {"fetch": altered(vectors=lambda found: found.vectors.astype(np.float64))},
    ],
    "test_another_user_s_events_are_refused": [{"fetch": of_anyone}, {"fetch": what_there_is}],
    "test_an_event_that_is_not_there_is_told": [{"fetch": what_there_is}],
    "test_nothing_asked_nothing_given": [{"fetch": all_if_none}],
    "test_similar_texts_are_the_user_s_own": [
        {"similar_texts": lambda good, user, items, limit: []},
        {"similar_texts": lambda good, user, items, limit: good.similar_texts(user, items, 9)},
        {"similar_texts": foreign_texts},
    ],
    "test_several_threads_fetch_the_same": [{"fetch": of_one_thread}],
    "test_closing_twice_is_no_error": [{"close": closing_once}],
}
CASES = [
    pytest.param(test, fault, id=f"{test[5:]}-{number}")
    for test, faults in FAULTS.items()
    for number, fault in enumerate(faults)
]


def several_texts() -> Dataset:
    """The planted world, in which everybody has written of everything."""
    planted = planted_dataset()
    texts = tuple(f"text {n}" for n in range(len(planted.events)))
    return replace(planted, events=replace(planted.events, texts=texts))


@pytest.mark.parametrize(("test", "fault"), CASES)
def test_a_wrong_retriever_is_found(test: str, fault: dict[str, Any], als_model: AlsModel) -> None:
    dataset = several_texts()
    given = {"dataset": dataset, "model": als_model}
    run(RetrieverConformance(), test, {**given, "retriever": InMemory(dataset, als_model)})
    wrong = Wrong(InMemory(dataset, als_model), **fault)
    with pytest.raises(FOUND):
        run(RetrieverConformance(), test, {**given, "retriever": wrong})


def test_every_test_of_the_suite_has_a_retriever_that_it_finds() -> None:
    assert set(FAULTS) == inherited_tests(RetrieverConformance)
