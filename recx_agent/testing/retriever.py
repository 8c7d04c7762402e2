"""What every retriever of evidence must keep to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from recx_agent.datasets import Dataset, Event
from recx_agent.errors import EvidenceIndexError
from recx_agent.protocols import AdditiveModel, EvidenceRetriever
from recx_agent.testing.planted import planted_dataset


class RetrieverConformance:
    """Subclass it, give the fixtures ``model`` and ``retriever``, and inherit the tests.

    ``model`` is any recommender of the fixture ``dataset``; ``retriever`` is over an index of
    both. Make the index once, in a fixture of module scope.
    """

    @pytest.fixture
    def dataset(self) -> Dataset:
        """What is indexed."""
        return planted_dataset()

    @pytest.fixture
    def model(self, dataset: Dataset) -> AdditiveModel:
        """A recommender of ``dataset``."""
        raise NotImplementedError("give a fixture 'model'")

    @pytest.fixture
    def retriever(self, dataset: Dataset, model: AdditiveModel) -> EvidenceRetriever:
        """The retriever, over an index of ``dataset`` and ``model``."""
        raise NotImplementedError("give a fixture 'retriever'")

    def test_events_come_in_the_order_asked_for(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """The events asked for, all of them, in that order, with item and title."""
        catalogue = dataset.catalogue
        for user_id in people(dataset):
            own = [event.id for event in terms_of(dataset, user_id)]
            for order in (own, own[::-1], own[1::2]):
                found = retriever.fetch(user_id, order)
                assert [event.id for event in found.events] == order
                items = [event.item for event in found.events]
                assert list(found.item_ids) == [catalogue.ids.external(item) for item in items]
                assert list(found.titles) == [catalogue.titles[item] for item in items]

    def test_events_are_what_was_done(self, retriever: EvidenceRetriever, dataset: Dataset) -> None:
        """Item, type, value and day of each event are the data set's."""
        for user_id in people(dataset):
            own = terms_of(dataset, user_id)
            found = retriever.fetch(user_id, [event.id for event in own]).events
            assert [told(event) for event in found] == [told(event) for event in own]

    def test_vectors_are_the_model_s(
        self, retriever: EvidenceRetriever, dataset: Dataset, model: AdditiveModel
    ) -> None:
        """The vector of an event is that of its item, bit for bit."""
        for user_id in people(dataset):
            own = terms_of(dataset, user_id)
            found = retriever.fetch(user_id, [event.id for event in own])
            items = np.array([event.item for event in own], dtype=np.int32)
            expected = model.event_vectors(items, np.zeros(len(items), dtype=bool))
            assert found.vectors.dtype == np.float32
            np.testing.assert_array_equal(found.vectors, expected)

    def test_another_user_s_events_are_refused(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """An id is no key to the events of somebody else."""
        first, second, *_ = people(dataset)
        foreign = terms_of(dataset, first)[0].id
        own = terms_of(dataset, second)[0].id
        for asked in ([foreign], [own, foreign]):
            with pytest.raises(EvidenceIndexError):
                retriever.fetch(second, asked)

    def test_an_event_that_is_not_there_is_told(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """What is lacking is an error, never a shorter answer."""
        user_id = people(dataset)[0]
        own = terms_of(dataset, user_id)[0].id
        with pytest.raises(EvidenceIndexError):
            retriever.fetch(user_id, [own, own + "/none"])

    def test_nothing_asked_nothing_given(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """No ids, no events."""
        found = retriever.fetch(people(dataset)[0], [])
        assert len(found.events) == len(found.item_ids) == len(found.titles) == 0
        assert len(found.vectors) == 0

    def test_similar_texts_are_the_user_s_own(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """One list for each item asked about, nearest first, not longer than wanted."""
        items = dataset.catalogue.ids.ids[:4]
        for user_id in people(dataset):
            where = dataset.events.of_user(dataset.user(user_id))
            written = {text for text in dataset.events.texts[where] if text}
            found = retriever.similar_texts(user_id, items, 1)
            assert len(found) == len(items)
            for texts in found:
                assert len(texts) <= 1
                assert {text.event.text for text in texts} <= written
            for texts in retriever.similar_texts(user_id, items, 5):
                nearness = [text.similarity for text in texts]
                assert nearness == sorted(nearness, reverse=True)
                assert all(-1.001 <= near <= 1.001 for near in nearness)

    def test_several_threads_fetch_the_same(
        self, retriever: EvidenceRetriever, dataset: Dataset
    ) -> None:
        """Requests of several threads do not get into one another."""
        asked = [(id, [e.id for e in terms_of(dataset, id)]) for id in people(dataset)]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda one: retriever.fetch(*one), asked * 4))
        for (_, ids), events in zip(asked * 4, found, strict=True):
            assert [event.id for event in events.events] == ids

    def test_closing_twice_is_no_error(self, retriever: EvidenceRetriever) -> None:
        """What is closed may be closed again."""
        retriever.close()
        retriever.close()


def people(dataset: Dataset) -> list[str]:
    """Some users of whom there is something."""
    return [id for id in dataset.users.ids if terms_of(dataset, id)][:5]


def terms_of(dataset: Dataset, user_id: str) -> list[Event]:
    """The events behind the terms of a user's score."""
    return dataset.describe_terms(dataset.user(user_id))


def told(event: Event) -> tuple[object, ...]:
    """What a sentence can tell of an event."""
    return (event.id, event.item, event.event_type, event.value, event.date, event.positive)
