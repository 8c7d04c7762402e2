"""A server that is damaged, dead, or none; and its files after an erasure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from recx_agent.errors import IndexDamaged, IndexMissing, IndexUnreachable, WriteLocked
from recx_agent.retrievers import ChromaIndex, clean_server_folder
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma.scene import (
    MODEL,
    SAMPLE,
    content_of,
    holds,
    ids_of,
    of,
    retriever_of,
    store_of,
    with_more,
)
from tests.e2e.chroma_server import ChromaServer, answering, free_port, guarded, silent_server
from tests.unit.retrievers.small_world import Row


def collection_of(index: ChromaIndex, user_id: str, client: Any) -> Any:
    """The collection that a user's events are in."""
    from recx_agent.retrievers.sharding import shard_of

    state = index.state()
    assert state is not None
    part = state.parts[state.plan.part(shard_of(user_id, state.shards)).key]
    return client.get_collection(part.name, embedding_function=None)


def lose_collection(client: Any, collection: Any, ids: list[str]) -> None:
    client.delete_collection(collection.name)


def lose_records(client: Any, collection: Any, ids: list[str]) -> None:
    collection.delete(ids=ids[:1])


def alter_vector(client: Any, collection: Any, ids: list[str]) -> None:
    collection.update(ids=ids[:1], embeddings=[[1.0] * 6])


def alter_event(client: Any, collection: Any, ids: list[str]) -> None:
    found = collection.get(ids=ids[:1])["metadatas"][0]
    told = {**found, "event": found["event"].replace('"value":4', '"value":5')}
    assert told != found
    collection.update(ids=ids[:1], metadatas=[told])


@pytest.mark.parametrize(
    ("damage", "checked"),
    [(lose_collection, True), (lose_records, True), (alter_vector, False), (alter_event, False)],
)
@pytest.mark.parametrize("anew", [False, True])
def test_damage_is_told_and_repaired(
    damage: Callable[[Any, Any, list[str]], None], checked: bool, anew: bool, built: ChromaIndex
) -> None:
    before, ids = content_of(built), ids_of(SAMPLE, "u1")
    rated = [id for id in ids if "/rating/" in id]
    with retriever_of(built, dataset=SAMPLE) as retriever:
        with store_of(built.settings) as store, store.client() as client:
            damage(client, collection_of(built, "u1", client), rated)
        with pytest.raises(IndexDamaged, match="recx index --rebuild"):
            retriever.fetch("u1", ids)
        if checked:
            with pytest.raises(IndexDamaged):
                built.check(SAMPLE, MODEL)
        assert built.build(SAMPLE, MODEL, anew=anew) == 96
        assert len(retriever.fetch("u1", ids).events) == 8
    assert content_of(built) == before
    built.check(SAMPLE, MODEL)


def cut_files(server: ChromaServer) -> None:
    for path in server.folder.rglob("data_level0.bin"):
        path.write_bytes(path.read_bytes()[:100])


def lose_files(server: ChromaServer) -> None:
    for path in server.folder.rglob("*.pickle"):
        path.unlink()


@pytest.mark.parametrize("damage", [cut_files, lose_files])
def test_a_server_whose_files_are_damaged(
    damage: Callable[[ChromaServer], None], own: ChromaServer, folder: Path
) -> None:
    index = ChromaIndex(folder, of(own))
    index.build(SAMPLE, MODEL)
    own.kill()
    damage(own)
    own.start()
    with retriever_of(index) as retriever:
        with pytest.raises(IndexDamaged):
            retriever.fetch("u1", ids_of(SAMPLE, "u1"))
        with pytest.raises(IndexDamaged):
            index.check(SAMPLE, MODEL)
        assert index.build(SAMPLE, MODEL) == 96
        assert len(retriever.fetch("u1", ids_of(SAMPLE, "u1")).events) == 8


def test_a_server_that_dies_while_it_is_read_and_comes_back(
    own: ChromaServer, folder: Path
) -> None:
    index = ChromaIndex(folder, of(own))
    index.build(SAMPLE, MODEL)
    with retriever_of(index) as retriever:
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events
        own.kill()
        with pytest.raises(IndexUnreachable, match=f"server at {own.url} cannot be used"):
            retriever.fetch("u1", ids_of(SAMPLE, "u1"))
        with pytest.raises(IndexUnreachable):
            index.state()
        own.start()
        assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events


