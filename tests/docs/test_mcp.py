"""The examples of docs/mcp.md are run; the settings of assistants start what they say."""

from __future__ import annotations

import json
import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from recx_agent import build
from recx_agent.cli.app import app
from recx_agent.serve.mcp.offers import offers
from recx_agent.serve.mcp.resource import resource_of
from recx_agent.serve.mcp.structure import LEFT_OUT
from recx_agent.settings import McpSettings, ServeSettings, Settings
from recx_agent.tools import TOOLS
from tests.docs.pages import Page, fit_films

PAGE = Page("mcp.md")


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    # The SDK's client hands a server PATH and little else.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    PAGE.run_examples()
    assert capsys.readouterr().out.count("“") >= 2


def accepted(arguments: list[str]) -> dict[str, object]:
    """What ``recx mcp`` reads from arguments; it raises at one that it does not have."""
    command = get_command(app).commands["mcp"]  # type: ignore[attr-defined]
    return dict(command.make_context("mcp", list(arguments)).params)


def test_the_settings_of_assistants_and_the_commands_are_accepted() -> None:
    blocks = [json.loads(block) for block in PAGE.blocks("json")]
    servers = [next(iter(block.values()))["recx"] for block in blocks]
    started = [server for server in servers if "command" in server]
    assert len(started) == 2
    for server in started:
        assert server["command"] == "recx" and server["args"][0] == "mcp"
        assert accepted(server["args"][1:])["user"] == "alice"
    lines = [shlex.split(line, comments=True) for line in PAGE.commands]
    assert [accepted(line[2:])["http"] for line in lines if line[1] == "mcp"] == [False, True]


def test_the_settings_are_accepted() -> None:
    sections = tomllib.loads(PAGE.blocks("toml")[0])
    assert McpSettings(**sections["mcp"]) == McpSettings()
    assert ServeSettings(**sections["serve"]).hosts == ("recx.example",)


def test_what_clients_are_told_is_what_the_page_says() -> None:
    settings = Settings.model_validate(tomllib.loads(PAGE.blocks("toml")[1]))
    resource = resource_of(settings)
    assert resource is not None and resource.host == "recx.example"
    (route,) = resource.routes
    assert f"`{route.path}`" in PAGE.text
    assert " and ".join(f"`{scope}`" for scope in resource.scopes) in PAGE.text.replace("\n", " ")
    assert settings.serve.tokens.audience == settings.mcp.url


def test_the_table_of_tools_is_true() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+).*? \| `(\w+)` \| (.*) \|$", PAGE.text, re.MULTILINE)
    true = [
        (
            spec.name,
            "no"
            if (hints := offers()[spec.name].tool.annotations) and hints.read_only_hint
            else "yes",
            offers()[spec.name].scope,
            " or ".join(f"`{record.__name__}`" for record in spec.records),
        )
        for spec in TOOLS
    ]
    assert rows == true
    assert [name for name in LEFT_OUT if f"`{name}`" not in PAGE.text] == []
