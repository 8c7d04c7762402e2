"""Forgetting a user: the others stay, and he does not come back. tests/e2e has the search."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.erasure import complete_pending, forget, forget_again, lift
from recx_agent.erasure.places import SavedVersions
from recx_agent.errors import (
    ErasureUnfinished,
    UnknownUser,
    UsageError,
    WorkspaceEmpty,
    WriteLocked,
)
from recx_agent.factory import make_user_store
from recx_agent.settings import load_settings
from recx_agent.workspace import Workspace

SMALL = {"components": 8, "runs": 1, "epochs": 2}


def content(workspace: Path) -> dict[str, tuple[int, bytes]]:
    """Every file; but Chroma notes in its database that it was opened."""
    return {
        str(path.relative_to(workspace)): (path.stat().st_ino, path.read_bytes())
        for path in sorted(workspace.rglob("*"))
        if path.is_file() and path.name not in ("write.lock", "chroma.sqlite3")
    }


def answers(recx: Recx, user: str) -> list[object]:
    """Items, arithmetic and causes; how many users like an item changes when one goes."""
    return [
        (told.item, told.attribution, [p for p in told.evidence if p.id.startswith("H")])
        for told in recx.explain_list(user, 3)
    ]


def test_the_user_goes_and_the_others_stay(workspace: Path) -> None:
    with Recx.open(workspace) as before:
        lists = {user: answers(before, user) for user in ("u1", "u2", "u39")}
        events = len(before.dataset.events)
        own = before.profile("u0").events_total
    result = forget(workspace, "u0")
    assert {entry.place: entry.records for entry in result.erased} == {
        "checkpoints": 0,
        "evidence index": 9,
        "kept texts": 0,
        "audit records": 0,
        "API keys": 0,
        "feedback and added events": 0,
        "saved versions": own,
    }
    with Recx.open(workspace) as after:
        assert len(after.dataset.events) == events - own
        assert "u0" not in after.dataset.users
        assert len(after.dataset.users) == 39
        assert after.check_index(), "the index is of the new state of the data"
        assert {user: answers(after, user) for user in lists} == lists
        for ask in (after.recommend, after.explain_list, after.profile, after.what_if):
            with pytest.raises(UnknownUser):
                ask("u0")
        assert after.recommend("u0", 3, allow_cold=True).fallback == "popularity"


def test_an_unknown_user_changes_nothing(workspace: Path) -> None:
    before = content(workspace)
    with pytest.raises(UnknownUser, match="nobody"):
        forget(workspace, "nobody")
    assert content(workspace) == before


def test_where_nothing_was_fitted_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceEmpty):
        forget(tmp_path / "none", "u0")
    with pytest.raises(WorkspaceEmpty):
        lift(tmp_path / "none", "u0")
    assert not (tmp_path / "none").exists()


def test_forgetting_again_is_a_success_that_says_so(workspace: Path) -> None:
    first = forget(workspace, "u0")
    again = forget(workspace, "u0")
    assert not first.already_erased
    assert again.already_erased
    assert (again.since, again.erased) == (first.since, ())


def test_one_who_is_back_from_a_backup_is_erased_again(workspace: Path, tmp_path: Path) -> None:
    version = Workspace(workspace).current()
    backup = Path(shutil.copytree(version.folder, tmp_path / "backup"))
    forget(workspace, "u0")
    shutil.rmtree(version.folder)
    shutil.copytree(backup, version.folder)
    with Recx.open(workspace) as recx, pytest.raises(UnknownUser):
        recx.recommend("u0")
    assert not forget(workspace, "u0").already_erased
    assert "u0" not in Workspace(workspace).current().load_data().users


def test_all_who_are_back_from_a_backup_are_erased_again(workspace: Path, tmp_path: Path) -> None:
    version = Workspace(workspace).current()
    backup = Path(shutil.copytree(version.folder, tmp_path / "backup"))
    for user in ("u0", "u3", "u4"):
        forget(workspace, user)
    lift(workspace, "u4")
    assert forget_again(workspace) == 0
    shutil.rmtree(version.folder)
    shutil.copytree(backup, version.folder)
    assert forget_again(workspace) == 2
    users = set(Workspace(workspace).current().load_data().users)
    assert users & {"u0", "u3", "u4"} == {"u4"}


def test_fit_and_update_leave_the_erased_out(workspace: Path, frames: dict[str, Any]) -> None:
    forget(workspace, "u0")
    updated = build.update(workspace, epochs=0, **frames)
    assert (updated.report.left_out_rows, updated.report.left_out_users) == (6, 1)
    assert "u0" not in updated.version.load_data().users
    assert "new" in updated.version.load_data().users
    fitted = build.fit(workspace, model=SMALL, **frames)
    assert fitted.report.left_out_rows == 6
    assert "6 rows of 1 erased user were left out" in fitted.report.summary()
    assert fitted.version.load_data().users.ids == ("new", "u1")


def test_one_who_is_let_back_comes_in_again(workspace: Path, frames: dict[str, Any]) -> None:
    forget(workspace, "u0")
    lift(workspace, "u0")
    with pytest.raises(UsageError, match="'u0' was not erased"):
        lift(workspace, "u0")
    updated = build.update(workspace, epochs=0, **frames)
    assert updated.report.left_out_rows == 0
    assert "u0" in updated.version.load_data().users
    with Recx.open(workspace) as recx:
        assert recx.recommend("u0", 2).items


def test_a_pending_user_is_unknown_at_once(workspace: Path) -> None:
    with Recx.open(workspace) as recx:
        assert recx.recommend("u0", 2).items
        store = make_user_store(workspace, load_settings(workspace))
        store.tombstones.put("u0")
        store.close()
        for ask in (recx.recommend, recx.explain_list, recx.what_if, recx.profile):
            with pytest.raises(UnknownUser):
                ask("u0")
        assert recx.recommend("u1", 2).items


WRITERS: dict[str, Callable[[Path, pd.DataFrame], object]] = {
    "fit": lambda w, rows: build.fit(w, interactions=rows, model=SMALL),
    "update": lambda w, rows: build.update(w, interactions=rows.iloc[2:], epochs=0),
    "index": lambda w, rows: build.index(w),
    "forget another": lambda w, rows: forget(w, "u5"),
    "lift another": lambda w, rows: pytest.raises(UsageError, lift, w, "u5"),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_whoever_writes_next_finishes_an_erasure(
    workspace: Path, few_rows: pd.DataFrame, writer: str
) -> None:
    store = make_user_store(workspace, load_settings(workspace))
    store.tombstones.put("u0")
    store.tombstones.put("u9")
    WRITERS[writer](workspace, few_rows)
    assert store.tombstones.pending() == frozenset()
    found = store.tombstones.find("u0")
    assert found is not None
    assert found.state == "done"
    store.close()
    first = Workspace(workspace).versions()[0].load_data()
    assert not {"u0", "u9"} & set(first.users)


def test_a_pending_user_who_is_found_nowhere_is_finished(workspace: Path) -> None:
    place, settings = Workspace(workspace), load_settings(workspace)
    leftover = workspace / "versions" / "000001" / "data-9"
    shutil.copytree(place.current().data, leftover)
    store = make_user_store(workspace, load_settings(workspace))
    store.tombstones.put("who is in no version")
    with place.writing():
        complete_pending(place, settings)
    assert store.tombstones.pending() == frozenset()
    store.close()
    assert not leftover.exists()
    with Recx.open(workspace) as recx:
        assert recx.check_index()


def test_another_writer_is_not_disturbed(workspace: Path) -> None:
    with Workspace(workspace).writing(), pytest.raises(WriteLocked):
        forget(workspace, "u0")
    assert not make_user_store(workspace, load_settings(workspace)).tombstones.covers("u0")


def test_progress_is_told(workspace: Path) -> None:
    stages: dict[str, list[tuple[int, int]]] = {}
    forget(workspace, "u0", lambda s, d, t: stages.setdefault(s, []).append((d, t)))
    assert stages["erasing"] == [(0, 1), (1, 1)]
    assert all(counts[-1][0] == counts[-1][1] for counts in stages.values())


def test_a_fault_on_the_way_is_told_with_the_way_out(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SavedVersions, user_id: str) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SavedVersions, "erase", full)
        with pytest.raises(ErasureUnfinished, match="saved versions.*No space left.*again"):
            forget(workspace, "u0")
    with Recx.open(workspace) as recx, pytest.raises(UnknownUser):
        recx.recommend("u0")
    assert "u0" in Workspace(workspace).current().load_data().users
    forget(workspace, "u0")
    assert "u0" not in Workspace(workspace).current().load_data().users
