"""Servers, and an index on them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma.scene import MODEL, SAMPLE, of
from tests.e2e.chroma_server import ChromaServer, running_server


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A server for the tests that leave it running."""
    with running_server(tmp_path_factory.mktemp("chroma") / "server") as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server to be ended or spoilt."""
    with running_server(tmp_path / "server") as server:
        yield server


@pytest.fixture
def settings(shared: ChromaServer) -> RetrieverSettings:
    """An index of one's own on the shared server."""
    return of(shared, index_name=f"test-{uuid.uuid4().hex}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "evidence"


@pytest.fixture
def built(folder: Path, settings: RetrieverSettings) -> ChromaIndex:
    index = ChromaIndex(folder, settings)
    assert index.build(SAMPLE, MODEL) == 96
    return index


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records written to Chroma, as they are written."""
    ids: list[str] = []
    add = ChromaStore.add

    def noting(self: ChromaStore, name: str, records: list[Any], *rest: Any) -> None:
        ids.extend(record.id for record in records)
        add(self, name, records, *rest)

    monkeypatch.setattr(ChromaStore, "add", noting)
    return ids
