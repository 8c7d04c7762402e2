"""The container and the compose file name things that exist; they are not built here."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]

from recx_agent.cli.app import app
from recx_agent.serve.rest import routes_operate
from recx_agent.settings import load_settings

ROOT = Path(__file__).parents[3]
DOCKERFILE = files("recx_agent.serve").joinpath("Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(
    files("recx_agent.serve").joinpath("compose.yaml").read_text(encoding="utf-8")
)
VLLM: dict[str, Any] = yaml.safe_load(
    files("recx_agent.serve.vllm").joinpath("compose.yaml").read_text(encoding="utf-8")
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["recx"]


def test_what_is_copied_is_there_and_all_that_is_built_is_copied() -> None:
    lines = re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE)
    copied = {name for line in lines for name in line.split()[:-1]}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    folders = {
        place.split("/")[0] for place in PYPROJECT["tool"]["setuptools"]["package-dir"].values()
    }
    project = PYPROJECT["project"]
    assert copied >= {"recx_agent", "pyproject.toml", project["readme"], *folders}
    assert copied >= set(project["license-files"])


def test_what_is_installed_are_extras_of_ours() -> None:
    found = re.findall(r"\[([a-z,]+)\]'", DOCKERFILE)
    assert len(found) == 2 and len(set(found)) == 1
    extras = set(found[0].split(","))
    assert {"serve", "llm"} <= extras <= set(PYPROJECT["project"]["optional-dependencies"])


def test_what_is_run_is_a_command_and_is_asked_where_it_listens() -> None:
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.MULTILINE)
    (command,) = re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)
    assert json.loads(entry)[0] in PYPROJECT["project"]["scripts"]
    group: Any = typer.main.get_command(app)
    assert json.loads(command)[0] in group.commands
    path = re.findall(r"http://127\.0\.0\.1:8080(/\w+)", DOCKERFILE)
    assert path == ["/readyz"]
    assert "/readyz" in {getattr(route, "path", "") for route in routes_operate.router.routes}
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == ["8080"]
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["recx"]


def test_its_settings_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = dict(re.findall(r"(RECX_\w+)=(\S+)", DOCKERFILE))
    for name, text in {**own, **SERVICE["environment"]}.items():
        filled = re.sub(r"\$\{(\w+):\?[^}]*\}", "x" * 40, str(text))
        monkeypatch.setenv(name, re.sub(r"\$\{(\w+):-([^}]*)\}", r"\2", filled))
    settings = load_settings(tmp_path)
    assert (settings.serve.host, settings.serve.port) == ("0.0.0.0", 8080)
    assert settings.serve.tokens.secret is not None and settings.llm.api_key is None
    assert settings.retriever.url == "http://chroma:8000"
    assert settings.llm.base_url == "http://vllm:8000/v1"
    grace = float(SERVICE["stop_grace_period"].removesuffix("s"))
    assert grace > settings.serve.drain_seconds + settings.serve.shutdown_seconds


def test_the_parts_belong_together() -> None:
    services = COMPOSE["services"]
    assert set(SERVICE["depends_on"]) == set(services) - {"recx"}
    part = services["vllm"]["extends"]
    assert part == {"file": "vllm/compose.yaml", "service": "vllm"}
    assert part["service"] in VLLM["services"]
    named = {
        volume.partition(":")[0]
        for service in (*services.values(), *VLLM["services"].values())
        for volume in service.get("volumes", [])
    }
    assert named == set(COMPOSE["volumes"])
    assert (ROOT / "serve" / SERVICE["build"]["context"]).resolve() == ROOT
    assert (ROOT / SERVICE["build"]["dockerfile"]).is_file()


def test_only_this_machine_reaches_it() -> None:
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")
    assert SERVICE["read_only"] is True and SERVICE["cap_drop"] == ["ALL"]
