"""Texts of a language model and how they came about go with their user, and are exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent import Recx, erasure
from recx_agent.audit import find_record, newest_records
from recx_agent.errors import UnknownAudit, UnknownUser
from recx_agent.export import export_user
from recx_agent.factory import writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.stores.audit_log import FILE_NAME as AUDIT
from recx_agent.stores.text_cache import FILE_NAME as TEXTS


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    model = ScriptedChatModel(lambda request: "{ITEM} is here because of {H1}.")
    monkeypatch.setattr(writers, "open_chat_model", lambda settings: model)
    monkeypatch.setenv("RECX_LLM__DEADLINE_MS", "60000")
    yield


def told(workspace: Path, *users: str, history: list[str] | None = None) -> list[str]:
    """Audit ids of each user's first explanation."""
    with Recx.open(workspace) as recx:
        return [recx.explain_list(user, 1, history=history)[0].audit_id for user in users]


def test_they_go_with_the_user_and_the_others_stay(workspace: Path) -> None:
    own, other = told(workspace, "u0", "u2")
    result = erasure.forget(workspace, "u0")
    erased = {entry.place: entry.records for entry in result.erased}
    assert (erased["kept texts"], erased["audit records"]) == (1, 1)
    with pytest.raises(UnknownAudit):
        find_record(workspace, own)
    assert find_record(workspace, other).user_id == "u2"
    for name in (TEXTS, AUDIT):
        assert b"u2" in (workspace / name).read_bytes()


def test_who_is_known_by_texts_alone_can_be_exported_and_forgotten(workspace: Path) -> None:
    with Recx.open(workspace) as recx:
        given = [item.item_id for item in recx.recommend("u0", 3).items]
    (audit_id,) = told(workspace, "quixley", history=given)
    export = export_user(workspace, "quixley")
    assert [record.audit_id for record in export.audit] == [audit_id]
    assert export.texts
    assert export.events == ()
    erasure.forget(workspace, "quixley")
    assert not any(b"quixley" in p.read_bytes() for p in workspace.glob("*.sqlite3*"))
    with pytest.raises(UnknownUser):
        export_user(workspace, "quixley")


def test_an_export_has_nothing_of_others(workspace: Path) -> None:
    told(workspace, "u0", "u2")
    export = export_user(workspace, "u0")
    assert {record.user_id for record in export.audit} == {"u0"}
    assert len(export.texts) == 1


def test_a_damaged_store_is_removed_by_an_erasure(workspace: Path) -> None:
    told(workspace, "u0")
    (workspace / AUDIT).write_bytes(b"u0 is in here " * 1000)
    for ending in ("-wal", "-shm"):
        (workspace / f"{AUDIT}{ending}").unlink(missing_ok=True)
    erasure.forget(workspace, "u0")
    assert not (workspace / AUDIT).exists()
    assert newest_records(workspace, 9) == []
