"""What a vLLM server is started with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import SettingsError
from recx_agent.serve.vllm.options import VllmOptions, environment_for, flags_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "my-model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps({"max_position_embeddings": 32768}))
    return model


def value(flags: list[str], flag: str) -> str:
    assert flags.count(flag) == 1
    return flags[flags.index(flag) + 1]


def test_on_a_gpu() -> None:
    options = VllmOptions("Qwen/Qwen2.5-7B-Instruct", tensor_parallel=2, gpu_memory=0.8)
    assert flags_for(options, "gpu") == [
        *("--model", "Qwen/Qwen2.5-7B-Instruct"),
        *("--served-model-name", "Qwen2.5-7B-Instruct"),
        *("--host", "127.0.0.1", "--port", "8000"),
        *("--max-model-len", "4096"),
        *("--enable-prefix-caching", "--enable-prompt-tokens-details"),
        *("--tensor-parallel-size", "2"),
        *("--gpu-memory-utilization", "0.8"),
    ]


def test_on_a_processor(folder: Path) -> None:
    flags = flags_for(VllmOptions(str(folder)), "cpu")
    assert value(flags, "--model") == str(folder)
    assert value(flags, "--served-model-name") == "my-model"
    assert value(flags, "--dtype") == "bfloat16"
    assert "--gpu-memory-utilization" not in flags
    assert environment_for(VllmOptions(str(folder)), "cpu")["VLLM_CPU_KVCACHE_SPACE"] == "2"


def test_flags_of_one_s_own_come_last() -> None:
    options = VllmOptions("org/model", quantization="fp8", extra=("--max-num-seqs", "4"))
    flags = flags_for(options, "gpu")
    assert value(flags, "--quantization") == "fp8"
    assert flags[-2:] == ["--max-num-seqs", "4"]


@pytest.mark.parametrize(
    ("config", "given", "length"),
    [
        ({"max_position_embeddings": 32768}, None, "4096"),
        ({"max_position_embeddings": 2048}, None, "2048"),
        ({"max_position_embeddings": 32768}, 16384, "16384"),
        ({}, None, "4096"),
        ({"max_position_embeddings": "many"}, None, "4096"),
    ],
)
def test_length(folder: Path, config: dict[str, Any], given: int | None, length: str) -> None:
    (folder / "config.json").write_text(json.dumps(config))
    flags = flags_for(VllmOptions(str(folder), max_len=given), "cpu")
    assert value(flags, "--max-model-len") == length


@pytest.mark.parametrize("content", ["", "[", "[]"])
def test_a_configuration_that_cannot_be_read(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    with pytest.raises(SettingsError, match="config.json cannot be read"):
        flags_for(VllmOptions(str(folder)), "cpu")


@pytest.mark.parametrize("model", ["org/model", "org/model.v1-2_b", "gpt2", "Phi-3.5"])
def test_hub_ids(model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert VllmOptions(model).folder is None


@pytest.mark.parametrize("model", ["./model", "/nowhere/model", "~/nowhere", "a/b/c", "a b"])
def test_neither_a_folder_nor_a_hub_id(
    model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="there is no such folder, and it is no hub id"):
        _ = VllmOptions(model).folder


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"holds no config\.json"):
        _ = VllmOptions(str(tmp_path)).folder


def test_a_folder_is_found_from_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert VllmOptions("my-model").folder == folder
    assert VllmOptions("./my-model").folder == folder


@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_no_statistics_are_sent(folder: Path, device: str) -> None:
    values = environment_for(VllmOptions(str(folder)), device)
    for name in ("VLLM_NO_USAGE_STATS", "DO_NOT_TRACK", "HF_HUB_DISABLE_TELEMETRY"):
        assert values[name] == "1"
    assert values["HF_HUB_OFFLINE"] == "1"
    assert "VLLM_API_KEY" not in values
    assert "HF_HUB_OFFLINE" not in environment_for(VllmOptions("org/model"), device)


def test_the_key_is_no_flag() -> None:
    options = VllmOptions("org/model")
    assert environment_for(options, "gpu", "sk-secret")["VLLM_API_KEY"] == "sk-secret"
    assert "sk-secret" not in " ".join(flags_for(options, "gpu"))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_the_address_for_clients(host: str, url: str) -> None:
    assert VllmOptions("org/model", host=host).url == url