def test_a_server_that_dies_while_it_is_written_to_and_comes_back(
    own: ChromaServer, folder: Path, written: list[str]
) -> None:
    def die(stage: str, done: int, total: int) -> None:
        if done >= 45:
            own.kill()

    index = ChromaIndex(folder, of(own))
    with pytest.raises(IndexUnreachable, match="start it with 'chroma run'"):
        index.build(SAMPLE, MODEL, die)
    own.start()
    with retriever_of(index) as retriever, pytest.raises(IndexMissing):
        retriever.fetch("u1", ["any"])
    before = len(written)
    assert index.build(SAMPLE, MODEL) == 96  # the lease it could not let go is no obstacle
    assert 0 < len(written) - before < 96
    assert index.check(SAMPLE, MODEL).events == 96


def test_who_has_no_token_or_another_is_refused(shared: ChromaServer, folder: Path) -> None:
    with guarded(shared.url, "sesame") as url:

        def index(token: str | None) -> ChromaIndex:
            secret = None if token is None else SecretStr(token)
            return ChromaIndex(
                folder, RetrieverSettings(url=url, token=secret, index_name="guarded")
            )

        for token in (None, "open barley"):
            with pytest.raises(IndexUnreachable, match="wants another token; status 401: no entry"):
                index(token).build(SAMPLE, MODEL)
            with retriever_of(index(token)) as retriever:
                with pytest.raises(IndexUnreachable, match="retriever.token") as refused:
                    retriever.fetch("u1", ["any"])
            assert "barley" not in str(refused.value)
        assert index("sesame").build(SAMPLE, MODEL) == 96
        with retriever_of(index("sesame")) as retriever:
            assert retriever.fetch("u1", ids_of(SAMPLE, "u1")).events


def refusal(url: str, **other: Any) -> str:
    index = ChromaIndex("never-made", RetrieverSettings(url=url, timeout_seconds=0.3, **other))
    with pytest.raises(IndexUnreachable) as refused:
        index.state()
    with pytest.raises(IndexUnreachable):
        index.check(SAMPLE, MODEL)
    with retriever_of(index) as retriever, pytest.raises(IndexUnreachable):
        retriever.fetch("u1", ["any"])
    assert not index.folder.exists()
    return refused.value.problem


def test_nobody_answers() -> None:
    assert "refused" in refusal(f"http://127.0.0.1:{free_port()}")


def test_no_answer_in_time() -> None:
    with silent_server() as url:
        assert refusal(url) == "no answer in time (ReadTimeout)"


def test_a_name_that_is_no_machine() -> None:
    assert refusal("http://no.such.machine.invalid:8000")


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, b"<html>hello", "what answers there is no Chroma server of version 1"),
        (200, b'{"user": 1}', "what answers there is no Chroma server of version 1"),
        (404, b'{"detail":"Not Found"}', "no Chroma server of version 1; status 404"),
        (410, b'{"error":"Unimplemented","message":"use v2"}', "it refuses; status 410"),
        (502, b"bad gateway", "it failed; status 502: bad gateway"),
        (302, b"", "it refuses; status 302"),
    ],
)
def test_something_else_answers(status: int, body: bytes, problem: str) -> None:
    with answering(status, body) as url:
        assert problem in refusal(url)


@pytest.mark.parametrize("wrong", [{"tenant": "nobody"}, {"database": "nothing"}])
def test_no_such_tenant_or_database(wrong: dict[str, str], shared: ChromaServer) -> None:
    (name,) = wrong.values()
    assert name in refusal(shared.url, **wrong)


def test_nothing_is_left_of_who_was_erased(own: ChromaServer, folder: Path) -> None:
    index = ChromaIndex(folder, of(own))
    kept = Row("u1", "i5", 5.0, 2_000_000, text="a quiet remark")
    # The full-text index holds words in pieces of three letters, such as these.
    gone = Row("leaver", "i5", 5.0, 7, text="zanzibar ζξψ")
    index.build(with_more(kept, gone), MODEL)
    assert holds(own.folder, "leaver") == ["chroma.sqlite3", "index_metadata.pickle"]
    assert holds(own.folder, "zanzibar") == holds(own.folder, "ζξψ") == ["chroma.sqlite3"]
    index.build(with_more(kept), MODEL)
    with pytest.raises(WriteLocked, match="process \\d+ is writing"):
        clean_server_folder(own.folder)
    own.kill()
    assert holds(own.folder, "leaver")  # until the files are cleaned
    clean_server_folder(own.folder)
    for words in ("leaver", "zanzibar", "ζξψ"):
        assert holds(own.folder, words) == []
    assert holds(own.folder, "a quiet remark") == ["chroma.sqlite3"]
    own.start()
    assert index.check(with_more(kept), MODEL).events == 97
    with retriever_of(index) as retriever:
        assert len(retriever.fetch("u1", ids_of(with_more(kept), "u1")).events) == 9
