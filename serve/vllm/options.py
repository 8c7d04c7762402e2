"""What a vLLM server is started with: flags and environment, by device."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recx_agent.errors import SettingsError

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+|[\w-]+(\.\d[\w.-]*)?")
DEFAULT_LENGTH = 4096
"""Tokens of prompt and answer together: several times what an explanation takes."""

_CPU_CACHE = 2  # GiB
_CPU_REQUESTS = 16


@dataclass(frozen=True)
class VllmOptions:
    """A model and how it is served.

    Attributes
    ----------
    model : str
        Folder or hub id.
    served_name : str or None
        What requests call it; else the last part of ``model``.
    host, port
        Where it listens.
    tensor_parallel : int
        GPUs that share each layer.
    quantization : str or None
        As vLLM names it; what the model's own configuration says needs no flag.
    gpu_memory : float
        Part of each GPU's memory for weights, cache and work.
    max_len : int or None
        Tokens of prompt and answer together.
    python : str
        Interpreter of the environment that has vLLM.
    extra : sequence of str
        Further flags of vLLM, as they are; they come last and so win.
    """

    model: str
    served_name: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    tensor_parallel: int = 1
    quantization: str | None = None
    gpu_memory: float = 0.9
    max_len: int | None = None
    python: str = "python3"
    extra: Sequence[str] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        """What requests call the model."""
        return self.served_name or Path(self.model).name

    @property
    def url(self) -> str:
        """The address that clients are given."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"

    @property
    def folder(self) -> Path | None:
        """The model's folder; ``None`` for a hub id.

        Raises
        ------
        SettingsError
            It is neither, or the folder is not there, or holds no model.
        """
        path = Path(self.model).expanduser()
        if path.is_dir():
            if not (path / "config.json").is_file():
                raise SettingsError(
                    f"--model {self.model}: the folder holds no config.json; give the folder of "
                    "a model as transformers saves it"
                )
            return path.resolve()
        if self.model.startswith((".", "~", "/")) or not HUB_ID.fullmatch(self.model):
            raise SettingsError(
                f"--model {self.model}: there is no such folder, and it is no hub id such as "
                "Qwen/Qwen2.5-7B-Instruct"
            )
        return None


def flags_for(options: VllmOptions, device: str) -> list[str]:
    """The command line of the server.

    Prefix caching serves what prompts have in common from memory, and the answers say how
    much that was.
    """
    folder = options.folder
    flags = ["--model", str(folder or options.model)]
    flags += ["--served-model-name", options.name]
    flags += ["--host", options.host, "--port", str(options.port)]
    flags += ["--max-model-len", str(options.max_len or _length(folder))]
    flags += ["--enable-prefix-caching", "--enable-prompt-tokens-details"]
    if options.quantization:
        flags += ["--quantization", options.quantization]
    if options.tensor_parallel > 1:
        flags += ["--tensor-parallel-size", str(options.tensor_parallel)]
    if device == "gpu":
        flags += ["--gpu-memory-utilization", str(options.gpu_memory)]
    else:
        flags += ["--dtype", "bfloat16", "--max-num-seqs", str(_CPU_REQUESTS)]
    return [*flags, *options.extra]


def environment_for(options: VllmOptions, device: str, api_key: str = "") -> dict[str, str]:
    """What is laid over the environment: no statistics are sent, nor is a hub asked in vain.

    The key goes this way and not as a flag, as flags are seen by everybody on the machine.
    """
    values = {
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    if options.folder is not None:
        values["HF_HUB_OFFLINE"] = "1"
    if device == "cpu":
        values["VLLM_CPU_KVCACHE_SPACE"] = str(_CPU_CACHE)
    if api_key:
        values["VLLM_API_KEY"] = api_key
    return values


def _length(folder: Path | None) -> int:
    """The default, or what the model can do if that is less."""
    if folder is None:
        return DEFAULT_LENGTH
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        own = config.get("max_position_embeddings")
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(f"--model {folder}: config.json cannot be read: {error}") from error
    return min(own, DEFAULT_LENGTH) if isinstance(own, int) and own > 0 else DEFAULT_LENGTH
