"""``recx index``: up to date, from nothing, and a server's folder cleaned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recx_agent import Recx
from recx_agent.cli.app import app
from recx_agent.errors import EvidenceIndexError, IndexDamaged
from recx_agent.retrievers.chroma_store import ChromaStore


def generations(workspace: Path) -> list[Path]:
    return sorted((workspace / "evidence").glob("generation-*"))


def test_damage_is_told_by_the_check_and_repaired(new_workspace: Callable[[], Path]) -> None:
    workspace = new_workspace()
    (generation,) = generations(workspace)
    with ChromaStore.in_folder(generation) as store:
        store.drop(sorted(store.names())[0])
    with Recx.open(workspace) as recx, pytest.raises(IndexDamaged):
        recx.check_index()
    told = CliRunner().invoke(app, ["index", "--workspace", str(workspace)])
    assert told.exit_code == 0, told.output
    with Recx.open(workspace) as recx:
        assert "events of 40 users" in recx.check_index()


def test_rebuild_begins_with_nothing(new_workspace: Callable[[], Path]) -> None:
    workspace = new_workspace()
    before = generations(workspace)
    place = ["--workspace", str(workspace)]
    assert CliRunner().invoke(app, ["index", *place]).exit_code == 0
    assert generations(workspace) == before
    assert CliRunner().invoke(app, ["index", "--rebuild", *place]).exit_code == 0
    after = generations(workspace)
    assert len(after) == 1
    assert after != before


def test_a_folder_that_is_no_servers_is_not_cleaned(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    told = CliRunner().invoke(app, ["index", "--clean", str(tmp_path)])
    assert isinstance(told.exception, EvidenceIndexError)
    assert "it has no chroma.sqlite3" in str(told.exception)
    assert (tmp_path / "mine").is_dir()
