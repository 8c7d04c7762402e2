from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from recx_agent.datasets import Dataset
from recx_agent.retrievers.event_records import records_of, stored_event

DatasetOf = Callable[..., Dataset]


def test_a_record_gives_the_event_back(dataset_of: DatasetOf, row: Callable[..., object]) -> None:
    dataset = dataset_of(
        [
            row("ann", "a", 4.5, 86_400 * 365, "rating", 'said "hm…"\n\tΩ', '{"device": "tv"}'),
            row("ann", "b", None, None, "view"),
        ]
    )
    wanted = dataset.describe_positives(0)
    records = list(records_of(dataset, [0]))
    made = [stored_event(r.id, r.metadata, r.document) for r in records]
    assert [stored.event for stored in made] == wanted
    assert {stored.user_id for stored in made} == {"ann"}
    assert {stored.item_id: stored.title for stored in made} == {
        "a": "Title of a",
        "b": "Title of b",
    }


def test_fields_are_typed_and_absent_ones_left_out(
    dataset_of: DatasetOf, row: Callable[..., object]
) -> None:
    dataset = dataset_of([row("ann", "a", 4.5, 0), row("ann", "b", None, None, "view")])
    rated, viewed = sorted(records_of(dataset, [0]), key=lambda record: record.item)
    assert rated.metadata["user_id"] == "ann"
    assert json.loads(rated.metadata["event"]) == {
        "item": 0,
        "item_id": "a",
        "title": "Title of a",
        "event_type": "rating",
        "value": 4.5,
        "value_max": 5.0,
        "date": "1970-01-01",
        "source": "events.csv:0",
    }
    assert json.loads(viewed.metadata["event"]).keys() == {
        "item",
        "item_id",
        "title",
        "event_type",
        "source",
    }
    assert (rated.document, viewed.document) == (None, None)


def test_low_ratings_and_searches_are_no_records(
    dataset_of: DatasetOf, row: Callable[..., object]
) -> None:
    dataset = dataset_of(
        [row("ann", "a", 2.0), row("ann", None, None, 5, "search", "noir"), row("ann", "b", 4.0)]
    )
    (record,) = records_of(dataset, [0])
    assert record.item == dataset.catalogue.ids.internal("b")


@pytest.mark.parametrize("metadata", [{}, {"user_id": "u", "event": "{"}, {"event": "[]"}])
def test_what_is_no_record_is_refused(metadata: dict[str, str]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        stored_event("id", metadata, None)
