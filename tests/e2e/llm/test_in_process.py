"""A real model loaded by the real vLLM in a process of its own environment."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

import recx_agent

DRIVER = Path(__file__).with_name("in_process_driver.py")
CACHE_GIB = "1"
"""Of keys and values: enough here, and there may be another vLLM on the machine."""


@pytest.fixture(scope="module")
def answers(
    vllm_python: str, vllm_model: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the driver found."""
    # Only this package before those of vLLM's environment, which keeps its own of all others.
    path = tmp_path_factory.mktemp("path")
    (path / "recx_agent").symlink_to(Path(recx_agent.__file__).parent)
    packages = str(distribution("recx-agent").locate_file(""))
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(Path.home()),
        "PYTHONPATH": str(path),
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_CPU_KVCACHE_SPACE": CACHE_GIB,
    }
    ended = subprocess.run(
        [vllm_python, str(DRIVER), vllm_model, packages],
        env=env,
        cwd=path,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


pytestmark = pytest.mark.timeout(1500)


def test_it_answers(answers: dict[str, Any], vllm_model: str) -> None:
    plain = answers["plain"]
    assert plain["choices"][0]["text"].strip()
    assert plain["prompt_tokens"] > 3 and 0 < plain["completion_tokens"] <= 24
    assert plain["model"] == vllm_model and answers["name"] == f"{vllm_model}@vllm"
    assert plain["seconds"] > 0


@pytest.mark.parametrize("name", ["grammar", "afterwards"])
def test_a_grammar_is_kept_to(answers: dict[str, Any], name: str) -> None:
    (choice,) = answers[name]["choices"]
    assert choice["text"] in ("because of {H1}", "because it is {A1}")
    assert choice["finish_reason"] == "stop"


def test_several_drafts_of_one_request(answers: dict[str, Any]) -> None:
    several = answers["several"]
    assert len(several["choices"]) == 3
    assert several["completion_tokens"] >= 3


def test_a_text_that_is_cut_off_says_so(answers: dict[str, Any]) -> None:
    assert answers["cut"]["choices"][0]["finish_reason"] == "length"
    assert answers["cut"]["completion_tokens"] == 2


@pytest.mark.parametrize("name", ["too long", "no grammar"])
def test_what_vllm_does_not_take_is_refused_and_no_matter_of_the_others(
    answers: dict[str, Any], name: str
) -> None:
    assert answers[name]["error"] == "LlmRefused", answers[name]


def test_a_deadline_ends_the_waiting(answers: dict[str, Any]) -> None:
    assert answers["late"]["error"] == "LlmTimeout"
    assert answers["late"]["seconds"] < 1.0


def test_closed_is_closed(answers: dict[str, Any]) -> None:
    assert answers["closed"]["error"] == "LlmRefused"
    assert "was closed" in answers["closed"]["message"]
