"""The examples of docs/tools.md are run, one after the other, on a few films."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recx_agent import build
from recx_agent.tools import TOOLS, USER_KEY
from tests.docs.pages import Page, fit_films

PAGE = Page("tools.md")


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    assert len(PAGE.blocks("python")) == 3
    names = PAGE.run_examples()
    said = capsys.readouterr().out
    assert "Suggestions, best first:" in said
    assert names["message"].artifact["text"] == names["message"].content
    assert names["taste"].name == "describe_my_taste"
    assert names["answer"].error is None
    assert "the closest are 'Alien'" in said and "UnknownItem" in said


def test_every_tool_and_argument_is_listed() -> None:
    for spec in TOOLS:
        (row,) = re.findall(rf"^\| `{spec.name}` .*$", PAGE.text, re.MULTILINE)
        assert [name for name in spec.arguments.model_fields if f"`{name}`" not in row] == []
    assert f'"{USER_KEY}"' in PAGE.text
