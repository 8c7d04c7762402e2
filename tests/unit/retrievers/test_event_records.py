from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.retrievers.event_records import records_of
from recx_agent.retrievers.index_records import IndexRecord, StoredRecord

DatasetOf = Callable[..., Dataset]


def stored(record: IndexRecord) -> StoredRecord:
    fields = json.loads(json.dumps(record.fields))
    return StoredRecord(record.id, record.user_id, record.document, fields)


def test_a_record_gives_the_event_back(dataset_of: DatasetOf, row: Callable[..., object]) -> None:
    dataset = dataset_of(
        [
            row("ann", "a", 4.5, 86_400 * 365, "rating", 'said "hm…"\n\tΩ', '{"device": "tv"}'),
            row("ann", "b", None, None, "view"),
        ]
    )
    records = list(records_of(dataset, [0], disliked=False))
    assert [stored(record).event() for record in records] == dataset.describe_terms(0)
    assert {record.user_id for record in records} == {"ann"}
    assert {(r.fields["item_id"], r.fields["title"]) for r in records} == {
        ("a", "Title of a"),
        ("b", "Title of b"),
    }


def test_fields_are_typed_and_absent_ones_left_out(
    dataset_of: DatasetOf, row: Callable[..., object]
) -> None:
    dataset = dataset_of([row("ann", "a", 4.5, 0), row("ann", "b", None, None, "view")])
    rated, viewed = sorted(records_of(dataset, [0], disliked=False), key=lambda r: r.item)
    assert rated.fields == {
        "item": 0,
        "item_id": "a",
        "title": "Title of a",
        "event_type": "rating",
        "value": 4.5,
        "value_max": 5.0,
        "date": "1970-01-01",
        "source": "events.csv:0",
    }
    assert viewed.fields.keys() == {"item", "item_id", "title", "event_type", "source"}
    assert (rated.document, viewed.document) == (None, None)


def test_searches_are_no_records_and_low_ratings_only_if_they_are_terms(
    dataset_of: DatasetOf, row: Callable[..., object]
) -> None:
    dataset = dataset_of(
        [row("ann", "a", 1.0), row("ann", None, None, 5, "search", "noir"), row("ann", "b", 4.0)]
    )
    dataset = replace(dataset, disliked_to=2.0)
    (record,) = records_of(dataset, [0], disliked=False)
    assert record.item == dataset.catalogue.ids.internal("b")
    low, liked = sorted(records_of(dataset, [0], disliked=True), key=lambda record: record.item)
    assert (low.disliked, liked.disliked) == (True, False)
    assert [stored(low).event(), stored(liked).event()] == dataset.describe_terms(0, disliked=True)
    assert stored(low).event().positive is False
    assert np.count_nonzero(dataset.disliked) == 1
