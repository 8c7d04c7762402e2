"""hide, unhide, hidden, forget, export: arguments in, text and codes out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recx_agent.stores import SqlUserStore


def run(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    recx = Path(sys.executable).with_name("recx")
    return subprocess.run(
        [str(recx), *arguments],
        capture_output=True,
        text=True,
        check=False,
        input=answer,
        env={**os.environ, "COLUMNS": "120"},
    )


@pytest.fixture
def workspace(planted_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted_workspace, tmp_path / "w"))


def test_hide_list_unhide(workspace: Path) -> None:
    place = ("-w", str(workspace))
    assert run("hidden", "u0", *place).stdout == "nothing is hidden\n"
    done = run("hide", "u0", "Comedy 4", *place)
    assert (done.returncode, done.stderr) == (0, "Comedy 4 is hidden\n")
    assert "was hidden already" in run("hide", "u0", "i4", *place).stderr
    assert "Comedy 4" in run("hidden", "u0", *place).stdout
    listed = json.loads(run("hidden", "u0", "-f", "json", *place).stdout)
    assert [(entry["item_id"], entry["title"]) for entry in listed] == [("i4", "Comedy 4")]
    assert "not hidden any more" in run("unhide", "u0", "i4", *place).stderr
    assert "was not hidden" in run("unhide", "u0", "i4", *place).stderr


def test_forget_asks_first(workspace: Path) -> None:
    place = ("-w", str(workspace))
    refused = run("forget", "u0", *place, answer="n\n")
    assert refused.returncode == 1
    assert "cannot be undone" in refused.stderr
    assert run("recommend", "u0", *place).returncode == 0
    agreed = run("forget", "u0", *place, answer="y\n")
    assert agreed.returncode == 0, agreed.stderr
    assert run("recommend", "u0", *place).returncode == 3


def test_forget_tells_what_went_and_what_remains(workspace: Path) -> None:
    place = ("-w", str(workspace))
    done = run("forget", "u0", "--yes", *place)
    assert done.returncode == 0, done.stderr
    assert "user u0 is erased" in done.stdout
    assert re.search(r"^ 9 +records from: evidence index *$", done.stdout, re.MULTILINE)
    assert "factors: factors of version 000001" in done.stdout
    assert "backup" in done.stdout
    again = run("forget", "u0", "--yes", "-f", "json", *place)
    assert again.returncode == 0
    result = json.loads(again.stdout)
    assert result["already_erased"]
    assert result["user_id"] == "u0"
    unknown = run("forget", "nobody", "--yes", *place)
    assert (unknown.returncode, unknown.stdout) == (3, "")


def test_the_erased_can_be_let_back(workspace: Path) -> None:
    place = ("-w", str(workspace))
    run("forget", "u0", "--yes", *place)
    for wrong in (["u0", "--lift", "--refit"], ["u0", "--again"], [], ["--lift"]):
        assert run("forget", *wrong, *place).returncode == 2
    assert "0 users" in run("forget", "--again", *place).stderr
    assert run("forget", "u0", "--lift", *place).returncode == 0
    never = run("forget", "u0", "--lift", *place)
    assert never.returncode == 2
    assert "was not erased" in never.stderr


def test_export_to_the_screen_and_to_a_file(workspace: Path, tmp_path: Path) -> None:
    place = ("-w", str(workspace))
    shown = run("export", "u0", *place)
    assert shown.returncode == 0, shown.stderr
    assert len(json.loads(shown.stdout)["events"]) == 10
    file = tmp_path / "u0.json"
    assert run("export", "u0", "--out", str(file), *place).stdout == ""
    assert json.loads(file.read_text())["user_id"] == "u0"
    there = run("export", "u0", "--out", str(file), *place)
    assert there.returncode == 2
    assert "--force" in there.stderr
    vectors = run("export", "u0", "--out", str(file), "--force", "--vectors", *place)
    assert vectors.returncode == 0
    assert json.loads(file.read_text())["evidence_index"][0]["vector"]
    assert run("export", "nobody", *place).returncode == 3


def test_rollback_finishes_an_erasure_that_was_cut_short(workspace: Path) -> None:
    from recx_agent.stores import SqlUserStore
    from recx_agent.workspace import Workspace

    store = SqlUserStore(workspace)
    store.tombstones.put("u0")
    store.close()
    run("model", "rollback", "000001", "-w", str(workspace))
    assert store.tombstones.pending() == frozenset()
    store.close()
    assert "u0" not in Workspace(workspace).current().load_data().users


def test_doctor_tells_of_an_erasure_that_was_cut_short(workspace: Path) -> None:
    place = ("-w", str(workspace))
    assert "erasure" not in run("doctor", *place).stdout
    store = SqlUserStore(workspace)
    store.tombstones.put("u0")
    store.close()
    told = run("doctor", *place)
    assert told.returncode == 1
    assert "1 erasure was cut short; 'recx index' goes on with what is left" in told.stdout
    assert run("index", *place).returncode == 0
    assert "erasure" not in run("doctor", *place).stdout
