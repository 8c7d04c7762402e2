from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexMissing, IndexStale
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.folder_place import FolderPlace
from recx_agent.retrievers.index_state import IndexState
from recx_agent.write_lock import write_lock

DatasetOf = Callable[..., Dataset]
ModelOf = Callable[..., FactorModel]


def ids_of(dataset: Dataset, user_id: str) -> list[str]:
    return [event.id for event in dataset.describe_terms(dataset.user(user_id))]


@pytest.fixture
def retriever(built: ChromaIndex, model: FactorModel) -> Iterator[ChromaRetriever]:
    with ChromaRetriever(built.folder, model.fingerprint) as retriever:
        yield retriever


def test_events_come_back_as_they_were_described(
    sample: Dataset, model: FactorModel, retriever: ChromaRetriever
) -> None:
    for user, user_id in enumerate(sample.users):
        wanted = sample.describe_terms(user)
        found = retriever.fetch(user_id, [event.id for event in wanted])
        assert found.events == wanted
        assert found.item_ids == [f"i{event.item}" for event in wanted]
        assert found.titles == [f"Title of i{event.item}" for event in wanted]
        assert found.vectors.dtype == np.float32
        items = [event.item for event in wanted]
        np.testing.assert_array_equal(found.vectors, model.history_factors[items])


def test_the_order_is_the_one_asked_for(sample: Dataset, retriever: ChromaRetriever) -> None:
    a, b, *rest = ids_of(sample, "u3")
    for asked in ([b, a], [*rest, b, a], [a, b, a]):
        found = retriever.fetch("u3", asked)
        assert [event.id for event in found.events] == asked
        assert len(found.vectors) == len(asked)


def test_nothing_asked_nothing_found(retriever: ChromaRetriever) -> None:
    found = retriever.fetch("u3", [])
    assert (found.events, found.item_ids, found.titles) == ([], [], [])
    assert found.vectors.shape == (0, 6)


