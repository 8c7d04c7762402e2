"""A disk that takes no texts and records: the operator sees it, and nobody else feels it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import KeptStoreError
from recx_agent.factory import make_user_store, writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.schemas import AuditRecord
from recx_agent.settings import load_settings
from recx_agent.stores import SqlAuditLog
from recx_agent.writing import keeper
from tests.unit.serve.rest.conftest import Door, MakeDoor

USER = "u0"
TOP = "/v1/explanations/top"


@pytest.fixture
def workspace(planted_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted_workspace, tmp_path / "workspace"))


@pytest.fixture
def door(workspace: Path, make_door: MakeDoor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """With a language model, whose texts are kept."""
    model = ScriptedChatModel(lambda request: "{ITEM} is here because of {H1}.")
    monkeypatch.setattr(writers, "open_chat_model", lambda settings: model)
    monkeypatch.setattr(keeper, "MOST_WAITING", 2)
    settings = {"llm": {"deadline_ms": 60_000}, "kept": {"cache_entries": 0}}
    made = make_door(lambda: Recx.open(workspace, **settings), open_metrics=True)
    yield made
    made.service.close()


async def test_a_disk_that_hangs(
    door: Door, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    put = SqlAuditLog.put

    def stuck(log: SqlAuditLog, record: AuditRecord) -> None:
        answers.wait()
        put(log, record)

    monkeypatch.setattr(SqlAuditLog, "put", stuck)
    try:
        async with door.of(USER) as client:
            assert (await client.get("/readyz")).json() == {
                "status": "ok",
                "keeping": "ok",
                "not_kept": 0,
            }
            told = (await client.post(TOP, json={"k": 4})).json()["explanations"]
            assert len(told) == 4 and "llm" in {one["writer"]["kind"] for one in told}
            ready = await client.get("/readyz")
            assert ready.status_code == 200, "it can answer, and so it is asked"
            assert ready.json() == {"status": "ok", "keeping": "behind", "not_kept": 2}
            page = (await client.get("/metrics")).text
            assert 'recx_not_kept_total{kind="behind"} 2.0' in page
            assert "recx_to_keep 2.0" in page
            # What somebody is told is saved does not wait there.
            said = await client.post("/v1/feedback", json={"kind": "mute", "what": "i1"})
            done = await client.post("/v1/events", json={"events": [{"item_id": "i3"}]})
        assert (said.status_code, done.status_code) == (200, 200)
        store = make_user_store(workspace, load_settings(workspace))
        assert [entry.value for entry in store.feedback(USER)] == ["i1"]
        assert len(store.events(USER)) == 1
        store.close()
    finally:
        answers.set()


async def test_a_disk_that_is_full(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(log: SqlAuditLog, record: AuditRecord) -> None:
        raise KeptStoreError("audit.sqlite3", "the disk is full")

    monkeypatch.setattr(SqlAuditLog, "put", full)
    async with door.of(USER) as client:
        for _ in range(2):
            assert (await client.post(TOP, json={"k": 1})).status_code == 200
            with door.service.holder.lease() as recx:
                recx._explainers.writer.flush()  # type: ignore[attr-defined]
        assert (await client.get("/readyz")).json() == {
            "status": "ok",
            "keeping": "failing",
            "not_kept": 2,
        }
        page = (await client.get("/metrics")).text
    assert 'recx_not_kept_total{kind="failed"} 2.0' in page
    assert "recx_to_keep 0.0" in page
