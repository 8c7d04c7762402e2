"""The examples and the tables of docs/rest.md are those of the service."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, SecretStr

from recx_agent import build
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.rest.problems import TABLE
from recx_agent.serve.running import Service
from recx_agent.settings import ServeSettings, TokenSettings, load_settings
from tests.docs.pages import Page, fit_films, run

PAGE = Page("rest.md")
SECRET = "a secret of the operator, which is long enough for any kind of HMAC"


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECX_SERVE__TOKENS__SECRET", SECRET)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    said = {}
    for command in PAGE.commands:
        if not command.startswith("recx serve"):
            done = run(command)
            assert done.exit_code == 0, (command, done.output)
            said[command.split("#")[0].strip()] = done.stdout
    token = said["recx token alice --workspace films"].strip()
    assert "prometheus" in said["recx keys list --workspace films"]

    with TestClient(make_app(Service.of(load_settings("films")))) as client:

        def connected(base_url: str, headers: dict[str, str]) -> TestClient:
            client.headers.update(headers)
            return TestClient(client.app, base_url, headers=headers)

        monkeypatch.setattr(httpx, "Client", connected)
        (example,) = PAGE.blocks("python")
        names = {"token": token}
        exec(compile(example, PAGE.name, "exec"), names)  # noqa: S102
    printed = capsys.readouterr().out
    assert "template" in printed
    assert "404 urn:recx-agent:problem:unknown-item" in printed and "Alien" in printed


def test_every_problem_is_listed() -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind in TABLE.values():
        kinds[str(kind.status)].add(kind.name)
    rows = re.findall(r"^\| (\d{3}) \| (.*) \|$", PAGE.text, re.MULTILINE)
    assert {status: set(re.findall(r"`([\w-]+)`", names)) for status, names in rows} == kinds


def test_every_setting_is_listed_with_its_default() -> None:
    listed = dict(re.findall(r"^\| `(serve\.[\w.]+)` \| ([^|]*?) ?\|", PAGE.text, re.MULTILINE))
    told = {**_defaults("serve", ServeSettings), **_defaults("serve.tokens", TokenSettings)}
    assert listed == told


def _defaults(section: str, settings: type[BaseModel]) -> dict[str, str]:
    found = {}
    for name, field in settings.model_fields.items():
        default = field.default
        if name == "tokens":
            continue
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        text = default if isinstance(default, str) else json.dumps(default)
        found[f"{section}.{name}"] = text.replace("null", "")
    return found
