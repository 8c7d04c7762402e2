"""The evidence index on a real Chroma server: built, read, brought up to date."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.errors import IndexMissing, IndexStale
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma.scene import (
    MODEL,
    SAMPLE,
    content_of,
    ids_of,
    names_of,
    of,
    retriever_of,
    store_of,
    with_more,
)
from tests.e2e.chroma_server import ChromaServer
from tests.unit.retrievers.small_world import Row, content_of_store, make_model


def test_events_come_back_as_they_were_described(built: ChromaIndex) -> None:
    with retriever_of(built) as retriever:
        for user, user_id in enumerate(SAMPLE.users):
            wanted = SAMPLE.describe_terms(user)
            found = retriever.fetch(user_id, [event.id for event in wanted])
            assert found.events == wanted
            assert found.titles == [f"Title of i{event.item}" for event in wanted]
            vectors = MODEL.history_factors[[event.item for event in wanted]]
            np.testing.assert_array_equal(found.vectors, vectors)
        with pytest.raises(IndexStale, match="lacks 1 of 1 events of user 'u1'"):
            retriever.fetch("u1", ids_of(SAMPLE, "u2")[:1])


def test_one_users_events_are_one_request(
    built: ChromaIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from httpx import Client

    asked: list[str] = []
    request = Client.request

    def noting(self: Client, method: str, url: str, **rest: Any) -> Any:
        asked.append(str(url).rpartition("/")[2])
        return request(self, method, url, **rest)

    with retriever_of(built) as retriever:
        retriever.fetch("u1", ids_of(SAMPLE, "u1"))
        monkeypatch.setattr(Client, "request", noting)
        retriever.fetch("u1", ids_of(SAMPLE, "u1"))
    assert asked == ["get"]


def test_it_holds_what_an_embedded_index_holds(built: ChromaIndex, tmp_path: Path) -> None:
    embedded = ChromaIndex(tmp_path / "embedded", built.settings.model_copy(update={"url": None}))
    embedded.build(SAMPLE, MODEL)
    state = embedded.state()
    assert state is not None
    with ChromaStore.in_folder(embedded.folder / state.generation) as store:
        assert content_of(built) == content_of_store(store, state)
    assert not list(built.folder.glob("generation-*"))


def test_collections_are_named_by_index_model_and_generation(built: ChromaIndex) -> None:
    state = built.state()
    assert state is not None
    name = built.settings.index_name
    assert names_of(built.settings) == {
        f"{name}.index",
        *(f"{name}.events-{MODEL.fingerprint}-{state.generation}-000{n}" for n in range(4)),
    }


def test_building_again_writes_nothing(built: ChromaIndex, written: list[str]) -> None:
    before = built.state()
    assert built.build(SAMPLE, MODEL) == 96
    assert (written, built.state()) == ([], before)
    assert built.check(SAMPLE, MODEL) == before


def test_new_events_are_added_and_only_they(built: ChromaIndex, written: list[str]) -> None:
    names = names_of(built.settings)
    more = with_more(Row("u1", "i5", 5.0, 2_000_000), Row("new", "i6", 5.0))
    assert built.build(more, MODEL) == 98
    assert sorted(written) == ["new/i6/rating/1000000", "u1/i5/rating/2000000"]
    assert names_of(built.settings) == names
    with retriever_of(built, dataset=more) as retriever:
        assert len(retriever.fetch("u1", ids_of(more, "u1")).events) == 9
    with pytest.raises(IndexStale, match="another state of the data"):
        built.check(SAMPLE, MODEL)


def test_who_is_removed_is_on_the_server_no_more(
    built: ChromaIndex, settings: RetrieverSettings, written: list[str]
) -> None:
    index = ChromaIndex(built.folder, settings)
    index.build(with_more(Row("leaver", "i5", 5.0, 7, text="zanzibar")), MODEL)
    names = names_of(settings)
    written.clear()
    with retriever_of(built) as retriever:
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events
        index.build(SAMPLE, MODEL)
        # What was open is gone; it is opened anew.
        for user_id in SAMPLE.users:
            assert retriever.fetch(user_id, ids_of(SAMPLE, user_id)).events
    assert 0 < len(written) < 96  # the collection of the one who left, not the others
    assert len(names & names_of(settings)) == len(names) - 1
    assert not any("leaver" in id for id in content_of(built))


def test_the_collections_of_others_are_left_alone(
    shared: ChromaServer, built: ChromaIndex, tmp_path: Path
) -> None:
    beside = of(shared, index_name=f"{built.settings.index_name}-2")
    ChromaIndex(tmp_path / "other" / "evidence", beside).build(SAMPLE, make_model(SAMPLE, 1))
    with store_of(built.settings) as store, store.client() as client:
        client.get_or_create_collection("notes", embedding_function=None)
    before = names_of(beside)
    built.build(SAMPLE, make_model(SAMPLE, 2), anew=True)
    assert names_of(beside) == before
    with store_of(built.settings) as store:
        assert "notes" in store.names()


def test_an_index_of_another_model_is_refused_and_replaced(built: ChromaIndex) -> None:
    other = make_model(SAMPLE, seed=1)
    with ChromaRetriever(built.folder, other.fingerprint, built.settings) as retriever:
        with pytest.raises(IndexStale, match=f"is of model {MODEL.fingerprint}, not of"):
            retriever.fetch("u1", ids_of(SAMPLE, "u1"))
        with pytest.raises(IndexStale, match="is of model"):
            built.check(SAMPLE, other)
        built.build(SAMPLE, other)
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events
    assert not any(MODEL.fingerprint in name for name in names_of(built.settings))
    with retriever_of(built) as retriever, pytest.raises(IndexStale, match="is of model"):
        retriever.fetch("u1", ids_of(SAMPLE, "u1"))


def test_no_index(folder: Path, settings: RetrieverSettings) -> None:
    index = ChromaIndex(folder, settings)
    with retriever_of(index) as retriever, pytest.raises(IndexMissing, match=settings.index_name):
        retriever.fetch("u1", ["any"])
    with pytest.raises(IndexMissing):
        index.check(SAMPLE, MODEL)
    assert index.state() is None


@pytest.mark.parametrize("until", [1, 40, 96])
def test_until_it_is_complete_the_one_before_answers(
    until: int, built: ChromaIndex, written: list[str]
) -> None:
    other = make_model(SAMPLE, seed=1)

    def interrupt(stage: str, done: int, total: int) -> None:
        if done >= until:
            raise KeyboardInterrupt

    with retriever_of(built) as retriever:
        with pytest.raises(KeyboardInterrupt):
            built.build(SAMPLE, other, interrupt)
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events
    with retriever_of(built) as retriever:
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events
    built.build(SAMPLE, other)
    assert len(written) == len(set(written)) == 96  # it went on where it stood
    assert len(names_of(built.settings)) == 5


def test_what_is_in_force_is_whole_while_somebody_is_removed(built: ChromaIndex) -> None:
    built.build(with_more(Row("leaver", "i5", 5.0, 7)), MODEL)
    looked: list[int] = []

    def look(stage: str, done: int, total: int) -> None:
        with retriever_of(built) as retriever:
            for user_id in SAMPLE.users:
                assert retriever.fetch(user_id, ids_of(SAMPLE, user_id)).events
        looked.append(done)

    built.build(SAMPLE, MODEL, look)
    assert len(looked) > 4


def test_threads_read_while_the_index_changes(built: ChromaIndex) -> None:
    over = threading.Event()
    faults: list[BaseException] = []
    rounds: list[int] = []

    def read(retriever: ChromaRetriever) -> None:
        try:
            while not over.is_set() or not rounds:
                for user, user_id in enumerate(SAMPLE.users):
                    wanted = SAMPLE.describe_terms(user)
                    assert retriever.fetch(user_id, [e.id for e in wanted]).events == wanted
                rounds.append(1)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)

    with retriever_of(built) as retriever:
        reading = [threading.Thread(target=read, args=(retriever,)) for _ in range(2)]
        for thread in reading:
            thread.start()
        try:
            for n in range(3):  # added in place, and written anew
                built.build(with_more(Row("u1", f"i{n}", 5.0, 2_000_000)), MODEL)
        finally:
            over.set()
            for thread in reading:
                thread.join()
    assert faults == []
    assert rounds
