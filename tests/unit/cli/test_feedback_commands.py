"""recx feedback and recx events: arguments in, text and codes out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    recx = Path(sys.executable).with_name("recx")
    return subprocess.run(
        [str(recx), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "80"},
    )


@pytest.fixture
def place(planted_workspace: Path, tmp_path: Path) -> tuple[str, str]:
    return "-w", str(shutil.copytree(planted_workspace, tmp_path / "w"))


def test_add_list_undo(place: tuple[str, str]) -> None:
    assert run("feedback", "list", "u0", *place).stdout == "no feedback\n"
    done = run("feedback", "add", "u0", "mute", "Comedy", "-k", "5", *place)
    assert done.returncode == 0, done.stderr
    found = re.search(r"^mute genre=Comedy: is in force \((\w{16})\)$", done.stdout, re.MULTILINE)
    assert found
    assert re.search(r"^it weighs no more; of the top 5, \d have it still", done.stdout, re.M)
    assert "was in force already" in run("feedback", "add", "u0", "mute", "Comedy", *place).stdout
    listed = run("feedback", "list", "u0", *place).stdout
    assert found[1] in listed, "the whole id, however narrow the screen"
    undone = run("feedback", "undo", "u0", found[1], *place)
    assert (undone.returncode, undone.stderr) == (0, "undone: mute genre=Comedy\n")
    told = json.loads(run("feedback", "list", "u0", "--undone", "-f", "json", *place).stdout)
    assert [(entry["what"], bool(entry["undone"])) for entry in told] == [("genre=Comedy", True)]


def test_what_is_unclear_is_asked(place: tuple[str, str]) -> None:
    best = json.loads(run("recommend", "u0", "-k", "1", "-f", "json", *place).stdout)
    done = run("feedback", "add", "u0", "mute", "--about", best["items"][0]["title"], *place)
    if done.returncode == 0:
        assert "is in force" in done.stdout
    else:
        assert done.returncode == 2
        assert "say which of them" in done.stderr
    for wrong in (["undo", "u0"], ["undo", "u0", "x", "--last"], ["undo", "u0", "x"]):
        assert run("feedback", *wrong, *place).returncode == 2
    assert run("feedback", "add", "u0", "love", "Comedy 4", *place).returncode == 2
    assert run("feedback", "list", "nobody", *place).returncode == 3


def test_events_from_a_file(place: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("user_id,item_id,value,timestamp\nu0,i1,5,2000000\nnew,i3,4,2000000\n")
    done = run("events", "add", str(file), *place)
    assert (done.returncode, done.stdout) == (0, "2 events of 2 users added\n"), done.stderr
    assert "2 were there already" in run("events", "add", str(file), *place).stdout
    listed = json.loads(run("events", "list", "new", "-f", "json", *place).stdout)
    assert [(event["title"], event["value"]) for event in listed] == [("Western 3", 4.0)]
    assert run("recommend", "new", *place).returncode == 0
    assert listed[0]["id"] in run("events", "list", "new", *place).stdout
    assert run("events", "undo", "new", listed[0]["id"], *place).returncode == 0
    assert run("recommend", "new", *place).returncode == 3, "that was all that was known"
    other = run("events", "add", str(file), "--user", "u0", *place)
    assert (other.returncode, "another user" in other.stderr) == (2, True)
    file.write_text("user_id,item_id,value\nu0,i999,5\n")
    bad = run("events", "add", str(file), *place)
    assert bad.returncode == 1
    assert "row 2, field 'item_id': unknown item 'i999'" in bad.stderr
    assert "nothing was added" in bad.stderr
    assert "Traceback" not in bad.stderr
