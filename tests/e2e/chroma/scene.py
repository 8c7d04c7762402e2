"""A small world for the evidence index on a server, and what the tests ask of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recx_agent.datasets import Dataset
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_client import Server
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.server_lease import Holder
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma_server import ChromaServer
from tests.unit.retrievers.small_world import (
    SAMPLE_TITLES,
    Content,
    Row,
    content_of_store,
    make_dataset,
    make_model,
    sample_rows,
)

ROWS = sample_rows()
SAMPLE = make_dataset(ROWS, SAMPLE_TITLES)
MODEL = make_model(SAMPLE)


def of(server: ChromaServer, **other: Any) -> RetrieverSettings:
    return RetrieverSettings(
        url=server.url, batch_size=20, events_per_collection=25, max_collections=4, **other
    )


def ids_of(dataset: Dataset, user_id: str) -> list[str]:
    return [event.id for event in dataset.describe_terms(dataset.user(user_id))]


def store_of(settings: RetrieverSettings) -> ChromaStore:
    server = Server.of(settings)
    assert server is not None
    return ChromaStore.on_server(server)


def content_of(index: ChromaIndex) -> Content:
    state = index.state()
    assert state is not None
    with store_of(index.settings) as store:
        return content_of_store(store, state)


def names_of(settings: RetrieverSettings) -> set[str]:
    with store_of(settings) as store:
        return store.names(f"{settings.index_name}.")


def retriever_of(index: ChromaIndex, **other: Any) -> ChromaRetriever:
    return ChromaRetriever(index.folder, MODEL.fingerprint, index.settings, **other)


def with_more(*rows: Row) -> Dataset:
    return make_dataset([*ROWS, *rows], SAMPLE_TITLES)


def leave_lease(settings: RetrieverSettings, holder: Holder | str, seconds_ago: float) -> None:
    """A lease as a process of some machine would have left it."""
    told = holder if isinstance(holder, str) else json.dumps(asdict(holder))
    with store_of(settings) as store, store.client() as client:
        seen = client.heartbeat() - int(seconds_ago * 1e9)
        metadata: Any = {"holder": told, "seen": str(seen)}
        client.create_collection(
            f"{settings.index_name}.lock", metadata=metadata, embedding_function=None
        )


def holds(folder: Path, words: str) -> list[str]:
    found = [p for p in folder.rglob("*") if p.is_file() and words.encode() in p.read_bytes()]
    return sorted({path.name for path in found})
