"""The example of docs/streaming.md is run on a few films, and its request is one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from recx_agent import Recx, build
from recx_agent.serve.rest import streaming
from recx_agent.serve.rest.bodies import ExplanationBody
from tests.docs.pages import Page, fit_films

PAGE = Page("streaming.md")


def test_the_example_tells_the_explanation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("recx-workspace"), "405", ["Cinderella"])
    build.index("recx-workspace")
    names = PAGE.run_examples()
    text, verdict = capsys.readouterr().out.splitlines()
    with Recx.open("recx-workspace") as recx:
        told = recx.explain("405", names["item"])
    assert (text, verdict) == (told.text, told.verdict)


def test_the_request_is_one() -> None:
    (example,) = PAGE.blocks("sh")
    path, body = re.findall(r"localhost:8080(\S+).*-d '(.*)'", example, re.DOTALL)[0]
    assert path in {route.path for route in streaming.router.routes}  # type: ignore[attr-defined]
    assert ExplanationBody.model_validate(json.loads(body)).deadline_ms == 3000
