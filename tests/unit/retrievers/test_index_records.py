from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.retrievers.index_records import IndexRecord, Unsound, opened

VECTOR = np.array([0.3, -1.2, 7.0, 0.01], dtype=np.float32)
RECORD = IndexRecord("u/i", {"event_type": "rating", "value": 4.5}, "ann", 'she said "],"')


def reopened(
    record: IndexRecord = RECORD, vector: NDArray[np.float32] = VECTOR, **other: Any
) -> Any:
    """Seal a record, alter what ``other`` names, and open it."""
    told: dict[str, Any] = {
        "ids": [record.id],
        "metadatas": [record.sealed(vector)],
        "documents": [record.document],
        "vectors": vector[None],
    }
    return opened(**{**told, **other})[0]


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        IndexRecord("i", {"title": 'a "],[{}" b'}),
        IndexRecord("ünï 電影 🎬", {"title": "x" * 20_000, "context": '{"a": "],"}'}, "%00 \u202e"),
    ],
)
def test_what_is_sealed_is_opened_as_it_was(record: IndexRecord) -> None:
    found = reopened(record)
    assert (found.id, found.user_id, found.document) == (
        record.id,
        record.user_id,
        record.document,
    )
    assert found.fields == record.fields
    assert found.holds(record)


def test_the_metadata_are_plain_json_and_few() -> None:
    metadata = RECORD.sealed(VECTOR)
    assert metadata.keys() == {"user_id", "event"}
    assert json.loads(metadata["event"]).keys() == {"seal", "event_type", "value"}
    assert IndexRecord("i", {"title": "t"}).sealed(VECTOR).keys() == {"event"}


def altered(key: str, old: str, new: str) -> list[dict[str, str]]:
    metadata = RECORD.sealed(VECTOR)
    assert old in metadata[key]
    return [{**metadata, key: metadata[key].replace(old, new)}]


@pytest.mark.parametrize(
    "damage",
    [
        {"ids": ["u/j"]},
        {"documents": ["she said nothing"]},
        {"documents": [None]},
        {"metadatas": altered("event", "4.5", "5.5")},
        {"metadatas": altered("event", "rating", "rbting")},
        {"metadatas": altered("user_id", "ann", "eve")},
        {"metadatas": [{}]},
        {"metadatas": [None]},
        {"metadatas": [{"event": "{"}]},
        {"metadatas": [{"event": "[]"}]},
        {"metadatas": [{"event": '{"seal":[1],"a":2}'}]},
        {"metadatas": [{"event": '{"event_type":"rating"}'}]},
        {"vectors": VECTOR[None] * np.float32(1.001)},
        {"vectors": VECTOR[None, ::-1]},
        {"vectors": VECTOR[None] * 0},
        {"vectors": VECTOR[None] * np.nan},
        {"vectors": VECTOR[None] + np.array([0, 0, 0, 0.001], dtype=np.float32)},
    ],
    ids=repr,
)
def test_what_is_not_as_it_was_written_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(Unsound):
        reopened(**damage)


def test_a_vector_that_chroma_scaled_to_length_one_is_sound() -> None:
    unit = VECTOR / np.linalg.norm(VECTOR)
    again = (unit / np.linalg.norm(unit) * np.float32(1 + 1e-7))[None]
    assert not np.array_equal(again[0], unit)
    assert reopened(vector=unit, vectors=again).id == "u/i"


def test_another_record_is_not_this_one() -> None:
    found = reopened()
    assert not found.holds(IndexRecord(RECORD.id, RECORD.fields, "eve", RECORD.document))
    assert not found.holds(IndexRecord(RECORD.id, RECORD.fields, "ann", None))
    assert not found.holds(IndexRecord(RECORD.id, {"event_type": "view"}, "ann", RECORD.document))