def test_many_ids_are_read_in_parts(
    sample: Dataset, retriever: ChromaRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = ids_of(sample, "u3")
    whole = retriever.fetch("u3", ids)
    monkeypatch.setattr("recx_agent.retrievers.chroma_store._READ_AT_ONCE", 3)
    parts = retriever.fetch("u3", ids)
    assert parts.events == whole.events
    np.testing.assert_array_equal(parts.vectors, whole.vectors)


ODD = [
    "a/b//c",
    "../../etc/passwd",
    'it\'s "quoted" `so`',
    "'; DROP TABLE embeddings; --",
    "ünï çødé 電影 🎬 \u202eabc",
    "%2F%00?&=#",
    " spaces ",
    "x" * 20_000,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_ids_titles_and_texts(
    odd: str, dataset_of: DatasetOf, model_of: ModelOf, row: Callable[..., Any], folder: Path
) -> None:
    rows = [row(odd, odd, 5.0, 7, text=odd), row("plain", odd), row(odd, "plain", 4.0)]
    dataset = dataset_of(rows, {odd: odd, "plain": "plain"})
    model = model_of(dataset)
    ChromaIndex(folder).build(dataset, model)
    with ChromaRetriever(folder, model.fingerprint) as retriever:
        found = retriever.fetch(odd, ids_of(dataset, odd))
    assert found.events == dataset.describe_terms(dataset.user(odd))
    assert (found.item_ids, found.titles) == ([odd, "plain"], [odd, "plain"])
    assert found.events[0].text == odd


def test_events_equal_in_user_item_type_and_time_are_two(
    dataset_of: DatasetOf, model_of: ModelOf, row: Callable[..., Any], folder: Path
) -> None:
    dataset = dataset_of(
        [
            row("u", "i", 4.0, 9, text="first"),
            row("u", "i", 5.0, 9, text="second"),
            row("u", "i", 1.0, 9),  # counted too, though it is no evidence
            row("u", "i", None, None, "view"),
        ]
    )
    model = model_of(dataset)
    ChromaIndex(folder).build(dataset, model)
    with ChromaRetriever(folder, model.fingerprint) as retriever:
        found = retriever.fetch("u", ["u/i/rating/9/3", "u/i/view/", "u/i/rating/9/2"])
    assert [event.value for event in found.events] == [5.0, None, 4.0]
    assert [event.text for event in found.events] == ["second", None, "first"]


def test_another_users_events_are_not_given(sample: Dataset, retriever: ChromaRetriever) -> None:
    own, foreign = ids_of(sample, "u1"), ids_of(sample, "u2")
    for user in sample.users:  # whatever collection they are in
        if user != "u2":
            with pytest.raises(IndexStale, match="lacks 1 of"):
                retriever.fetch(user, [*ids_of(sample, user)[:2], foreign[0]])
    assert retriever.fetch("u1", own).events


def test_no_index(tmp_path: Path, model: FactorModel) -> None:
    workspace = tmp_path / "my workspace"
    retriever = ChromaRetriever(workspace / "evidence", model.fingerprint)
    with pytest.raises(IndexMissing) as missing:
        retriever.fetch("u1", ["any"])
    assert missing.value.workspace == str(workspace)
    assert f"run 'recx index --workspace {workspace}'" in str(missing.value)
    assert not workspace.exists()


def test_an_index_of_another_model_is_refused(
    sample: Dataset, model: FactorModel, built: ChromaIndex, model_of: ModelOf
) -> None:
    other = model_of(sample, seed=1)
    with ChromaRetriever(built.folder, other.fingerprint) as retriever:
        with pytest.raises(IndexStale) as stale:
            retriever.fetch("u1", ids_of(sample, "u1"))
    assert model.fingerprint in str(stale.value)
    assert other.fingerprint in str(stale.value)
    assert f"run 'recx index --workspace {built.folder.parent}'" in str(stale.value)


def test_an_event_that_is_not_indexed_yet(
    sample: Dataset, retriever: ChromaRetriever, folder: Path
) -> None:
    for user in ("u1", "somebody unknown"):
        with pytest.raises(IndexStale, match=f"lacks 1 of 1 events of user '{user}'") as stale:
            retriever.fetch(user, [f"{user}/i1/rating/9999999"])
        assert f"run 'recx index --workspace {folder.parent}'" in str(stale.value)


def test_a_folder_that_is_deleted_under_the_reader(
    sample: Dataset, retriever: ChromaRetriever, folder: Path
) -> None:
    assert retriever.fetch("u1", ids_of(sample, "u1")).events
    shutil.rmtree(folder)
    with pytest.raises(IndexMissing):
        retriever.fetch("u1", ids_of(sample, "u1"))


def test_a_rebuilt_index_is_seen_without_a_restart(
    sample: Dataset,
    model: FactorModel,
    model_of: ModelOf,
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    row: Callable[..., Any],
    built: ChromaIndex,
    retriever: ChromaRetriever,
) -> None:
    assert len(retriever.fetch("u1", ids_of(sample, "u1")).events) == 8
    more = dataset_of([*rows, row("u1", "i5", 5.0, 2_000_000)], titles)
    with pytest.raises(IndexStale):
        retriever.fetch("u1", ids_of(more, "u1"))
    built.build(more, model)
    assert len(retriever.fetch("u1", ids_of(more, "u1")).events) == 9
    built.build(more, model_of(sample, seed=1))
    with pytest.raises(IndexStale, match="is of model"):
        retriever.fetch("u1", ids_of(more, "u1"))


@pytest.mark.parametrize("moment", ["before it is opened", "before it is read"])
def test_an_index_that_is_replaced_just_then(
    moment: str,
    sample: Dataset,
    model: FactorModel,
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    row: Callable[..., Any],
    built: ChromaIndex,
    retriever: ChromaRetriever,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more = dataset_of([*rows, row("u1", "i5", 5.0, 2_000_000)], titles)
    read, fetch = FolderPlace.state, ChromaStore.read
    replaced: list[bool] = []

    def replace_once() -> None:
        if not replaced:
            replaced.append(True)
            built.build(more, model)

    def reading_state(self: FolderPlace) -> IndexState | None:
        monkeypatch.setattr(FolderPlace, "state", read)
        state = read(self)
        replace_once()
        return state

    def reading_events(self: ChromaStore, *asked: Any) -> Any:
        monkeypatch.setattr(ChromaStore, "read", fetch)
        replace_once()
        self.close()
        return fetch(self, *asked)

    if moment == "before it is opened":
        monkeypatch.setattr(FolderPlace, "state", reading_state)
    else:
        monkeypatch.setattr(ChromaStore, "read", reading_events)
    assert len(retriever.fetch("u1", ids_of(sample, "u1")).events) == 8
    assert replaced


def test_reading_needs_no_lock_and_leaves_vectors_alone(
    sample: Dataset, retriever: ChromaRetriever, folder: Path
) -> None:
    def stamps() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in folder.rglob("*.bin")}

    before = stamps()
    assert before
    with write_lock(folder):
        for user in sample.users:
            assert retriever.fetch(user, ids_of(sample, user)).events
    assert stamps() == before


def opened_below(folder: Path) -> list[str]:
    opened = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            opened.append(os.readlink(link))
    return [name for name in opened if str(folder.resolve()) in name]


def test_closing_lets_go_of_everything_and_opens_again_when_needed(
    sample: Dataset, model: FactorModel, built: ChromaIndex
) -> None:
    from chromadb.api.shared_system_client import SharedSystemClient

    ids = ids_of(sample, "u1")
    first = ChromaRetriever(built.folder, model.fingerprint)
    second = ChromaRetriever(built.folder, model.fingerprint)
    first.close()  # before anything was opened
    assert first.fetch("u1", ids).events == second.fetch("u1", ids).events
    # Both share what Chroma has open, so closing one must not close the other.
    assert len(SharedSystemClient._identifier_to_system) == 1
    first.close()
    assert second.fetch("u1", ids).events
    second.close()
    second.close()
    assert SharedSystemClient._identifier_to_system == {}
    # Chroma's pool closes its files in a thread of its own, a moment later.
    until = time.monotonic() + 10
    while (still := opened_below(built.folder)) and time.monotonic() < until:
        time.sleep(0.01)
    assert still == []
    assert first.fetch("u1", ids).events
    first.close()
    assert SharedSystemClient._identifier_to_system == {}


def test_threads_read_while_the_index_is_rebuilt(
    sample: Dataset,
    model: FactorModel,
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: DatasetOf,
    row: Callable[..., Any],
    built: ChromaIndex,
    retriever: ChromaRetriever,
) -> None:
    over = threading.Event()

    def read(number: int) -> int:
        rounds = 0
        while not over.is_set() or not rounds:
            for user in range(number, 12, 3):
                wanted = sample.describe_terms(user)
                found = retriever.fetch(f"u{user}", [event.id for event in wanted])
                assert found.events == wanted
            rounds += 1
        return rounds

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read, number) for number in range(3)]
        try:
            for n in range(4):
                built.build(dataset_of([*rows, row("u1", f"i{n}", 5.0, 2_000_000)], titles), model)
        finally:
            over.set()
        assert all(thread.result() > 0 for thread in reading)
