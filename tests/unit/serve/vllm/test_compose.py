"""The compose file starts vLLM as ``recx llm serve`` does."""

from __future__ import annotations

import re
from importlib.resources import files

from recx_agent.serve.vllm.options import VllmOptions, environment_for, flags_for

COMPOSE = files("recx_agent.serve.vllm").joinpath("compose.yaml").read_text(encoding="utf-8")
OWN_NAMES = {"--served-model-name", "--host", "--port"}
"""The container listens at its own port, and the model keeps its name."""


def test_it_has_the_flags_of_the_command() -> None:
    there = set(re.findall(r"^ +- (--[a-z-]+)", COMPOSE, re.MULTILINE))
    options = VllmOptions("org/model", tensor_parallel=2)
    ours = {flag for flag in flags_for(options, "gpu") if flag.startswith("--")}
    assert there == ours - OWN_NAMES


def test_it_sends_no_statistics_either() -> None:
    for name, value in environment_for(VllmOptions("org/model"), "gpu").items():
        assert f'{name}: "{value}"' in COMPOSE


def test_it_listens_to_this_machine_alone() -> None:
    (port,) = re.findall(r"ports:\n(?: +#.*\n)? +- (\S+)", COMPOSE)
    assert port == "127.0.0.1:${PORT:-8000}:8000"
