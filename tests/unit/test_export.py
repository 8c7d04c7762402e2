"""An export has everything the workspace holds of a user, and of nobody else."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.erasure import forget
from recx_agent.errors import ArtefactDamaged, UnknownUser, UsageError, WorkspaceEmpty
from recx_agent.export import export_user, write_export
from recx_agent.schemas import UserExport
from recx_agent.stores import SqlUserStore

SMALL = {"components": 8, "runs": 2, "epochs": 2}


def told_frames() -> dict[str, pd.DataFrame]:
    """Two users with texts, contexts and attributes."""
    rows = [
        ("ann", "a", 5, "rating", 1_000_000_000, "fine, 很好", "phone"),
        ("ann", "b", 1, "rating", 1_000_000_060, None, None),
        ("ann", None, None, "search", None, "something to laugh", "tablet"),
        ("bob", "a", 4, "rating", 1_000_000_120, "bob's own words", "phone"),
        ("bob", "c", 5, "rating", 1_000_000_180, None, None),
    ]
    columns = ["user_id", "item_id", "value", "event_type", "timestamp", "text", "device"]
    return {
        "interactions": pd.DataFrame(rows, columns=columns),
        "items": pd.DataFrame({"item_id": list("abc"), "title": ["Ah", "Bee", "Cee"]}),
        "users": pd.DataFrame({"user_id": ["ann", "bob"], "town": ["Delft", "Oslo"]}),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("told") / "w"
    frames = told_frames()
    build.fit(
        workspace,
        interactions=frames["interactions"],
        items=frames["items"],
        users=frames["users"],
        data={"scale": (1, 5)},
        model=SMALL,
    )
    more = pd.DataFrame(
        {"user_id": ["ann"], "item_id": ["c"], "value": [4], "timestamp": [1_000_000_240]}
    )
    build.update(workspace, interactions=more, epochs=0)
    build.index(workspace)
    with Recx.open(workspace) as recx:
        recx.hide("ann", "Bee")
    return workspace


def test_everything_is_in_it(told: Path) -> None:
    export = export_user(told, "ann")
    events = [
        (e.event_type, e.title, e.value, e.time, e.text, e.context, e.positive)
        for e in export.events
    ]
    assert events == [
        ("search", None, None, None, "something to laugh", {"device": "tablet"}, False),
        ("rating", "Ah", 5, "2001-09-09T01:46:40+00:00", "fine, 很好", {"device": "phone"}, True),
        ("rating", "Bee", 1, "2001-09-09T01:47:40+00:00", None, {}, False),
        ("rating", "Cee", 4, "2001-09-09T01:50:40+00:00", None, {}, True),
    ]
    assert [e.versions for e in export.events] == [("000001", "000002")] * 3 + [("000002",)]
    assert export.events[1].source == "interactions (data frame):0"
    assert [(a.version, a.attributes) for a in export.attributes] == [
        ("000001", {"town": "Delft"}),
        ("000002", {"town": "Delft"}),
    ]
    assert [(h.item_id, h.title) for h in export.hidden] == [("b", "Bee")]
    beside = ("feedback and added events", "evidence index", "kept texts", "audit records")
    assert export.searched == ("version 000001", "version 000002", *beside)
    with Recx.open(told) as recx:
        assert export.profile is not None
        assert export.profile.events_total == recx.profile("ann").events_total == 4
    held = {record.id: record for record in export.evidence_index}
    assert set(held) == {e.id for e in export.events if e.positive}
    assert {r.document for r in held.values()} == {"fine, 很好", None}
    assert {r.metadata["user_id"] for r in held.values()} == {"ann"}
    assert all(record.vector is None for record in held.values())


def test_nothing_of_anybody_else_is_in_it(told: Path) -> None:
    text = export_user(told, "ann", vectors=True).model_dump_json()
    assert "Delft" in text
    for other in ("bob", "Oslo", "own words"):
        assert other not in text


def test_vectors_are_numbers_if_asked_for(told: Path) -> None:
    records = export_user(told, "ann", vectors=True).evidence_index
    with Recx.open(told) as recx:
        for record in records:
            item = json.loads(record.metadata["event"])["item"]
            wanted = recx.model.history_factors[item]
            assert record.vector == pytest.approx(wanted.tolist(), rel=1e-6)


def test_it_can_be_read_back(told: Path, tmp_path: Path) -> None:
    export = export_user(told, "ann", vectors=True)
    path = tmp_path / "new" / "ann.json"
    write_export(path, export)
    raw = path.read_bytes()
    assert "很好".encode() in raw
    assert UserExport.model_validate_json(raw) == export
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["ann.json"]


def test_a_file_that_is_there_is_replaced_by_force_only(told: Path, tmp_path: Path) -> None:
    export = export_user(told, "ann")
    path = tmp_path / "ann.json"
    path.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        write_export(path, export)
    assert path.read_text() == "mine"
    write_export(path, export, force=True)
    assert json.loads(path.read_text())["user_id"] == "ann"
    assert [p.name for p in tmp_path.iterdir()] == ["ann.json"]


def test_who_is_unknown_or_erased_has_no_export(told: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownUser, match="nobody"):
        export_user(told, "nobody")
    workspace = Path(shutil.copytree(told, tmp_path / "w"))
    forget(workspace, "ann")
    with pytest.raises(UnknownUser, match="ann"):
        export_user(workspace, "ann")
    assert export_user(workspace, "bob").events
    with pytest.raises(WorkspaceEmpty):
        export_user(tmp_path / "none", "ann")


def test_one_of_whom_only_a_hidden_item_is_known_has_one(told: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(told, tmp_path / "w"))
    store = SqlUserStore(workspace)
    store.give("past", "mute", "item", "b")
    store.close()
    export = export_user(workspace, "past")
    assert (export.events, export.profile) == ((), None)
    assert [h.item_id for h in export.hidden] == ["b"]


def test_a_store_that_cannot_be_read_is_not_left_out(told: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(told, tmp_path / "w"))
    (workspace / "versions" / "000001" / "data" / "event_user.npy").write_bytes(b"damaged")
    with pytest.raises(ArtefactDamaged):
        export_user(workspace, "ann")


def test_without_an_index_it_says_that_it_looked(told: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(told, tmp_path / "w"))
    shutil.rmtree(workspace / "evidence")
    export = export_user(workspace, "ann")
    assert export.evidence_index == ()
    assert "evidence index" in export.searched


def test_the_profile_is_what_answers_come_from(told: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(told, tmp_path / "w"))
    rules = [{"items": ["c"], "keep_out_of": "score"}]
    whole = export_user(workspace, "ann").profile
    assert whole is not None
    assert [entry.title for entry in whole.history] == ["Cee", "Ah"]
    with Recx.open(workspace, privacy={"sensitive": rules}) as recx:
        recx.hide("ann", "Ah")
        wanted = recx.profile("ann")
    export = export_user(workspace, "ann", privacy={"sensitive": rules})
    assert export.profile == wanted.model_copy(update={"told": None}) != whole
    assert (wanted.history, wanted.events_used) == ((), 0)
    assert {event.title for event in export.events} >= {"Ah", "Cee"}  # it is known all the same
