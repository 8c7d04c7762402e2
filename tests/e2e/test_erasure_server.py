"""Erasing a user whose evidence is on a Chroma server, and what is left to the operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.erasure import forget
from recx_agent.errors import ErasureUnfinished, UnknownUser
from recx_agent.export import export_user
from recx_agent.factory import make_user_store
from recx_agent.settings import load_settings
from tests.e2e.chroma_server import ChromaServer, running_server
from tests.e2e.erasure_world import UMIT, ZOE, build_world, tiny_embedder, write_files
from tests.e2e.traces import Marks, search

MARKED = {"id", "id in event ids", "review", "search", "device"}


@pytest.fixture(autouse=True)
def _embedder() -> Iterator[None]:
    with tiny_embedder():
        yield


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    with running_server(tmp_path / "chroma") as started:
        yield started


@pytest.fixture
def settings(server: ChromaServer) -> dict[str, Any]:
    return {"retriever": {"url": server.url, "text_embedder": "minilm"}}


@pytest.fixture
def workspace(tmp_path: Path, settings: dict[str, Any]) -> Path:
    folder = tmp_path / "workspace"
    build_world(folder, write_files(tmp_path / "csv"))
    build.index(folder, **settings)
    return folder


def marks_in(folder: Path) -> tuple[set[str], set[str]]:
    """Marks of the user who is erased, and of another one."""
    found = [search(folder, Marks(p.texts, p.bytes, p.vectors)).under("") for p in (ZOE, UMIT)]
    return found[0], found[1]


def test_the_server_forgets_and_its_files_are_cleaned_when_it_is_stopped(
    workspace: Path, server: ChromaServer, settings: dict[str, Any]
) -> None:
    erased, other = marks_in(server.folder)
    assert erased >= MARKED, "positive control"
    assert other >= MARKED
    records = export_user(workspace, ZOE.id, **settings).evidence_index
    assert {record.document for record in records} >= {ZOE.review, ZOE.search}
    result = forget(workspace, ZOE.id, **settings)
    assert {e.place: e.records for e in result.erased}["evidence index"] == len(records) == 10
    assert any(e.kind == "server" and server.url in e.what for e in result.remains)
    with Recx.open(workspace, **settings) as recx:
        assert recx.check_index()
        assert recx.explain_list(UMIT.id, 2)
        with pytest.raises(UnknownUser):
            recx.explain_list(ZOE.id)
    kept = {"id", "town", "time", "review", "search", "device", "note", "doing"}
    assert marks_in(workspace) == (set(), kept)
    server.kill()
    assert marks_in(server.folder)[0], "the server keeps deleted records in its files"
    build.clean_server(server.folder)
    erased, other = marks_in(server.folder)
    assert erased == set()
    assert other >= MARKED
    server.start()
    with Recx.open(workspace, **settings) as recx:
        assert recx.explain_list(UMIT.id, 2)


def test_a_server_that_does_not_answer_leaves_the_erasure_pending(
    workspace: Path, server: ChromaServer, settings: dict[str, Any]
) -> None:
    server.kill()
    with pytest.raises(ErasureUnfinished, match=r"evidence index: .*cannot be used"):
        forget(workspace, ZOE.id, **settings)
    store = make_user_store(workspace, load_settings(workspace, settings))
    assert store.tombstones.pending()
    with Recx.open(workspace, **settings) as recx, pytest.raises(UnknownUser):
        recx.recommend(ZOE.id)
    server.start()
    build.index(workspace, **settings)
    assert not store.tombstones.pending()
    store.close()
    assert export_user(workspace, UMIT.id, **settings).evidence_index
    server.kill()
    build.clean_server(server.folder)
    assert marks_in(server.folder)[0] == set()
    assert marks_in(workspace)[0] == set()


def test_an_index_that_was_left_on_a_server_is_told(
    workspace: Path, server: ChromaServer, settings: dict[str, Any]
) -> None:
    build.index(workspace)
    told = [e.what for e in forget(workspace, ZOE.id).remains if e.kind == "server"]
    assert len(told) == 1
    assert "once had on a Chroma server" in told[0]
    again = forget(workspace, ZOE.id, **settings)
    assert {e.place: e.records for e in again.erased}["evidence index"] == 10
    build.index(workspace)
    with Recx.open(workspace) as recx:
        assert recx.check_index()
    server.kill()
    build.clean_server(server.folder)
    assert marks_in(server.folder)[0] == set()
    assert marks_in(workspace)[0] == set()


def test_another_workspace_s_index_is_left_alone(
    workspace: Path, tmp_path: Path, settings: dict[str, Any]
) -> None:
    other = tmp_path / "other"
    rows = pd.DataFrame({"user_id": [ZOE.id, "u1"] * 2, "item_id": ["a", "b", "c", "a"]})
    small = {"components": 8, "runs": 1, "epochs": 2}
    build.fit(other, interactions=rows, model=small, **settings)
    forget(other, ZOE.id, **settings)
    assert len(export_user(workspace, ZOE.id, **settings).evidence_index) == 10
    with Recx.open(workspace, **settings) as recx:
        assert recx.check_index()
        assert recx.explain_list(ZOE.id, 2)
