"""The examples of docs/assistant.md are run on a few films, and its table is that of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from recx_agent import Recx, build
from recx_agent.settings import AssistantSettings
from tests.docs.pages import Page, fit_films, run

PAGE = Page("assistant.md")


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    return tmp_path / "films"


def test_the_examples_run(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = PAGE.blocks("python")
    assert "Assistant(recx)" in example
    PAGE.run_examples()
    shown = capsys.readouterr().out
    assert shown.startswith("Suggestions, best first:\n1. “")
    assert "recommend_items None ()" in shown
    assert "explain_recommendation None ()" in shown
    with Recx.open(films) as recx:
        assert not recx.feedback_of("alice") or "Kept: " in shown


def test_the_command_runs(films: Path) -> None:
    (command,) = PAGE.commands
    assert run(command).exit_code == 0


def test_every_setting_is_listed_with_its_default() -> None:
    listed = dict(re.findall(r"^\| `assistant\.(\w+)` \| ([^|]*?) \|", PAGE.text, re.M))
    fields = AssistantSettings.model_fields
    assert listed.keys() == fields.keys()
    for name, field in fields.items():
        told = field.default if isinstance(field.default, str) else json.dumps(field.default)
        assert listed[name] == told, name
