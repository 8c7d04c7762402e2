"""An update reads nothing that is known to be right, and knows when that is not so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.file_cleaning import reclaim
from recx_agent.retrievers.index_records import IndexRecord
from recx_agent.retrievers.record_digests import DIGESTS_NAME, NotedRecords, RecordDigests

ContentOf = Callable[[Path], dict[str, Any]]

RECORDS = [
    IndexRecord(f"u/{n}", {"title": f"Title {n}", "value": 4.0}, "u", None if n % 2 else "words")
    for n in range(5)
]


@pytest.fixture
def more(
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: Callable[..., Dataset],
    row: Callable[..., Any],
) -> Dataset:
    return dataset_of([*rows, row("u1", "i5", 5.0, 2_000_000)], titles)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records read from Chroma, as they are read."""
    ids: list[str] = []
    old = ChromaStore.read

    def noting(self: ChromaStore, name: str, dimensions: int, wanted: list[str]) -> Any:
        ids.extend(wanted)
        return old(self, name, dimensions, wanted)

    monkeypatch.setattr(ChromaStore, "read", noting)
    return ids


@pytest.fixture
def reclaimed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders whose database was written anew."""
    folders: list[Path] = []

    def noting(folder: Path) -> None:
        folders.append(folder)
        reclaim(folder)

    monkeypatch.setattr("recx_agent.retrievers.folder_place.reclaim", noting)
    return folders


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECORDS[0], id="u/9"),
        replace(RECORDS[0], user_id="v"),
        replace(RECORDS[0], user_id=None),
        replace(RECORDS[0], document="word"),
        replace(RECORDS[0], document=None),
        replace(RECORDS[0], fields={"title": "Title 0", "value": 5.0}),
        replace(RECORDS[0], fields={"title": "Title 0"}),
    ],
)
def test_everything_stored_counts_in_a_digest(changed: IndexRecord) -> None:
    assert changed.digest() != RECORDS[0].digest() == replace(RECORDS[0]).digest()


def test_what_is_not_held_is_lacking_and_what_is_held_too_much_is_told() -> None:
    whole = NotedRecords(lambda: iter(RECORDS))
    assert [r.id for r in whole] == [r.id for r in RECORDS]
    assert whole.digests.tolist() == sorted(r.digest() for r in RECORDS)
    some = NotedRecords(lambda: iter(RECORDS[:3]))
    assert some.not_among(whole.digests) is None
    assert whole.not_among(some.digests) == RECORDS[3:]
    assert whole.not_among(whole.digests) == []


def test_new_events_are_added_without_reading_the_others(
    model: FactorModel,
    more: Dataset,
    built: ChromaIndex,
    several: Any,
    tmp_path: Path,
    content_of: ContentOf,
    read: list[str],
    written: list[str],
    reclaimed: list[Path],
) -> None:
    assert built.build(more, model) == 97
    assert read == []
    assert written == ["u1/i5/rating/2000000"]
    assert reclaimed == []  # nothing was removed
    fresh = ChromaIndex(tmp_path / "fresh", several)
    fresh.build(more, model)
    assert content_of(built.folder) == content_of(fresh.folder)
    assert digests_in(built) == digests_in(fresh)


def digests_in(index: ChromaIndex) -> dict[str, list[int]]:
    state = index.state()
    assert state is not None
    found = RecordDigests.load(index.folder / state.generation)
    assert found is not None
    assert found.of.keys() == {part.name for part in state.parts.values()}
    return {name: digests.tolist() for name, digests in found.of.items()}


def test_the_pages_of_what_is_removed_are_given_back(
    model: FactorModel,
    sample: Dataset,
    more: Dataset,
    built: ChromaIndex,
    content_of: ContentOf,
    reclaimed: list[Path],
) -> None:
    before = content_of(built.folder)
    built.build(more, model)
    built.build(sample, model)
    assert len(reclaimed) == 1
    assert content_of(built.folder) == before


def altered(generation: Path, statement: str) -> None:
    with closing(sqlite3.connect(generation / "chroma.sqlite3")) as database:
        assert database.execute(statement).rowcount == 1
        database.commit()


FIRST = "(SELECT MIN(id) FROM embeddings)"


@pytest.mark.parametrize(
    "damage",
    [
        lambda g: altered(g, f"DELETE FROM embeddings WHERE id = {FIRST}"),
        lambda g: altered(
            g, f"DELETE FROM embedding_metadata WHERE id = {FIRST} AND key = 'event'"
        ),
        lambda g: altered(
            g,
            "UPDATE embedding_metadata SET string_value = replace(string_value, 'Title', 'Tale') "
            f"WHERE id = {FIRST} AND key = 'event'",
        ),
        lambda g: altered(g, f"UPDATE embeddings SET embedding_id = 'x' WHERE id = {FIRST}"),
        lambda g: (g / DIGESTS_NAME).unlink(),
        lambda g: (g / DIGESTS_NAME).write_bytes((g / DIGESTS_NAME).read_bytes()[:300]),
        lambda g: (g / DIGESTS_NAME).write_bytes(b""),
        lambda g: np.savez(g / DIGESTS_NAME, tables=np.array(7)),
        lambda g: np.savez(g / DIGESTS_NAME, tables=np.array([])),
    ],
)
def test_what_is_not_as_it_was_sealed_is_read_and_mended(
    damage: Callable[[Path], object],
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    content_of: ContentOf,
    read: list[str],
) -> None:
    before, state = content_of(built.folder), built.state()
    assert state is not None
    damage(built.folder / state.generation)
    assert RecordDigests.load(built.folder / state.generation) is None
    built.build(sample, model)
    assert len(set(read)) == 96
    assert content_of(built.folder) == before


def test_who_reads_an_index_does_not_break_its_seal(
    built: ChromaIndex, content_of: ContentOf
) -> None:
    before = digests_in(built)
    state = built.state()
    assert state is not None
    database = built.folder / state.generation / "chroma.sqlite3"
    content = database.read_bytes()
    content_of(built.folder)
    assert database.read_bytes() != content  # Chroma wrote something into the file
    assert digests_in(built) == before
